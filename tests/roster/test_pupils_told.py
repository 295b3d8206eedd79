"""What is told of many pupils at once is what the models tell: the contracts read it (R9, R29)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.roster.activity import THE_MIS
from services.roster.announcements import MAX_ENTRIES_PER_EVENT
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.telling import answer_said, pupil_entries_said, pupils_said
from shared.contracts.activity import ActivityEntry, ActivityRecorded
from shared.contracts.mis_sync import PupilsApproved
from shared.contracts.roster import (
    MAX_STATES_PER_EVENT,
    PupilsApplied,
    PupilsChanged,
    PupilState,
    RecordOutcome,
)
from shared.contracts.vocabulary import Origin, Outcome
from tests.roster.test_told_in_sql import KEPT, MAYBE, PUPILS

OUTCOMES = st.fixed_dictionaries(
    {
        "id": st.uuids(),
        "outcome": st.sampled_from(Outcome),
        "version": st.none() | st.integers(1, 9),
        "reason_code": MAYBE,
        "reason": MAYBE,
        "in_the_way": st.none() | st.uuids(),
    }
)


@given(pupils=st.lists(PUPILS, max_size=5), kept=KEPT)
def test_states(pupils: list[Pupil], kept: set[str]) -> None:
    told = [PupilsChanged.model_validate_json(said.json) for said in pupils_said(pupils, kept)]
    assert [state for event in told for state in event.pupils] == [p.state(kept) for p in pupils]
    assert [state.ethnicity for event in told for state in event.pupils] == [
        pupil.ethnicity if "ethnicity" in kept else None for pupil in pupils
    ]


@given(
    changes=st.lists(st.tuples(st.none() | PUPILS, PUPILS), max_size=5),
    at=st.datetimes(timezones=st.just(UTC)),
)
def test_entries(changes: list[tuple[Pupil | None, Pupil]], at: datetime) -> None:
    told = [
        ActivityRecorded.model_validate_json(said.json)
        for said in pupil_entries_said(at, THE_MIS, changes)
    ]
    wanted = [pupil_entry(at, THE_MIS, *change) for change in changes]
    assert [as_told(entry) for event in told for entry in event.entries] == [
        as_told(entry) for entry in wanted
    ]


@given(outcomes=st.lists(OUTCOMES, max_size=5))
def test_answers(outcomes: list[dict[str, Any]]) -> None:
    batch = PupilsApproved(
        run_id=uuid4(), sequence=1, total=3, academic_year="2026/27", proposals=()
    )
    said = answer_said(batch, outcomes)
    assert PupilsApplied.model_validate_json(said.json) == PupilsApplied(
        run_id=batch.run_id,
        sequence=1,
        total=3,
        outcomes=tuple(RecordOutcome(**outcome) for outcome in outcomes),
    )


def test_no_event_has_more_than_its_contract_allows() -> None:
    one = Pupil(
        id=uuid4(), version=1, legal_forename="Ann", legal_surname="Hall", origin=Origin.MIS
    )
    states = list(pupils_said([one] * (MAX_STATES_PER_EVENT + 1), ()))
    told = [PupilsChanged.model_validate_json(said.json) for said in states]
    assert [len(event.pupils) for event in told] == [MAX_STATES_PER_EVENT, 1]
    changes = [(None, one)] * (MAX_ENTRIES_PER_EVENT + 1)
    entries = pupil_entries_said(datetime.now(UTC), THE_MIS, changes)
    logged = [ActivityRecorded.model_validate_json(said.json) for said in entries]
    assert [len(event.entries) for event in logged] == [MAX_ENTRIES_PER_EVENT, 1]
    assert PupilState.model_validate(one.stated_in_short(())) == one.state(())


def as_told(entry: ActivityEntry) -> Any:
    return entry.model_dump(mode="json")
