"""Batches in which everybody is new, as a first snapshot has them: one statement for each.

By the same rules as `proposals.py`, which has all other batches: those in which somebody is here
already, stands twice, or is not brought in. So reasons are found there, and overrides met (R13).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from services.roster.activity import THE_MIS
from services.roster.announcements import Announcements
from services.roster.clock import Clock
from services.roster.fields.field import OPTIONAL_FIELDS, coded
from services.roster.pupils.newcomers_in_sql import AS_PROPOSED, NewPupilRow, TellOfNew
from services.roster.pupils.proposals import former_upns_of_new, refusal_of_new
from services.roster.pupils.repository import PupilRepository
from services.roster.pupils.saving_in_sql import NAMES, name_keys
from services.roster.schools.repository import School
from services.roster.told_in_sql import entry_head
from shared.contracts.activity import ActivityRecorded
from shared.contracts.mis_sync import PupilProposal, PupilsApproved
from shared.contracts.roster import PupilsChanged
from shared.database.pool import Connection
from shared.school.upn import normalise_upn

__all__ = ["Newcomers"]


class Newcomers:
    def __init__(
        self, repository: PupilRepository, announcements: Announcements, now: Clock
    ) -> None:
        self._repository = repository
        self._announcements = announcements
        self._now = now

    async def bring_in(self, connection: Connection, school: School, batch: PupilsApproved) -> bool:
        """All of them, and tell of them; or nobody, where not all are plainly new."""
        proposals = batch.proposals
        same_year = batch.academic_year == school.academic_year
        if any(refusal_of_new(one, same_year=same_year) is not None for one in proposals):
            return False
        ids = {one.pupil_id for one in proposals}
        upns = [normalise_upn(one.details.upn or "") for one in proposals]
        if not len(ids) == len(set(upns)) == len(proposals) > 0:
            return False
        if await self._repository.is_any_here(connection, ids, upns):
            return False
        optional = [name for name in OPTIONAL_FIELDS if name in school.kept_fields]
        rows = [_row(one, upn, optional) for one, upn in zip(proposals, upns, strict=True)]
        await self._repository.add(connection, school, rows, self._told(school))
        return True

    def _told(self, school: School) -> TellOfNew:
        say = self._announcements
        return TellOfNew(
            pupils=say.address(school.id, PupilsChanged),
            activity=say.address(school.id, ActivityRecorded),
            entry_head=entry_head(self._now(), THE_MIS, "pupil.created"),
        )


def _row(proposal: PupilProposal, upn: str, optional: Sequence[str]) -> NewPupilRow:
    details = proposal.details
    values = vars(details)
    return (
        proposal.pupil_id,
        *name_keys(*_names(values)).values(),
        upn,
        ",".join(former_upns_of_new(details, upn)),
        *_as_proposed(values),
        *[coded(name, values[name]) for name in optional],
    )


_as_proposed = itemgetter(*AS_PROPOSED)
_names = itemgetter(*NAMES)
