"""What a user would pick instead: the same list by hand, and other tools."""
