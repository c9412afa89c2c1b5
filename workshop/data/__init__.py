"""What was given: the card, the scenario, the tables behind it, and where they lie."""
