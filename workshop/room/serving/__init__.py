"""The server: pages without code for those who have a seat, and nothing else.

A subclass of Voilà's own app with a list of named routes; kernels that belong to one
seat each; and a door on loopback behind which the records lie.
"""

from __future__ import annotations

from workshop.kernels.unneeded import do_without

do_without()  # before Voilà is imported, and jsonschema with it

from workshop.room.serving.running import run_app, run_room  # noqa: E402

__all__ = ["run_app", "run_room"]
