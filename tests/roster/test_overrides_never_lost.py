"""Whatever the sync proposes in whatever order: what was set by hand stands (R13), nobody is lost.

A plain model beside the rules, and the same through the real doors with fewer examples.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.pupils.proposals import PupilDecisions
from services.roster.pupils.pupil import Pupil
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal
from shared.contracts.vocabulary import YearGroup
from tests.roster.door import UPNS, Door, SchoolInTest

IDS = [UUID(int=number) for number in range(1, 5)]
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "upn": st.sampled_from(UPNS),
    "legal_forename": st.sampled_from(["Ann", "Bea"]),
    "preferred_surname": st.sampled_from(["Hall", "Hill"]),
    "year_group": st.sampled_from([YearGroup.R, YearGroup.Y1]),
}
DETAILS = st.fixed_dictionaries(
    {}, optional={name: st.none() | values for name, values in FIELDS.items()}
).map(lambda said: PupilDetails(**({"legal_forename": "Cy", "legal_surname": "Dee"} | said)))
PROPOSALS = st.builds(
    PupilProposal,
    pupil_id=st.sampled_from(IDS),
    action=st.sampled_from(ProposalAction),
    expected_version=st.none() | st.integers(1, 4),
    details=DETAILS,
)
BATCHES = st.tuples(st.just("sync"), st.lists(PROPOSALS, max_size=6), st.booleans())
EDITS = st.tuples(
    st.just("hand"),
    st.sampled_from(IDS),
    st.sampled_from(["legal_forename", "preferred_surname", "year_group", "active"]),
)


def apply(pupils: dict[UUID, Pupil], batch: list[PupilProposal], same_year: bool) -> None:
    decisions = PupilDecisions(pupils.values(), same_year=same_year)
    for proposal in batch:
        decisions.decide(proposal)
    result = decisions.result()
    assert len(result.outcomes) == len(batch)
    pupils.update({pupil.id: pupil for pupil in result.saved})


def set_by_hand(pupil: Pupil, field: str) -> Pupil:
    value: Any = {"active": not pupil.active, "year_group": YearGroup.Y6}.get(field, "By hand")
    changed: Pupil = replace(pupil, **{field: value}, version=pupil.version + 1)
    return changed.overriding(field)


@settings(max_examples=400)
@given(st.lists(BATCHES | EDITS, max_size=12))
def test_by_the_rules(steps: list[tuple[Any, ...]]) -> None:
    pupils: dict[UUID, Pupil] = {}
    for step in steps:
        before = dict(pupils)
        if step[0] == "hand":
            if step[1] in pupils:
                pupils[step[1]] = set_by_hand(pupils[step[1]], step[2])
            continue
        apply(pupils, step[1], step[2])
        assert before.keys() <= pupils.keys(), "nobody is lost (R6)"
        held = [pupil.upn for pupil in pupils.values() if pupil.upn]
        assert len(held) == len(set(held)), "a UPN is one pupil's (R11)"
        for pupil_id, was in before.items():
            now = pupils[pupil_id]
            assert now.overrides == was.overrides
            assert all(getattr(now, name) == getattr(was, name) for name in was.overrides)
            assert {*was.former_upns, was.upn} <= {*now.former_upns, now.upn}, "UPNs are kept"
            if not step[2]:
                assert (now.active, now.year_group) == (was.active, was.year_group), "R22"


@settings(max_examples=200)
@given(st.lists(PROPOSALS.filter(lambda p: p.action is ProposalAction.CREATE), max_size=6))
def test_the_same_creations_again_change_nothing(batch: list[PupilProposal]) -> None:
    pupils: dict[UUID, Pupil] = {}
    first = [p for n, p in enumerate(batch) if p.pupil_id not in {q.pupil_id for q in batch[:n]}]
    apply(pupils, first, True)
    before = dict(pupils)
    apply(pupils, [p for p in first if p.pupil_id in before], True)
    assert pupils == before


@settings(max_examples=8)
@given(steps=st.lists(BATCHES | EDITS, min_size=2, max_size=5))
async def test_through_the_doors(door: Door, steps: list[tuple[Any, ...]]) -> None:
    """What is in the rows is what the rules say, and what was said last."""
    school = SchoolInTest(door)
    await school.is_heard_of()
    model: dict[UUID, Pupil] = {}
    for step in steps:
        if step[0] == "hand":
            await _edit(school, model, step[1], step[2])
            continue
        year = "2026/27" if step[2] else "2025/26"
        await school.pupils_approved(*step[1], year=year)
        apply(model, step[1], step[2])
    last: dict[str, dict[str, Any]] = {}
    for event in await school.told("roster.pupils.changed.v1"):
        for state in event["data"]["pupils"]:
            assert state["version"] == last.get(state["id"], {"version": 0})["version"] + 1
            last[state["id"]] = state
    assert last == {str(p.id): p.state(()).model_dump(mode="json") for p in model.values()}
    listed = [
        pupil
        for active in (True, False)
        for pupil in (await school.get("/pupils", active=active))["items"]
    ]
    assert {p["id"]: p["version"] for p in listed} == {str(p.id): p.version for p in model.values()}


async def _edit(school: SchoolInTest, model: dict[UUID, Pupil], pupil_id: UUID, field: str) -> None:
    pupil = model.get(pupil_id)
    if pupil is None:
        return
    after = set_by_hand(pupil, field)
    body = {"expected_version": pupil.version, field: getattr(after, field)}
    answer = await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)
    assert answer.status_code == 200, answer.text
    if getattr(after, field) != getattr(pupil, field):
        if field == "active":
            after = replace(after, active_reason=None)
        model[pupil_id] = after
