"""Batches in which everybody is new, as a first snapshot has them: one statement for each.

By the same rules as `proposals.py`, which has all other batches: those in which somebody is here
already, stands twice, or is not brought in. So reasons are found there, and overrides met (R13).
Who comes in by this comes as by those (`tests/roster/test_newcomers.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

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
        given = [_given(one, upn, optional) for one, upn in zip(proposals, upns, strict=True)]
        if not await self._repository.add(connection, school, [row for row, _ in given]):
            return False
        told = newcomers_said(self._now(), THE_MIS, [pupil for _, pupil in given])
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
    proposal: PupilProposal, upn: str, optional: Sequence[str]
) -> tuple[NewPupilRow, NewPupil]:
    """What is written of a pupil, and what is told."""
    details = proposal.details
    former = former_upns_of_new(details, upn)
    proposed = _as_proposed(details)
    more = tuple(coded(name, getattr(details, name)) for name in optional) if optional else ()
    keys = keys_of_names(*proposed[: len(NAMES)])
    row = (proposal.pupil_id, *keys, upn, ",".join(former), *proposed, *more)
    held = {name: value for name, value in zip(optional, more, strict=True) if value is not None}
    return row, NewPupil(proposal.pupil_id, NewDetails(upn, former, *proposed), held)


_as_proposed = attrgetter(*AS_PROPOSED)
