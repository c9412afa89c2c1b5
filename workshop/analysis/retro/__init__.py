"""What was promised, and what happened? Each part a frozen value of `results`."""
