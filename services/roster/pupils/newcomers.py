"""Batches in which everybody is new, as a first snapshot has them: one statement for each.

By the same rules as `proposals.py`, which has all other batches: those in which somebody is here
already, stands twice, or is not brought in. So reasons are found there, and overrides met (R13).
Who comes in by this comes as by those (`tests/roster/test_newcomers.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.fields.field import OPTIONAL_FIELDS, coded
from services.roster.pupils.newcomers_in_sql import AS_PROPOSED, NewPupilRow
from services.roster.pupils.proposals import (
    applied_new,
    former_upns_of_new,
    refusal_but_for_number,
)
from services.roster.pupils.repository import PupilRepository
from services.roster.pupils.saving_in_sql import NAMES, keys_of_names
from services.roster.pupils.telling import NewDetails, NewPupil, answer_said, newcomers_said
from services.roster.schools.repository import School
from shared.contracts.mis_sync import PupilProposal, PupilsApproved
from shared.database.pool import Connection
from shared.school.upn import check_upn, sound_upns

__all__ = ["Newcomers"]


class Newcomers:
    def __init__(
        self, repository: PupilRepository, announcements: Announcements, now: Clock
    ) -> None:
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def bring_in(self, connection: Connection, school: School, batch: PupilsApproved) -> bool:
        """All of them, tell of them and answer; or nobody, where not all are plainly new."""
        proposals = batch.proposals
        upns = _upns(proposals, same_year=batch.academic_year == school.academic_year)
        ids = {one.pupil_id for one in proposals}
        if not len(ids) == len(set(upns)) == len(proposals) > 0:
            return False
        optional = [name for name in OPTIONAL_FIELDS if name in school.kept_fields]
        rows, newcomers = _given(proposals, upns, optional)
        if not await self._repository.add(connection, school, rows):
            return False
        told = newcomers_said(self._now(), THE_MIS, newcomers)
        answer = answer_said(batch, [applied_new(one.pupil_id) for one in proposals])
        await self._announcements.said(connection, school.id, [*told, answer])
        return True


def _upns(proposals: Sequence[PupilProposal], *, same_year: bool) -> list[str]:
    """Of each as it is stored; none where one of them is not brought in."""
    if any(refusal_but_for_number(one, same_year=same_year) is not None for one in proposals):
        return []
    texts = [one.details.upn or "" for one in proposals]
    upns = []
    for text, sound in zip(texts, sound_upns(texts), strict=True):
        if sound is not None:
            upns.append(sound)
            continue
        check = check_upn(text)
        if check.errors:
            return []
        upns.append(check.normalised)
    return upns


def _given(
    proposals: Sequence[PupilProposal], upns: Sequence[str], optional: Sequence[str]
) -> tuple[list[NewPupilRow], list[NewPupil]]:
    """What is written of each pupil, and what is told."""
    rows: list[NewPupilRow] = []
    newcomers: list[NewPupil] = []
    more: tuple[Any, ...] = ()
    held: dict[str, Any] = {}
    for proposal, upn in zip(proposals, upns, strict=True):
        details, pupil_id = proposal.details, proposal.pupil_id
        former = former_upns_of_new(details, upn)
        proposed = _as_proposed(details)
        if optional:
            more = tuple(coded(name, getattr(details, name)) for name in optional)
            held = {
                name: value for name, value in zip(optional, more, strict=True) if value is not None
            }
        keys = keys_of_names(*proposed[: len(NAMES)])
        rows.append((pupil_id, *keys, upn, ",".join(former), *proposed, *more))
        newcomers.append(NewPupil(pupil_id, NewDetails(upn, former, *proposed), held))
    return rows, newcomers


_as_proposed = attrgetter(*AS_PROPOSED)
