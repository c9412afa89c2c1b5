"""Will a room hold tomorrow? Everything that can be tried today is tried, really."""

from workshop.rehearsal.tried import Tried
from workshop.rehearsal.whole import Wanted, rehearse_room, verdict

__all__ = ["Tried", "Wanted", "rehearse_room", "verdict"]
