"""What a connector must still know after a restart: when it was asked, and what it owes (R16).

A small file beside the credentials. It holds times and a request's id, nothing of the school.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

__all__ = ["ASKED_WITHIN", "Memory", "Remembered"]

ASKED_WITHIN = timedelta(hours=26)
"""Whoever is asked every night is asked more often than that."""
_TRIED_AGAIN_AFTER = timedelta(hours=1)


@checked(frozen=True)
class Remembered:
    """`since`: when it was asked or published last, or began to wait."""

    since: AwareDatetime
    owed: UUID | None = None
    """A request that was heard and has no answer yet."""
    tried_at: AwareDatetime | None = None
    """When it last stepped in by its own clock, whatever came of it."""

    def steps_in_at(self) -> datetime:
        """When its own clock is to step in, if nobody asks before."""
        due = self.since + ASKED_WITHIN
        if self.tried_at is not None:
            due = max(due, self.tried_at + _TRIED_AGAIN_AFTER)
        return due

    def not_after(self, now: datetime) -> Remembered:
        """A clock that was put back, or was wrong before, must not silence it for years."""
        return replace(
            self,
            since=min(self.since, now),
            tried_at=min(self.tried_at, now) if self.tried_at else None,
        )


_FORMAT = TypeAdapter(Remembered)


@dataclass
class Memory:
    """The file, and what stands in it. What cannot be read is begun anew."""

    path: Path
    known: Remembered

    @classmethod
    def open(cls, path: Path, now: datetime) -> Memory:
        """Raises `OSError` where the file cannot be written."""
        known = Remembered(since=now)
        with suppress(FileNotFoundError, ValidationError):
            known = _FORMAT.validate_json(path.read_bytes()).not_after(now)
        memory = cls(path, known)
        memory._write()
        return memory

    def asked(self, request_id: UUID, now: datetime) -> None:
        self._keep(replace(self.known, since=now, owed=request_id))

    def answered(self, now: datetime) -> None:
        """A snapshot was published, or its failure was told to who had asked."""
        self._keep(replace(self.known, since=now, owed=None, tried_at=None))

    def settled(self) -> None:
        """What was owed was told to have failed."""
        self._keep(replace(self.known, owed=None))

    def steps_in(self, now: datetime) -> None:
        self._keep(replace(self.known, tried_at=now))

    def _keep(self, known: Remembered) -> None:
        self.known = known
        self._write()

    def _write(self) -> None:
        """Whole or not at all, and only for its owner."""
        text = json.dumps(asdict(self.known), default=str)
        beside = self.path.with_name(f"{self.path.name}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
