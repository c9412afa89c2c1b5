"""What the pair said: choices, the file that keeps them, and what is still missing.

Parses alone: nothing here knows a scenario, a table or a number that was computed.
"""
