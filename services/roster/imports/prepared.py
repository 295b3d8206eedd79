"""What an import changes, made ready to be written set by set when it is confirmed.

Made with the preview, while the person looks: the rows as they will stand, the states that others
are told, the entries of the activity log (R9), and how all was before, for undoing (R10). By whom
and when is not known yet, so the entries have a place for it. Rules, without a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Literal, TypeAlias, TypeVar

import orjson

from services.roster.groups.group import Group
from services.roster.groups.history import group_told
from services.roster.groups.repository import group_row_of
from services.roster.imports.alike import AllAlike
from services.roster.imports.effects import effect_of_group, effect_of_link, effect_of_pupil
from services.roster.imports.kept_results import KeptResults, kept_texts, result_texts
from services.roster.imports.memberships import LinkChange
from services.roster.imports.plan import Here, Plan
from services.roster.imports.pupil_import import How
from services.roster.imports.shapes import Fate
from services.roster.links.history import link_told
from services.roster.links.link import Names
from services.roster.links.repository import link_row_of
from services.roster.pupils.history import pupil_told
from services.roster.pupils.pupil import Pupil, hidden_fields
from services.roster.pupils.repository import row_of
from shared.contracts.activity import Actor
from shared.contracts.vocabulary import LinkKind

__all__ = [
    "STARTS_AN_ENTRY",
    "Kind",
    "Part",
    "Prepared",
    "entry_start",
    "parts_of",
    "prepared",
]

Kind: TypeAlias = Literal["group", "new_pupil", "changed_pupil", "pupil", "link"]
"""New and changed pupils are kept by the column, `pupil` are any by the row."""
STARTS_AN_ENTRY = '{"action":'
"""What an entry that lacks its actor and time starts with, and nothing else does: in a value, these
marks are escaped, and no field of a pupil, group or link is called so."""
_AT_ONCE = 500
_KINDS: dict[Fate, Kind] = {"added": "new_pupil", "updated": "changed_pupil"}
"""In one part, which is one event of states and one of entries."""

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """Some changes of one kind; the texts are JSON arrays.

    `effects` of new pupils are none: their ids say it all. `cells` are the columns that are
    `carried`, each a text with all that it holds.
    """

    kind: Kind
    size: int
    rows: str
    states: str
    entries: str
    effects: str
    carried: Sequence[str] = ()
    cells: Sequence[str] = ()


@dataclass(frozen=True)
class Prepared:
    """What is kept of a plan."""

    results: list[KeptResults]
    parts: list[Part]


def prepared(plan: Plan, here: Here, how: How, kept: frozenset[str]) -> Prepared:
    """`kept` are the school's optional fields (R29)."""
    added = (after.id for before, after in plan.pupils if before is None)
    results = result_texts(plan.results, added)
    alike: list[Part] = []
    if plan.usual and plan.alike:
        told = AllAlike(plan.usual, plan.alike, how, hidden_fields(kept))
        results = sorted([*results, *told.results], key=itemgetter(0))
        alike = list(_alike(told))
    return Prepared(list(kept_texts(results)), [*parts_of(plan, here, kept, alike)])


def parts_of(
    plan: Plan, here: Here, kept: frozenset[str], alike: Iterable[Part] = ()
) -> Iterator[Part]:
    """In the order in which they are written. `kept` are the school's optional fields (R29)."""
    for groups in _some([replace(group, version=1) for group in plan.groups]):
        yield _groups(groups)
    yield from alike
    hidden = hidden_fields(kept)
    for pupils in _some(plan.pupils):
        yield _pupils(pupils, hidden)
    names = _names(plan, here) if plan.links else Names({}, {})
    for links in _some(plan.links):
        yield _links(links, names)


def entry_start(actor: Actor, at: datetime) -> str:
    """What takes the place of `STARTS_AN_ENTRY` once it is known by whom and when it was done."""
    known = {"at": at, "actor": actor.model_dump()}
    start = orjson.dumps(known, default=str, option=orjson.OPT_UTC_Z).decode()[:-1]
    return f"{start},{STARTS_AN_ENTRY[1:]}"


def _groups(groups: Sequence[Group]) -> Part:
    return Part(
        "group",
        len(groups),
        _json([group_row_of(group) for group in groups]),
        _json([group.state().model_dump() for group in groups]),
        _json([group_told(None, group) for group in groups]),
        _json([effect_of_group(group) for group in groups]),
    )


def _pupils(changes: Sequence[tuple[Pupil | None, Pupil]], hidden: frozenset[str]) -> Part:
    return Part(
        "pupil",
        len(changes),
        _json([row_of(after) for _, after in changes]),
        _json([after.stated(hidden) for _, after in changes]),
        _json([pupil_told(*change) for change in changes]),
        _json([effect_of_pupil(*change) for change in changes]),
    )


def _alike(told: AllAlike) -> Iterator[Part]:
    for fate, kind in _KINDS.items():
        for rows in _some(told.rows_of(fate)):
            carried = told.columns(fate, rows)
            yield Part(
                kind,
                len(rows),
                "[]",
                f"[{','.join([told.states[n] for n in rows])}]",
                f"[{','.join([told.entries[n] for n in rows])}]",
                f"[{','.join([told.effects[n] for n in rows if n in told.effects])}]",
                tuple(carried),
                tuple(carried.values()),
            )


def _links(changes: Sequence[LinkChange], names: Names) -> Part:
    told = (link_told(before, after, names) for before, after in changes)
    return Part(
        "link",
        len(changes),
        _json([link_row_of(after) for _, after in changes]),
        _json([after.stated() for _, after in changes]),
        _json([one for one in told if one is not None]),
        _json([effect_of_link(*change) for change in changes]),
    )


def _names(plan: Plan, here: Here) -> Names:
    groups = (*here.memberships.groups, *plan.groups)
    pupils = (*here.roll.pupils, *(after for _, after in plan.pupils))
    return Names(
        groups={group.id: group.name for group in groups},
        people={(LinkKind.MEMBER, pupil.id): pupil.name for pupil in pupils},
    )


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
