"""Who is running: processes known by number and start time, so that a reused number is not ours.

What the supervisor lost sight of (it was killed, or a server put a daemon of its own beside it) is
found by its record or by the stack's mark in its environment, and by nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.state import State, write_atomically

__all__ = ["Recorded", "end", "leftovers", "recorded", "remember_myself"]

CLOCK_TOLERANCE = 1.0
"""Seconds; the start time of one process as read twice differs by rounding only."""


@dataclass(frozen=True)
class Recorded:
    """A process id and, unless it is not known, the time (Unix, seconds) when it started."""

    pid: int
    started: float | None

    def process(self) -> psutil.Process | None:
        """The very process, or `None` if it has ended, whoever has its number now."""
        try:
            process = psutil.Process(self.pid)
            started = process.create_time()
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.Error:
            return None
        same = self.started is None or abs(started - self.started) < CLOCK_TOLERANCE
        return process if same else None

    def runs_in(self, folder: Path) -> bool:
        process = self.process()
        try:
            return process is not None and Path(process.cwd()) == folder.resolve()
        except psutil.Error:
            return False


def remember_myself(run_folder: Path, name: str) -> None:
    started = psutil.Process().create_time()
    text = json.dumps({"pid": os.getpid(), "started": started})
    write_atomically(run_folder / f"{name}.pid.json", text, mode=0o600)


def recorded(state: State, name: str) -> Recorded | None:
    """The last process that ran under this name; it may have ended since."""
    try:
        content = json.loads((state.run / f"{name}.pid.json").read_text())
        return Recorded(int(content["pid"]), float(content["started"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None


def leftovers(state: State) -> list[psutil.Process]:
    """Every living process of this stack, apart from the command that asks and its parents."""
    mine = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found: dict[int, psutil.Process] = {}
    for file in state.run.glob("*.pid.json"):
        record = recorded(state, file.name.removesuffix(".pid.json"))
        process = record.process() if record else None
        if process is not None:
            found[process.pid] = process
    for process in psutil.process_iter():
        if _is_marked(process, state.mark):
            found[process.pid] = process
    return [process for pid, process in found.items() if pid not in mine]


def end(processes: Iterable[psutil.Process], *, patience: float = 10.0) -> None:
    """Ask them to end, wait at most `patience` seconds, then kill those that have not."""
    remaining = list(processes)
    for process in remaining:
        with suppress(psutil.Error):
            process.terminate()
    _, remaining = psutil.wait_procs(remaining, timeout=patience)
    for process in remaining:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(remaining, timeout=patience)


def _is_marked(process: psutil.Process, mark: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.environ().get("CLASSROOM_STACK") == mark
    except (psutil.Error, OSError):
        return False
