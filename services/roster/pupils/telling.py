"""What is told of many pupils at once: states, entries of the activity log (R9), answers.

As JSON, without a model of each: a first snapshot makes hundreds (benchmark B2). What is said is
that of `Pupil.state` and `pupil_entry`, which `tests/roster/test_pupils_told.py` holds it against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import orjson

from services.roster.announcements import MAX_ENTRIES_PER_EVENT
from services.roster.pupils.history import CREATED, RECORDED, pupil_told
from services.roster.pupils.pupil import Pupil, hidden_fields
from shared.contracts.activity import ActivityRecorded, Actor
from shared.contracts.envelope import Payload
from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.roster import MAX_STATES_PER_EVENT, PupilsApplied, PupilsChanged
from shared.contracts.vocabulary import Origin
from shared.messaging.outbox import Said

__all__ = [
    "NewPupil",
    "PupilChange",
    "answer_said",
    "newcomers_said",
    "pupil_entries_said",
    "pupils_said",
]

PupilChange: TypeAlias = tuple[Pupil | None, Pupil]
"""Before, and after; nobody before who is new."""


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


class NewPupil(NamedTuple):
    """Of one whom the MIS brings in: the fields that hold something, without those that are the
    same for all of them."""

    id: UUID
    name: str
    details: dict[str, Any]
    optional: dict[str, Any]
    """Those of R29 that the school keeps."""


def newcomers_said(at: datetime, actor: Actor, newcomers: Sequence[NewPupil]) -> Iterator[Said]:
    """What `pupils_said` and `pupil_entries_said` say of them, of whom nothing was before."""
    common = {"active": True, "origin": Origin.MIS}
    head = {"at": at, "actor": actor.model_dump(exclude_none=True), "action": CREATED}
    for part in _parts(newcomers, MAX_STATES_PER_EVENT):
        states = [
            {"id": one.id, "version": 1, **common, **one.details, **one.optional} for one in part
        ]
        yield _said(PupilsChanged, {"pupils": states})
    for part in _parts(newcomers, MAX_ENTRIES_PER_EVENT):
        entries = [
            {
                **head,
                "subject": {"kind": "pupil", "id": one.id, "label": one.name},
                "after": {
                    **common,
                    **one.details,
                    **dict.fromkeys(one.optional, RECORDED),
                    "overrides": (),
                },
            }
            for one in part
        ]
        yield _said(ActivityRecorded, {"service": "roster", "entries": entries})


def answer_said(batch: PupilsApproved, outcomes: Sequence[Mapping[str, Any]]) -> Said:
    """The one answer to a batch; `outcomes` are fields of `RecordOutcome`."""
    of_run = {"run_id": batch.run_id, "sequence": batch.sequence, "total": batch.total}
    return _said(PupilsApplied, {**of_run, "outcomes": outcomes})


def _said(payload: type[Payload], value: Any) -> Said:
    return Said(payload, orjson.dumps(value, default=str, option=orjson.OPT_UTC_Z))


def _parts(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
