"""Where does a notebook's kernel come from, so that nobody waits for its imports?

A process is started ahead: it imports what a report needs while this one still imports
papermill, and waits to be told which kernel to be. For one report it becomes that
kernel. For many it is forked, once for each report: every report has a fresh kernel,
and none imports anything again. What it does there is in `workshop.kernels.waiting`.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

CAN_WAIT = os.name == "posix"


def _can_fork() -> bool:
    """Forks are told apart by a handle that some systems and containers refuse."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return sys.platform == "linux"


CAN_FORK = _can_fork()

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "WORKSHOP_THREADS",
    ),
    "1",
)
"""Holds BLAS, OpenMP and the embedded engine to one thread, as a fork must be."""

# As the launcher of kernels does: nothing is imported from where one happens to be.
_WAIT = (
    "import sys; sys.path[:] = filter(None, sys.path); "
    "from workshop.kernels.waiting import wait; "
    "wait(forks={forks}, also={also}, first={first})"
)
_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]
# What a kernel sets for itself before anything imports matplotlib.
_EARLY = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
# pyarrow's allocator would start a thread, which a fork would not have; its pools, that
# it starts anew in a fork, are kept to one thread each.
_NO_THREAD = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_IO_THREADS": "1",
}


class Ahead:
    """A process started ahead: it becomes one kernel, or ``forks`` one at each call.

    ``also`` names modules to import besides what a report needs, ``first`` a function
    to call before anything is forked, and what to call it with (plain values).
    Leaving its context ends it, and the kernels that it became or that were forked
    from it. Where this process ends without that, they end too.
    """

    def __init__(
        self,
        *,
        forks: bool = False,
        also: tuple[str, ...] = (),
        first: tuple[str, dict[str, Any]] | None = None,
    ) -> None:
        self.forks, self.stopped, self._taken = forks, False, False
        self._heard, self.used = not forks, False
        self._lock = threading.Lock()
        self._line, theirs = socket.socketpair()
        with theirs:
            code = _WAIT.format(forks=forks, also=also, first=first)
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=theirs,
                env=_EARLY | os.environ | (ONE_THREAD | _NO_THREAD if forks else {}),
                start_new_session=True,
            )

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def take(self, argv: list[str], env: dict[str, str], cwd: str) -> Any:
        """Make it, or a fork of it, a kernel; return what stands for that process.

        Raises
        ------
        OSError
            When it is gone, or has become a kernel already.
        """
        told = json.dumps({"argv": argv, "env": env, "cwd": cwd})
        with self._lock:
            if self._taken:
                raise ProcessLookupError("it has become a kernel already")
            if not self._heard:  # until all is imported, and done that is to be first
                self._heard = bool(self._line.recv(1))
            self._line.sendall(f"{told}\n".encode())
            if self.forks:
                return Forked(int(self._line.recv(32) or 0))
            self._taken = True
        return self._process

    @property
    def ready(self) -> bool:
        """Whether a kernel would come from it at once."""
        with suppress(OSError):
            soon = socket.MSG_PEEK | socket.MSG_DONTWAIT
            return not self.gone and (self._heard or bool(self._line.recv(1, soon)))
        return False

    @property
    def gone(self) -> bool:
        """Whether that process has ended, so that no kernel comes from it any more."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it, whatever it has become, and on Linux what was forked from it."""
        self.stopped = True
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()

    def manager(
        self, base: type[AsyncKernelManager] | None = None
    ) -> type[AsyncKernelManager]:
        """Return a kernel manager's class for nbclient, whose kernel comes from here.

        It starts one as ever where this process is gone, and for another language.
        ``base`` is what a server's manager of kernels needs it to be.
        """
        from jupyter_client.manager import AsyncKernelManager

        taking = _provisioner(self)

        class Manager(base or AsyncKernelManager):  # type: ignore[misc]
            async def _async_pre_start_kernel(self, **given: Any) -> Any:
                named = given.pop("kernel_id", None) or os.urandom(16).hex()
                self.kernel_id = self.kernel_id or named
                self.provisioner = self.provisioner or taking(
                    kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
                )
                return await super()._async_pre_start_kernel(**given)

        return Manager


def _provisioner(ahead: Ahead) -> type[LocalProvisioner]:
    """Return what starts a kernel: taken from ``ahead``, or as ever where it cannot."""
    from jupyter_client.provisioning import LocalProvisioner

    class Taking(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **given: Any) -> Any:
            if ahead.stopped:
                raise RuntimeError("no kernel is started any more")
            cwd = str(given.get("cwd") or Path.cwd())
            try:
                if cmd[:3] != _LAUNCHER:
                    raise ProcessLookupError("a kernel of another kind")
                # until all is imported, which others need not wait for
                asked = cmd[3:], given["env"], cwd
                self.process = await asyncio.to_thread(ahead.take, *asked)
            except OSError:
                if ahead.stopped:  # while this one waited for its turn
                    raise RuntimeError("no kernel is started any more") from None
                return await super().launch_kernel(cmd, **given)
            # it leads a group of its own, with whatever it starts
            self.pid = self.pgid = self.process.pid
            return self.connection_info

    return Taking


class Forked:
    """What a provisioner asks of a ``Popen``, for a process that another one forked."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        if not pid:
            raise ProcessLookupError("nothing was forked")
        self.pid, self._handle = pid, os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return 0 when it has ended; with which code, only its parent knows."""
        return 0 if self._ends_within(0.0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, and let go of it.

        Raises
        ------
        subprocess.TimeoutExpired
            When it has not ended after ``timeout`` seconds.
        """
        if not self._ends_within(timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        return 0

    def _ends_within(self, seconds: float | None) -> bool:
        """Say whether it ends in that time; ``select`` would know 1,024 files only."""
        if self._handle < 0:
            return True
        watch = select.poll()
        watch.register(self._handle, select.POLLIN)
        return bool(watch.poll(None if seconds is None else 1000 * seconds))

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing where it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)
