"""What does a process do that was started ahead, until it is a kernel?

It imports what a report needs, waits to be told which kernel to be, and is that kernel;
or it stays as it is and each kernel is a fork of it. Run by `workshop.kernels`.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import random
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

WARMED = (
    "ipykernel.kernelapp",
    "workshop.steps.whole",
    "workshop.data.tables",
    "ibis.backends.duckdb",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "matplotlib.backends.backend_svg",
)
"""What every report imports."""
WARMED_FOR_MANY = (*WARMED, "scipy.stats", "sklearn.ensemble")
"""And what some reports do, worth it where many are made."""

READY = b"+"
"""What a process that forks says once it has imported all and is ready."""

_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def wait(
    *, forks: bool, also: tuple[str, ...] = (), first: tuple[str, Any] | None = None
) -> None:
    """Import what a report needs; then be, or fork, each kernel that is asked for.

    ``also`` is what else is to be imported: what a page with widgets needs. ``first``
    is a function's dotted name, and what it is called with before anything is forked.
    """
    if forks:
        # nobody steps through a report or a page; each fork would import all of it
        sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in (*(WARMED_FOR_MANY if forks else WARMED), *also):
        for module in _modules(name):
            import_module(module)
    if first is not None:
        _do(*first)
    if forks:
        _fork_each()
    elif told := _told():
        _be(told)


def _do(name: str, given: dict[str, Any]) -> None:
    """Call it; what goes wrong will go wrong again where somebody is told."""
    module, _, function = name.rpartition(".")
    with suppress(Exception):
        getattr(import_module(module), function)(**given)
    gc.collect()


def _modules(name: str) -> list[str]:
    """Return what a name stands for: ``package.*`` for all modules in a package."""
    if not name.endswith(".*"):
        return [name]
    package = import_module(name.removesuffix(".*"))
    inside = pkgutil.iter_modules(package.__path__)
    return [f"{package.__name__}.{module.name}" for module in inside]


def _fork_each() -> None:
    """Fork a kernel for each line; end when nobody is there to write one."""
    _one_thread()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    ours = os.getpid()
    os.write(0, READY)
    while told := _told():
        pid = os.fork()
        if pid == 0:
            _leave(ours)
            _be(told)
        os.write(0, f"{pid}\n".encode())
    os._exit(0)


def _told() -> dict[str, Any] | None:
    """Read one line; None when whoever writes them is gone."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            return None
        line += piece
    told: dict[str, Any] = json.loads(line)
    return told


def _one_thread() -> None:
    """Refuse to fork beside another thread: a lock that it holds stays held.

    pyarrow's two pools are no such threads: they are idle, and begin anew in a fork.
    """
    pools = 2 if "pyarrow" in sys.modules else 0
    for _ in range(20):  # one that an import began may still be ending
        if len([*Path("/proc/self/task").iterdir()]) <= 1 + pools:
            return
        time.sleep(0.05)
    raise SystemExit("a process with more than one thread cannot be forked")


def _leave(parent: int) -> None:
    """Make a fork a process of its own, that ends with the one it was forked from."""
    import ctypes

    os.setsid()
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # which ended before this was asked
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    import_module("numpy.random").seed()


def _be(told: dict[str, Any]) -> None:
    """Run as the kernel that was asked for, in its folder and its environment."""
    from ipykernel.kernelapp import launch_new_instance

    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["env"])
    # read from the environment as it was when this was imported, if it is not given
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["ipykernel_launcher", *told["argv"], parent, *_hears_widgets()]
    launch_new_instance()
    # All that was asked for is answered. What imports have registered for the end waits
    # for threads that a fork does not have, and would copy what is shared with it.
    os._exit(0)


def _hears_widgets() -> list[str]:
    """Tell a kernel about widgets that were imported before there was a kernel."""
    if "ipywidgets" not in sys.modules:
        return []
    line = "__import__('ipywidgets').register_comm_target()"
    return [f"--IPKernelApp.exec_lines={line}"]
