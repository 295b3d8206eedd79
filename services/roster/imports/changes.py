"""What a row changes of a pupil: what it says and what is not so already (R11, R13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.imports.columns import FIELD_NAMES
from services.roster.imports.rows import Said
from services.roster.imports.values import shown
from services.roster.pupils.pupil import OVERRIDABLE, Pupil, numbers_changed
from shared.contracts.vocabulary import Origin
from shared.imports.uploads import FieldChange, Remark

__all__ = ["NOBODY", "Changed", "changed_by", "misfit"]

_SHOWN = tuple(name for name in FIELD_NAMES if name != "class_name")
_OVERRIDABLE = frozenset(OVERRIDABLE)


NOBODY = Pupil(id=UUID(int=0), legal_forename="", legal_surname="", origin=Origin.IMPORT)
"""Who somebody new was before: at version 0, and of no name."""


@dataclass(frozen=True)
class Changed:
    """The pupil as they would be, at their next version if anything changes, and how that is
    shown."""

    after: Pupil
    shown: tuple[FieldChange, ...]
    notes: tuple[Remark, ...] = ()


def changed_by(said: Said, before: Pupil, *, keep: bool) -> Changed:
    """For somebody new, `before` is `NOBODY`.

    `keep` marks what changes as set by hand, so that it stays over the MIS. What is marked already
    stays so: a person confirms this, and no sync.
    """
    new = before is NOBODY
    changed, notes = _numbers(said, before)
    for name, value in said.values.items():
        if name != "upn" and getattr(before, name) != value:
            changed[name] = value
    if new:
        changed["id"] = uuid7()
    if not before.active:
        changed |= {"active": True, "active_reason": None}
    if not changed:
        return Changed(before, (), tuple(notes))
    if keep:
        marked = changed.keys() & _OVERRIDABLE
        changed["overrides"] = tuple(sorted(marked.union(before.overrides)))
    after = before.having({**changed, "version": before.version + 1})
    shown = _shown_anew(after) if new else _shown(before, after, changed)
    return Changed(after, tuple(shown), tuple(notes))


def misfit(year_group: str) -> Remark:
    """Of a year group, as it is called, that the date of birth does not fit."""
    return Remark(f"{year_group} does not fit the date of birth.", "year_group")


def _numbers(said: Said, before: Pupil) -> tuple[dict[str, Any], list[Remark]]:
    """The UPN of today stays where the file has a former one."""
    upn, notes = said.upn or before.upn, []
    if before.upn and said.upn in before.former_upns:
        upn = before.upn
        note = f"This is a former UPN of this pupil. {before.upn}, the UPN of today, stays."
        notes.append(Remark(note, "upn"))
    return numbers_changed(before, upn, said.former_upns), notes


def _shown_anew(after: Pupil) -> Iterable[FieldChange]:
    for name in _SHOWN:
        if now := getattr(after, name):
            yield FieldChange(name, None, shown(name, now))


def _shown(before: Pupil, after: Pupil, changed: Collection[str]) -> Iterable[FieldChange]:
    for name in _SHOWN:
        if name in changed:
            was, now = shown(name, getattr(before, name)), shown(name, getattr(after, name))
            yield FieldChange(name, was, now, by_hand=name in before.overrides)
    if "active" in changed:
        yield FieldChange("active", "Inactive", "Active", by_hand="active" in before.overrides)
