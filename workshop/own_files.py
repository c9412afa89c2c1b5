"""Where do Jupyter, IPython and matplotlib keep files of their own, if not at home?

In a container, or on a computer that somebody locked, a home may be read-only or
missing: they would warn, or stop. For as long as a command runs they get a folder that
goes away with it. Nothing of a pair's lies there.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path

NAMES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR")
"""How each is told where; what somebody has set stays as it is."""


def find_a_place() -> None:
    """Give them a folder where the home cannot be written; else do nothing."""
    home = _home()
    untold = [name for name in NAMES if not os.environ.get(name)]
    if not untold or _can_write(home):
        return
    import shutil
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="common-ground-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for name in untold:
        folder = place / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)
    if home is None:
        os.environ["HOME"] = str(place)
        # a sealed bet must outlast this place: whoever writes one is asked for another
        os.environ.setdefault("WORKSHOP_BETS", str(Path(os.devnull) / "bets"))


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:  # a user whom the system does not know
        return None


def _can_write(folder: Path | None) -> bool:
    return folder is not None and folder.is_dir() and os.access(folder, os.W_OK)
