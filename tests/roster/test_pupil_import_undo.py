"""The last import can be undone for seven days: what is as it was left goes back (R10, R13)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.roster import RollUpDue
from shared.contracts.vocabulary import YearGroup
from tests.roster.door import Door, SchoolInTest, details, problem_of
from tests.roster.pupil_imports import imported, preview, pupils_of, row, rows_of, undo, upn
from tests.roster.running import NOW


def without_version(pupil: dict[str, Any]) -> dict[str, Any]:
    groups = [{**group, "link": {**group["link"], "version": None}} for group in pupil["groups"]]
    return {**pupil, "version": None, "groups": groups}


async def by_hand(school: SchoolInTest, name: str, **change: Any) -> None:
    pupil = (await pupils_of(school))[name]
    body = {"expected_version": pupil["version"], **change}
    answer = await school.by_hand("PATCH", f"/pupils/{pupil['id']}", body)
    assert answer.status_code == 200, answer.text


async def test_puts_everybody_back_as_they_were(school: SchoolInTest) -> None:
    """Details, UPNs, marks, active, classes; whom it added becomes inactive, so do its classes."""
    here = [
        await school.has_pupil(upn=upn(n), legal_forename=f"Jo{n}", year_group=YearGroup.Y3)
        for n in range(1, 4)
    ]
    await school.has_class("3 Blue", "3", *here)
    await by_hand(school, "Jo2 O’Neill", legal_forename="Jo2b", active=False, active_reason="Left")
    before = await pupils_of(school, by="id")
    done = await imported(
        school,
        [
            row(upn(9), "Jo1", "New", "01/02/2019", "4", "4 Oak", "F", former=upn(1)),
            row(upn(2), "Jo2c", "O’Neill", class_name="4 Oak"),
            row(upn(5), "Added", "Now", year="4", class_name="4 Oak"),
        ],
        scope="full",
        classes="replace",
        make_classes=True,
        keep_over_mis=True,
    )
    assert (done["counts"]["updated"], done["counts"]["made_inactive"]) == (2, 1)
    answer = await undo(school, done)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "undone"
    assert answer.json()["undone"] == {
        "pupils_put_back": 3,
        "pupils_made_inactive": 1,
        "changed_since": 0,
    }
    after = await pupils_of(school, by="id")
    for pupil_id, was in before.items():
        assert without_version(after[pupil_id]) == without_version(was)
    added = next(pupil for pupil_id, pupil in after.items() if pupil_id not in before)
    assert (added["active"], added["legal_forename"]) == (False, "Added")
    assert [group["name"] for group in (await school.get("/groups"))["items"]] == ["3 Blue"]
    entry = (await school.told("activity.recorded.v1"))[-1]["data"]["entries"][-1]
    assert (entry["action"], entry["after"]["pupils_put_back"]) == ("pupils.import_undone", 3)


async def test_leaves_what_was_changed_since_and_lists_it(school: SchoolInTest) -> None:
    """By hand, by the sync; field by field."""
    first = await school.has_pupil(upn=upn(1), legal_forename="One")
    second = await school.has_pupil(upn=upn(2), legal_forename="Two", year_group=YearGroup.Y3)
    oak = await school.has_class("Oak", "3")
    done = await imported(
        school,
        [
            row(upn(1), "One1", "Hall", year="4", class_name="Oak"),
            row(upn(2), "Two2", "Hall", year="4", class_name="Oak"),
            row(upn(3), "Three", "Hall", "01/02/2018"),
            row(upn(4), "Four", "Hall", "01/02/2018"),
        ],
    )
    await by_hand(school, "One1 Hall", legal_forename="By hand")
    await school.by_hand("DELETE", f"/groups/{oak}/pupils/{first}")
    await school.by_hand("PUT", f"/groups/{oak}/pupils/{second}")
    moved = details(upn=upn(2), legal_forename="Two2", legal_surname="Hall", year_group="5")
    third = (await pupils_of(school))["Three Hall"]["id"]
    taken = details(upn=upn(3), legal_forename="Three", legal_surname="Hall", year_group=None)
    await school.pupils_approved(
        PupilProposal(pupil_id=second, action=ProposalAction.UPDATE, details=moved),
        PupilProposal(pupil_id=third, action=ProposalAction.UPDATE, details=taken),
    )
    answer = await undo(school, done)
    assert answer.json()["undone"] == {
        "pupils_put_back": 2,
        "pupils_made_inactive": 1,
        "changed_since": 3,
    }
    pupils = await pupils_of(school)
    assert pupils["By hand O’Neill"]["year_group"] == "3"
    assert pupils["Two O’Neill"]["year_group"] == "5"
    assert pupils["Three Hall"]["active"], "the MIS has them by now"
    assert not pupils["Four Hall"]["active"]
    left = await rows_of(school, done, "changed_since")
    assert [
        (one["name"], [(c["field"], c["before"], c["after"]) for c in one["changes"]])
        for one in left
    ] == [
        ("By hand O’Neill", [("legal_forename", "One1", "By hand")]),
        ("Three Hall", [("active", "Active", "Active")]),
        (
            "Two O’Neill",
            [("year_group", "Year 4", "Year 5"), ("class_name", "In Oak", "In Oak")],
        ),
    ]
    for present, person in ((False, first), (True, second)):
        links = await school.get("/links", kind="member", present=present)
        assert [(one["person_id"], one["override"]) for one in links["items"]] == [
            (str(person), True)
        ]
    assert len(await rows_of(school, done)) == 4


async def test_once_and_for_seven_days_and_the_last_only(door: Door, school: SchoolInTest) -> None:
    first = await imported(school, [row(upn(1), "Jo", "Hall")])
    last = await imported(school, [row(upn(1), "Jo", "Hill")])
    assert problem_of(await undo(school, first)) == (409, "cannot-undo-import")
    listed = (await school.get("/pupil-imports"))["items"]
    assert [bool(one["undo_until"]) for one in listed] == [True, False]
    waiting = await preview(school, [row(upn(2), "Al", "Hill")])
    assert problem_of(await undo(school, waiting)) == (409, "cannot-undo-import")
    with door.clock.at(NOW + timedelta(days=7, minutes=1)):
        assert problem_of(await undo(school, last)) == (409, "cannot-undo-import")
        assert (await school.get(f"/pupil-imports/{last['id']}"))["undo_until"] is None
    with door.clock.at(NOW + timedelta(days=7)):
        answers = await asyncio.gather(*(undo(school, last) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert set(await pupils_of(school)) == {"Jo Hall"}
    assert problem_of(await undo(school, first)) == (409, "cannot-undo-import")


async def test_leaves_what_the_roll_up_moved(door: Door, school: SchoolInTest) -> None:
    """R12: names go back, year groups and classes stay as the roll-up left them."""
    pupil = await school.has_pupil(upn=upn(1), legal_forename="Jo", year_group=YearGroup.Y3)
    blue = await school.has_class("3 Blue", "3")
    await school.has_class("4 Blue", "4")
    summer = datetime(2027, 8, 24, 9, 0, tzinfo=UTC)
    with door.clock.at(summer):
        done = await imported(school, [row(upn(1), "Joanna", "O’Neill", class_name="3 Blue")])
    with door.clock.at(summer + timedelta(days=3)):
        await school.hears(RollUpDue(academic_year="2026/27"))
        answer = await undo(school, done)
    assert answer.status_code == 200, answer.text
    found = (await pupils_of(school, by="id"))[str(pupil)]
    assert (found["legal_forename"], found["year_group"]) == ("Jo", "4")
    assert [group["name"] for group in found["groups"]] == ["4 Blue"]
    assert (await school.get(f"/groups/{blue}"))["member_count"] == 0
    assert answer.json()["undone"]["pupils_put_back"] == 1
