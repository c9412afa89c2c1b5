"""Who may log in to this hub? Whoever has the code of a person in the list of seats.

As a program it makes the codes: ``python seat_codes.py FOLDER [USER ...]`` reads
``FOLDER/seats.csv``, prints a code for everybody who has none yet (or a new one for
each USER), and keeps only digests in ``FOLDER/codes.json``. A hub that knows its people
already, from a university or a company, needs none of this: see docs/deploy.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import Spawner
from tornado.web import HTTPError
from traitlets import Unicode

from workshop.errors import InputError, WorkshopError
from workshop.record.atomic import write_text
from workshop.room.codes import digest_of, is_among, new_code, tidy
from workshop.room.hub_seats import read_seats
from workshop.room.kept import MOST_PAIRS

SEATS, CODES = "seats.csv", "codes.json"
NOBODY = digest_of("nobody")


class SeatCodes(Authenticator):
    """Lets people in by user name and their own code, which has 60 random bits."""

    file = Unicode(help="Where the digests of the codes are kept.").tag(config=True)

    async def authenticate(self, handler, data):
        """Return the user's name if the code is theirs, else None."""
        name = data["username"]
        kept = read_codes(Path(self.file)).get(name, NOBODY)
        return name if is_among(_digest(name, data["password"]), [kept]) else None


class NoServers(Spawner):
    """Starts nothing for anybody: whoever has a server of their own runs code there."""

    async def start(self):
        """Refuse, whoever asks, the hub's admins too."""
        raise HTTPError(403, "nobody has a server of their own here")

    async def stop(self, now=False):
        """There is nothing to stop."""

    async def poll(self):
        """Nothing runs."""
        return 0


def read_codes(file: Path) -> dict[str, str]:
    """Return what is kept of each user's code; of nobody where there is no file."""
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def make_codes(folder: Path, renewed: tuple[str, ...] = ()) -> dict[str, str]:
    """Make a code for everybody in the list who has none, and for ``renewed``.

    Who is in the list no more cannot log in from now on.

    Returns
    -------
    dict of str to str
        The new codes by user. They are kept nowhere.

    Raises
    ------
    InputError
        The list is wrong, or somebody to be renewed is not in it.
    """
    listed = read_seats(folder / SEATS, pairs=MOST_PAIRS)
    for name in listed:
        if name != name.lower():
            raise InputError(
                f"{folder / SEATS}: {name}; write {name.lower()}, as hubs do"
            )
    for name in renewed:
        if name not in listed:
            raise InputError(f"{name}: not in {folder / SEATS}; add a line first")
    held = {name: code for name, code in read_codes(folder / CODES).items()
            if name in listed}  # fmt: skip
    made = {name: new_code() for name in listed if name not in held or name in renewed}
    held |= {name: _digest(name, code) for name, code in made.items()}
    write_text(folder / CODES, json.dumps(held, indent=1) + "\n", mode=0o600)
    return made


def _digest(name: str, code: str) -> str:
    return digest_of(f"hub {name} {tidy(code)}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python seat_codes.py FOLDER [USER ...]: FOLDER has seats.csv in it")
    try:
        new = make_codes(Path(sys.argv[1]), tuple(sys.argv[2:]))
    except WorkshopError as error:
        sys.exit(str(error))
    for user, code in new.items():
        print(f"{user:<24} {code}")
