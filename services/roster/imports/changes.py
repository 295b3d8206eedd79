"""What a row changes of a pupil: what it says and what is not so already (R11, R13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.roster.imports.columns import FIELD_NAMES
from services.roster.imports.pupil_import import FieldChange, Remark
from services.roster.imports.rows import Said
from services.roster.imports.values import shown
from services.roster.pupils.pupil import OVERRIDABLE, Pupil, with_upn

__all__ = ["Changed", "changed_by"]

_SHOWN = (*(name for name in FIELD_NAMES if name != "class_name"), "active")


@dataclass(frozen=True)
class Changed:
    """The pupil as they would be, before a version is raised, and how that is shown."""

    after: Pupil
    shown: tuple[FieldChange, ...]
    notes: tuple[Remark, ...] = ()


def changed_by(said: Said, before: Pupil, *, keep: bool) -> Changed:
    """For somebody new, `before` is a pupil with nothing but the names, at version 0.

    `keep` marks what changes as set by hand, so that it stays over the MIS. What is marked already
    stays so: a person confirms this, and no sync.
    """
    after, notes = _numbered(said, before)
    details = {name: value for name, value in said.values.items() if name != "upn"}
    after = replace(after, **details)
    if not after.active:
        after = replace(after, active=True, active_reason=None)
    new = before.version == 0
    if keep:
        changed = after.differs_from(before).keys() & set(OVERRIDABLE)
        after = after.overriding(*(changed | (details.keys() if new else set())))
    return Changed(after, tuple(_shown(before, after, new=new)), tuple(notes))


def _numbered(said: Said, before: Pupil) -> tuple[Pupil, list[Remark]]:
    """The UPN of today stays where the file has a former one."""
    upn, notes = said.upn or before.upn, []
    if before.upn and said.upn in before.former_upns:
        upn = before.upn
        note = f"This is a former UPN of this pupil. {before.upn}, the UPN of today, stays."
        notes.append(Remark(note, "upn"))
    return with_upn(before, upn, said.former_upns), notes


def _shown(before: Pupil, after: Pupil, *, new: bool) -> Iterable[FieldChange]:
    for name in _SHOWN:
        was, now = getattr(before, name), getattr(after, name)
        if new and name != "active":
            if now:
                yield FieldChange(name, None, shown(name, now))
        elif was != now:
            by_hand = name in before.overrides
            if name == "active":
                yield FieldChange(name, "Inactive", "Active", by_hand=by_hand)
            else:
                yield FieldChange(name, shown(name, was), shown(name, now), by_hand=by_hand)
