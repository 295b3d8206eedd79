"""Lists of which nothing is deleted (R6): what is common to subjects, terms and bands.

Rules, no database. An entry keeps its id whatever it is called, since marks hang on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["NEW", "Entry", "Fault", "merged", "said_twice"]

NEW = UUID(int=0)
"""The id of an entry that is said for the first time."""


class Fault(NamedTuple):
    """What is wrong where: `3/name` is the name of the fourth entry, '' the list as a whole."""

    where: str
    reason: str


@dataclass(frozen=True)
class Entry:
    id: UUID
    name: str
    active: bool

    def values(self) -> dict[str, Any]:
        """What a person sets, JSON-ready."""
        raise NotImplementedError

    def logged(self) -> dict[str, Any]:
        """The same as the activity log tells it."""
        return self.values()

    def as_said(self) -> dict[str, Any]:
        """Id and values: as it is sent and answered."""
        return {"id": None if self.id == NEW else str(self.id), **self.values()}


E = TypeVar("E", bound=Entry)


def merged(before: Sequence[E], said: Sequence[E]) -> tuple[list[E], list[Fault]]:
    """The list as it was said, new entries with ids of their own; and what is wrong with it."""
    known = {entry.id for entry in before}
    faults = [
        Fault(str(place), "This is not there any more. Open the page again.")
        for place, entry in enumerate(said)
        if entry.id not in known and entry.id != NEW
    ]
    kept = [entry.id for entry in said if entry.id != NEW]
    if len(kept) != len(set(kept)):
        faults.append(Fault("", "The same entry is there twice. Open the page again."))
    gone = [entry.name for entry in before if entry.id not in kept]
    if gone:
        why = "Nothing is deleted, since marks may hang on it. Make it inactive instead: "
        faults.append(Fault("", why + ", ".join(gone)))
    return [replace(e, id=uuid7()) if e.id == NEW else e for e in said], faults


def said_twice(texts: Iterable[str], field: str, what: str) -> list[Fault]:
    """Faults of entries whose text an earlier one has, case aside; inactive ones count too."""
    seen: set[str] = set()
    faults = []
    for place, text in enumerate(texts):
        key = text.casefold()
        if key in seen:
            faults.append(Fault(f"{place}/{field}", f"Another {what} is called {text}."))
        seen.add(key)
    return faults
