"""A room of one pair in a process of its own: started to be looked at, then ended.

Run as ``python -m workshop.rehearsal.trial FOLDER SCENARIO PORT``. Prints one line of
JSON once it listens: the address, and the code of a seat.
"""

from __future__ import annotations

import json
import sys


def main(folder: str, scenario: str, port: str) -> None:
    """Serve a new room on this computer until told to stop."""
    from workshop.room.seats import create
    from workshop.room.serving import run_room

    state, codes = create(folder, scenario, pairs=1)
    _, _, seat = codes.seats[0]

    def ready(address: str) -> None:
        sys.stdout.write(f"{json.dumps({'address': address, 'code': seat})}\n")
        sys.stdout.flush()

    run_room(state, port=int(port), on_ready=ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
