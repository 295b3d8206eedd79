"""What a confirmed import did to each pupil, group and membership, and how that is undone (R10).

Field by field: what is still as the import left it goes back, and what was changed since is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.roster.groups.group import Group
from services.roster.imports.values import shown
from services.roster.links.link import Link, LinkKey
from services.roster.pupils.pupil import OVERRIDABLE, Pupil
from shared.contracts.vocabulary import LinkKind, Origin, Sex, YearGroup
from shared.imports.uploads import FieldChange

__all__ = [
    "UNDONE",
    "effect_of_added",
    "effect_of_group",
    "effect_of_link",
    "effect_of_pupil",
    "link_back",
    "link_key",
    "pupil_back",
]

UNDONE = "The import that added them was undone"
_FIELDS = (*OVERRIDABLE, "former_upns", "active_reason")
_KINDS: Mapping[str, Any] = {
    "date_of_birth": date.fromisoformat,
    "sex": Sex,
    "year_group": YearGroup,
    "former_upns": tuple,
}
_TIED = {"former_upns": "upn", "active_reason": "active"}
"""Fields that go back with another, if they were changed with it."""


def effect_of_pupil(before: Pupil | None, after: Pupil) -> dict[str, Any]:
    """Field → what it was and how it was left, each with whether it was marked as set by hand."""
    if before is None:
        return {"id": str(after.id), "added": True, "active_marked": "active" in after.overrides}
    was, now = vars(before), vars(after)
    fields = {
        name: {
            "before": _kept(was[name]),
            "after": _kept(now[name]),
            "marked_before": name in before.overrides,
            "marked_after": name in after.overrides,
        }
        for name in _FIELDS
        if was[name] != now[name]
    }
    return {"id": str(after.id), "added": False, "fields": fields}


def effect_of_added(pupil_id: str) -> dict[str, Any]:
    """The same of somebody new of whom nothing but the id is kept: an import marks no new pupil as
    active by hand."""
    return {"id": pupil_id, "added": True, "active_marked": False}


def effect_of_group(after: Group) -> dict[str, Any]:
    """Only new groups: an import changes no other."""
    return {"id": str(after.id), "version": after.version}


def effect_of_link(before: Link | None, after: Link) -> dict[str, Any]:
    return {
        "group_id": str(after.key.group_id),
        "pupil_id": str(after.key.person_id),
        "version": after.version,
        "made": after.present,
        "present": before is not None and before.present,
        "waiting": before is not None and before.waiting,
        "origin": before.origin if before else after.origin,
        "override": before is not None and before.override,
    }


def link_key(effect: Mapping[str, Any]) -> LinkKey:
    return LinkKey(LinkKind.MEMBER, UUID(effect["group_id"]), UUID(effect["pupil_id"]))


def link_back(effect: Mapping[str, Any], now: Link) -> Link | None:
    """As it was; `None` where it was changed since."""
    if now.version != effect["version"]:
        return None
    return Link(
        key=now.key,
        version=now.version + 1,
        present=effect["present"],
        waiting=effect["waiting"],
        origin=Origin(effect["origin"]),
        override=effect["override"],
    )


def pupil_back(
    effect: Mapping[str, Any], now: Pupil, holders: Mapping[str, UUID]
) -> tuple[Pupil, list[FieldChange]]:
    """The pupil as they go back, before a version is raised, and what is left as changed since.

    `holders` says who has a UPN now. Whom the import added becomes inactive, unless
    that was set by hand since, or the MIS has them by now.
    """
    if effect["added"]:
        return _added_back(effect, now)
    back, left = now, []
    undone: set[str] = set()
    for name, was in effect["fields"].items():
        if name in _TIED and _TIED[name] in effect["fields"] and _TIED[name] not in undone:
            continue
        value, marked = _kept(getattr(now, name)), name in now.overrides
        as_left = value == was["after"] and marked == was["marked_after"]
        if name == "upn" and holders.get(was["before"], now.id) != now.id:
            as_left = False
        if as_left:
            back = _with(back, name, was)
            undone.add(name)
        elif (value, marked) != (was["before"], was["marked_before"]) and name not in _TIED:
            left.append(_left(name, was["after"], value))
    return back, left


def _added_back(effect: Mapping[str, Any], now: Pupil) -> tuple[Pupil, list[FieldChange]]:
    if not now.active:
        return now, []
    if now.seen_in_mis or ("active" in now.overrides) != effect["active_marked"]:
        return now, [FieldChange("active", "Active", "Active")]
    gone = replace(now.handing_back("active"), active=False, active_reason=UNDONE)
    return gone, []


def _with(pupil: Pupil, name: str, was: Mapping[str, Any]) -> Pupil:
    back = replace(pupil, **{name: _value(name, was["before"])})
    return back.overriding(name) if was["marked_before"] else back.handing_back(name)


def _left(name: str, after: Any, now: Any) -> FieldChange:
    if name == "active":
        was, stands = ("Active" if one else "Inactive" for one in (after, now))
        return FieldChange(name, was, stands)
    return FieldChange(name, shown(name, _value(name, after)), shown(name, _value(name, now)))


def _value(name: str, kept: Any) -> Any:
    kind = _KINDS.get(name)
    return kind(kept) if kind and kept is not None else kept


def _kept(value: Any) -> Any:
    """As JSON has it."""
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
    return value
