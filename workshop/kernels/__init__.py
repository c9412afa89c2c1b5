"""Where do kernels come from? From a process that has imported everything already."""

from __future__ import annotations

from workshop.kernels.ahead import CAN_FORK, CAN_WAIT, ONE_THREAD, Ahead, Forked

__all__ = ["CAN_FORK", "CAN_WAIT", "ONE_THREAD", "Ahead", "Forked"]
