"""One long-running process as it shall be started; the only thing its launcher reads."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

__all__ = ["Program"]


@dataclass(frozen=True)
class Program:
    """A process under supervision.

    `environment` is all that it gets besides the bare necessities: nothing is inherited from the
    shell of whoever typed the command. `user` is the numeric (user, group) to become, if any.
    `clearing` takes away what an earlier life left where no signal to the process reaches: it is
    run to its end before each start and after the last one, whatever comes of it.
    """

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    user: tuple[int, int] | None = None
    folder: str = "/"
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    clearing: tuple[tuple[str, ...], ...] = ()
    stale_pid_file: str | None = None
    """A pid file that its server would believe after a crash, though the pid is another's now."""

    def clear(self) -> None:
        for command in self.clearing:
            subprocess.run(
                command,
                env={**os.environ, **self.environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True)

    @classmethod
    def read(cls, path: Path) -> Program:
        """Also what an older or newer version wrote, so that `down` always knows what to stop."""
        return TypeAdapter(cls).validate_json(path.read_bytes())
