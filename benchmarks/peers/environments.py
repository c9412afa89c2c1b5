"""An environment of its own for each tool that breaks on current pandas."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from peers.tables import OUT

HERE = Path(__file__).resolve().parent


def environment(tool: str) -> Path | str:
    """Return the interpreter of the tool's own environment, made when it is missing."""
    folder = OUT / f"env-{tool}"
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    print(f"{tool}: making an environment of its own")
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "-r", str(HERE / f"{tool}.txt")],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return f"not installed: {done.stderr.strip().splitlines()[-1][:200]}"
    (folder / "ready").touch()
    return python
