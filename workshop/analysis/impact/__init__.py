"""What an option comes to in a week: people, hours, money, and both floors."""
