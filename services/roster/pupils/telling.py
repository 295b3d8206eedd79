"""What is told of many pupils at once: states, entries of the activity log (R9), answers.

As JSON, without a model of each: a first snapshot makes hundreds (benchmark B2). What is said is
that of `Pupil.state` and `pupil_entry`, which `tests/roster/test_pupils_told.py` holds it against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
import orjson
from msgspec import Struct

from services.roster.announcements import MAX_ENTRIES_PER_EVENT
from services.roster.pupils.history import CREATED, RECORDED, pupil_told
from services.roster.pupils.pupil import Pupil, called, hidden_fields
from shared.contracts.activity import ActivityRecorded, Actor
from shared.contracts.envelope import Payload
from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.roster import MAX_STATES_PER_EVENT, PupilsApplied, PupilsChanged
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.messaging.outbox import Said

__all__ = [
    "NewDetails",
    "NewPupil",
    "PupilChange",
    "answer_said",
    "newcomers_said",
    "pupil_entries_said",
    "pupils_said",
]

PupilChange: TypeAlias = tuple[Pupil | None, Pupil]
"""Before, and after; nobody before who is new."""

_encode = msgspec.json.Encoder().encode
_called_by = attrgetter(
    "legal_forename", "legal_surname", "preferred_forename", "preferred_surname"
)


def pupils_said(pupils: Sequence[Pupil], kept: Collection[str]) -> Iterator[Said]:
    """Their states, to a school that keeps these optional fields (R29)."""
    hidden = hidden_fields(kept)
    for part in _parts(pupils, MAX_STATES_PER_EVENT):
        yield _said(PupilsChanged, {"pupils": [pupil.stated_in_short(hidden) for pupil in part]})


def pupil_entries_said(
    at: datetime, actor: Actor, changes: Sequence[PupilChange]
) -> Iterator[Said]:
    """An entry of each."""
    common = {"at": at, "actor": actor.model_dump(exclude_none=True)}
    for part in _parts(changes, MAX_ENTRIES_PER_EVENT):
        entries = [{**common, **pupil_told(*change)} for change in part]
        yield _said(ActivityRecorded, {"service": "roster", "entries": entries})


class NewDetails(Struct, frozen=True, gc=False, omit_defaults=True):
    """What is told of one whom the MIS brings in, without what is the same for all of them."""

    upn: str
    former_upns: Sequence[str]
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None


class NewPupil(NamedTuple):
    id: UUID
    details: NewDetails
    optional: Mapping[str, Any]
    """The fields of R29 that the school keeps and that hold something."""


def newcomers_said(at: datetime, actor: Actor, newcomers: Sequence[NewPupil]) -> Iterator[Said]:
    """What `pupils_said` and `pupil_entries_said` say of them, of whom nothing was before.

    What both say of somebody is made once.
    """
    common = _inner({"active": True, "origin": Origin.MIS})
    head = _json({"at": at, "actor": actor.model_dump(exclude_none=True), "action": CREATED})[:-1]
    ids = _inner([one.id for one in newcomers]).split(b",")
    states, entries = [], []
    for said_id, (_, details, optional) in zip(ids, newcomers, strict=True):
        known = common + b"," + _encode(details)[1:-1]
        named = _encode(called(*_called_by(details)))
        state = after = known
        if optional:
            state = known + b"," + _inner(optional)
            after = known + b"," + _inner(dict.fromkeys(optional, RECORDED))
        states.append(b'{"id":%b,"version":1,%b}' % (said_id, state))
        entries.append(
            b'%b,"subject":{"kind":"pupil","id":%b,"label":%b},"after":{%b,"overrides":[]}}'
            % (head, said_id, named, after)
        )
    for part in _parts(states, MAX_STATES_PER_EVENT):
        yield Said(PupilsChanged, b'{"pupils":[%b]}' % b",".join(part))
    for part in _parts(entries, MAX_ENTRIES_PER_EVENT):
        yield Said(ActivityRecorded, b'{"service":"roster","entries":[%b]}' % b",".join(part))


def answer_said(batch: PupilsApproved, outcomes: Sequence[Mapping[str, Any]]) -> Said:
    """The one answer to a batch; `outcomes` are fields of `RecordOutcome`."""
    of_run = {"run_id": batch.run_id, "sequence": batch.sequence, "total": batch.total}
    return _said(PupilsApplied, {**of_run, "outcomes": outcomes})


def _said(payload: type[Payload], value: Any) -> Said:
    return Said(payload, _json(value))


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str, option=orjson.OPT_UTC_Z)


def _inner(value: Any) -> bytes:
    """Of an object or a list, without what is around it."""
    return _json(value)[1:-1]


def _parts(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
