"""What a mapping is said to do before it is saved is what it does (R19), whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from shared.contracts.identity import UserState
from shared.contracts.vocabulary import LinkKind, Origin, StaffRole
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest, World, change, decision

_COUNTED = {
    "creates_users": "users_created",
    "creates_groups": "groups_created",
    "creates_pupils": "pupils_created",
    "changes_groups": "groups_updated",
    "changes_users": "users_updated",
    "deactivates_pupils": "pupils_deactivated",
    "removes_links": "links_removed",
}
_NAMES = ["3 Blue", "3 Red", "Class 3 Blue", "Choir"]


async def fill(school: SchoolInTest, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    """A small MIS, and what is here already: groups of like names, namesakes, taken addresses."""
    some = st.sets(st.sampled_from(["G0", "G1", "G2"]))
    for number in range(3):
        school.mis.group(f"G{number}", draw(st.sampled_from(_NAMES)))
    for number in range(draw(st.integers(0, 4))):
        known = draw(st.sampled_from([upn(number), None]))
        school.mis.pupil(f"P{number}", *sorted(draw(some)), upn=known)
    for number in range(draw(st.integers(0, 3))):
        school.mis.teacher(f"T{number}", *sorted(draw(some)))
    owners = school.world.owners
    for name in draw(st.lists(st.sampled_from(["Owls", *_NAMES]), min_size=1, max_size=3)):
        await owners.keep_group(school.id, name, None)
    for number in range(draw(st.integers(0, 2))):
        user = UserState(
            id=uuid7(),
            version=1,
            active=draw(st.booleans()),
            username=f"ng75pn_reid.{number}",
            forename="Tom",
            surname=f"ReidT{number}",
            email=draw(st.sampled_from([None, f"t{number}@school.example"])),
            role=StaffRole.TEACHER,
            claimed=True,
            origin=Origin.HAND,
        )
        await owners.keep_user(school.id, user)
    groups, users = len(school.held.groups), len(school.held.users)
    everything = "SELECT id FROM own_groups WHERE school_id = $1 UNION ALL SELECT id FROM own_users"
    await school.hears(
        lambda rows: len(rows) == groups + users, f"{everything} WHERE school_id = $1"
    )


def present(school: SchoolInTest) -> set[tuple[LinkKind, UUID, UUID]]:
    return {key for key, link in school.held.links.items() if link.present}


async def save_as_previewed(school: SchoolInTest, path: str, **body: Any) -> None:
    """Preview, save, and hold what was said against what the owners then have."""
    shown = (await school.post(f"{path}/preview", **body)).json()
    held, before = school.held, present(school)
    sizes = len(held.users), len(held.groups), len(held.pupils)
    open_before = {each["id"] for each in await school.differences(state="open")}
    saved = (await school.post(path, **body)).json()
    await school.rest()
    outcomes = [result["outcome"] for result in saved["results"]]
    assert shown["not_possible"] == len(shown["refused"]) == outcomes.count("refused")
    made = len(held.users), len(held.groups), len(held.pupils)
    assert tuple(now - was for now, was in zip(made, sizes, strict=True)) == (
        shown["creates_users"],
        shown["creates_groups"],
        shown["creates_pupils"],
    )
    added = present(school) - before
    assert sum(kind is LinkKind.MEMBER for kind, _, _ in added) == shown["adds_memberships"]
    assert sum(kind is LinkKind.TEACHER for kind, _, _ in added) == shown["adds_teaching"]
    assert len(before - present(school)) == shown["removes_links"]
    if saved["run_id"] is None:
        assert not any(shown[name] for name in _COUNTED)
    else:
        run = await school.get(f"/runs/{saved['run_id']}")
        assert {name: shown[name] for name in _COUNTED} == {
            name: run["counts"][counted] for name, counted in _COUNTED.items()
        }
    open_now = {each["id"] for each in await school.differences(state="open")}
    assert len(open_now - open_before) == shown["asks"]


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
async def test_the_preview_is_what_happens(world: World, data: st.DataObject) -> None:
    school = await world.linked_school()
    await fill(school, data.draw)
    await school.sync()
    own_groups = sorted(school.held.groups)
    for _ in range(2):
        mine = []
        for each in await school.differences(state="open"):
            action = data.draw(st.sampled_from(["", *each["actions"]]))
            other = action == "map" and (each["kind"] == "group_unmapped")
            record = data.draw(st.sampled_from([None, *own_groups])) if other else None
            if action:
                mine.append(decision(each, action, record))
        if mine:
            await save_as_previewed(school, "/mapping", decisions=mine)
    records = {"group": own_groups, "staff": sorted(school.held.users)}
    changes = [
        change(each, action, data.draw(st.sampled_from(others)) if action == "move" else None)
        for each in await school.mapped()
        if (others := records.get(each["kind"]))
        and (action := data.draw(st.sampled_from(["", "move", "take_apart"])))
    ]
    if changes:
        await save_as_previewed(school, "/mapping/changes", changes=changes)
    people = set(school.held.pupils), set(school.held.users), set(school.held.groups)
    run = await school.sync()
    assert set(run["counts"].values()) == {0}, "what was saved has settled all there was to do"
    assert (set(school.held.pupils), set(school.held.users), set(school.held.groups)) == people


async def test_says_who_stays_without_a_user_and_why(school: SchoolInTest) -> None:
    """'2 members of staff stay without a user because …'."""
    school.mis.group("G", "3 Blue")
    school.mis.pupil("P1", "G")
    school.mis.pupil("P2", "G")
    school.mis.teacher("T1", "G")
    school.mis.teacher("T2", "G", email="same@school.example")
    school.mis.teacher("T3", "G", email="same@school.example")
    await school.sync()
    mine = [decision(each, "create") for each in await school.differences()]
    shown = (await school.post("/mapping/preview", decisions=mine)).json()
    assert (shown["creates_groups"], shown["creates_users"], shown["asks"]) == (1, 1, 2)
    assert (shown["adds_memberships"], shown["adds_teaching"]) == (2, 1)
    clash = "Several members of staff have the same e-mail address in the MIS. Correct it there."
    assert shown["without_user"] == [
        {"label": "Tom ReidT2", "reason": clash},
        {"label": "Tom ReidT3", "reason": clash},
    ]
    assert len(await school.differences()) == 1, "nothing was changed by looking"
