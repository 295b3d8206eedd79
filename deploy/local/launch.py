"""Becomes one program: `python -m deploy.local.launch RUN_FOLDER NAME`, started by the supervisor.

It writes down who it is, drops what it must not have, ties its life to the supervisor's, and turns
into the program: the process id stays the same.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

from deploy.local.processes import Recorded, remember_myself
from deploy.local.programs import Program

__all__ = ["main"]

PR_SET_PDEATHSIG = 1
"""Linux, prctl(2): the signal that this process gets when its parent has died."""

INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CLASSROOM_STACK")


def main(run_folder: Path, name: str) -> None:
    program = Program.read(run_folder / f"{name}.program.json")
    supervisor = os.getppid()
    remember_myself(run_folder, name)
    program.clear()
    if program.stale_pid_file:
        _remove_stale_pid_file(Path(program.stale_pid_file))
    os.chdir(program.folder)
    if program.user is not None:
        uid, gid = program.user
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    _die_with(supervisor, signal.Signals[f"SIG{program.stop_signal}"])
    bare = {key: os.environ[key] for key in INHERITED if key in os.environ}
    os.execvpe(program.argv[0], program.argv, {**bare, **program.environment})  # noqa: S606


def _die_with(supervisor: int, ending: signal.Signals) -> None:
    """Without its supervisor nobody restarts the program, and its log goes nowhere: it shall end.

    Only Linux can do that; elsewhere the next `up` or `down` finds the orphan by its record.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(ending))
    if os.getppid() != supervisor:
        raise SystemExit("The supervisor has gone already.")


def _remove_stale_pid_file(path: Path) -> None:
    """PostgreSQL does not start while the pid in its file is alive, even if it is another's now."""
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not Recorded(pid, None).runs_in(path.parent):
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
