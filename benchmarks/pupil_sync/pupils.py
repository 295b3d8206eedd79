"""Made-up pupils, new to schools that have none: the same for every side of the benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from stdnum.gb import upn
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.mis_sync import (
    MAX_PROPOSALS_PER_BATCH,
    ProposalAction,
    PupilDetails,
    PupilProposal,
    PupilsApproved,
)
from shared.contracts.vocabulary import Sex, YearGroup

__all__ = ["Chunk", "chunks_of"]

_FORENAMES = ("Zoë", "Maya", "Amir", "Jo", "Lena", "Tom", "Priya", "Olu", "Ana", "Max")
_YEARS = ("R", "1", "2", "3", "4", "5", "6")


@dataclass(frozen=True)
class Chunk:
    """Some pupils of one school, as mis_sync sends them on: `event` and its `body`."""

    school_id: UUID
    event: Event[PupilsApproved]
    body: bytes

    def rows(self) -> Iterator[dict[str, Any]]:
        """One by one, for those who carry them so."""
        for proposal in self.event.data.proposals:
            details = proposal.details.model_dump(mode="json", exclude_none=True)
            yield {"school_id": str(self.school_id), "id": str(proposal.pupil_id), **details}


def chunks_of(schools: Sequence[UUID], pupils: int, year: str) -> list[Chunk]:
    """So many pupils for each school, in chunks of 500."""
    found = []
    for school_id in schools:
        run_id = uuid7()
        starts = range(0, pupils, MAX_PROPOSALS_PER_BATCH)
        for sequence, start in enumerate(starts):
            many = range(start, min(start + MAX_PROPOSALS_PER_BATCH, pupils))
            approved = PupilsApproved(
                run_id=run_id,
                sequence=sequence,
                total=len(starts),
                academic_year=year,
                proposals=tuple(_proposal(number) for number in many),
            )
            event = Event[PupilsApproved](
                source="/services/mis_sync",
                type=PupilsApproved.EVENT_TYPE,
                schoolid=school_id,
                correlationid=str(run_id),
                data=approved,
            )
            found.append(Chunk(school_id, event, event.model_dump_json().encode()))
    return found


def _proposal(number: int) -> PupilProposal:
    year = number % 7
    rest = f"801217{number:06}"
    return PupilProposal(
        pupil_id=uuid4(),
        action=ProposalAction.CREATE,
        details=PupilDetails(
            upn=upn.calc_check_digit(rest) + rest,
            legal_forename=_FORENAMES[number % 10],
            legal_surname=f"O'Pupil-{number}",
            date_of_birth=date(2021 - year, 9, 1) + timedelta(days=number % 360),
            sex=Sex.FEMALE if number % 2 else Sex.MALE,
            year_group=YearGroup(_YEARS[year]),
        ),
    )
