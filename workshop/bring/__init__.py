"""Bringing a table of one's own: from a file or an address to a scenario folder."""

from workshop.bring.asked import Asked, ranges
from workshop.bring.compose import new_scenario

__all__ = ["Asked", "new_scenario", "ranges"]
