"""The list of pupils as a file (R10), and that it was taken (R9)."""

from __future__ import annotations

import csv
import io
from typing import Any

from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.vocabulary import GroupKind, LinkKind, YearGroup
from tests.roster.door import UPNS, Door, SchoolInTest, details
from tests.roster.test_pupil_bulk import with_pupils
from tests.roster.test_pupil_fields import ALL, keeps


async def exported(school: SchoolInTest, **filters: Any) -> list[dict[str, str]]:
    answer = await school.by_hand("GET", "/pupils/export", **filters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_holds_what_the_school_keeps_of_each(school: SchoolInTest) -> None:
    pupil_id = await school.has_pupil(
        preferred_forename="Zo", date_of_birth="2018-08-31", sex="F", middle_names="Áine"
    )
    renumbered = details(upn=UPNS[1])
    await school.pupils_approved(
        PupilProposal(pupil_id=pupil_id, action=ProposalAction.UPDATE, details=renumbered)
    )
    choir = await school.has_group("Choir", kind=GroupKind.SET)
    await school.has_class("3 Blue", "3", pupil_id)
    await school.has_link(LinkKind.MEMBER, choir, pupil_id)
    body = {"expected_version": 2, "active": False, "active_reason": "Left", "year_group": "2"}
    await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)
    assert await exported(school) == []
    assert await exported(school, active=False) == [
        {
            "Surname": "O’Neill",
            "Forename": "Zoë",
            "Preferred surname": "",
            "Preferred forename": "Zo",
            "Middle name(s)": "Áine",
            "UPN": UPNS[1],
            "Former UPN": UPNS[0],
            "Date of birth": "31/08/2018",
            "Sex": "F",
            "Year group": "2",
            "Class": "3 Blue",
            "Other groups": "Choir",
            "Active": "No",
            "Reason": "Left",
            "From": "MIS",
            "Set by hand": "active, year group",
        }
    ]


async def test_holds_of_the_optional_fields_those_that_the_school_keeps(
    school: SchoolInTest,
) -> None:
    """R29: and the activity log says that they were in it."""
    pupil_id = await school.has_pupil()
    await keeps(school, **ALL)
    version = (await school.get(f"/pupils/{pupil_id}"))["version"]
    body = {"expected_version": version, "ethnicity": "WBRI", "pupil_premium": True}
    answer = await school.by_hand("PATCH", f"/pupils/{pupil_id}", body)
    assert answer.status_code == 200, answer.text
    (row,) = await exported(school)
    assert (row["Ethnicity"], row["Pupil premium"], row["In care"]) == ("WBRI", "Yes", "")
    assert row["Set by hand"] == ""
    assert (await school.get("/pupils", set_by_hand=True))["total"] == 0, "a list says nothing"
    await keeps(school, 1, pupil_premium=True)
    (row,) = await exported(school)
    assert row["Pupil premium"] == "Yes"
    assert "Ethnicity" not in row
    (*_, last) = await school.told("activity.recorded.v1")
    (entry,) = last["data"]["entries"]
    assert entry["after"]["optional_fields"] == ["Pupil premium"]


async def test_runs_no_formula(school: SchoolInTest) -> None:
    await school.has_pupil(legal_surname="=HYPERLINK(1)", legal_forename="+Zoë")
    (row,) = await exported(school)
    assert (row["Surname"], row["Forename"]) == ("'=HYPERLINK(1)", "'+Zoë")


async def test_is_the_filtered_list_to_its_end(door: Door, school: SchoolInTest) -> None:
    """More than are read at once, each once, in their order; of this school alone (R1)."""
    names = [f"Hall{number:04}" for number in range(501)]
    await with_pupils(school, *reversed(names))
    await with_pupils(school, "Older", year_group=YearGroup.Y4)
    other = SchoolInTest(door)
    await other.is_heard_of()
    await with_pupils(other, "Hall9999")
    rows = await exported(school, year_group="3", search="hall")
    assert [row["Surname"] for row in rows] == names


async def test_stands_in_the_activity_log_with_its_filters(school: SchoolInTest) -> None:
    """R9."""
    (pupil_id,) = await with_pupils(school, "Hall")
    blue = await school.has_class("3 Blue", "3", pupil_id)
    await exported(school, group_id=blue, search="hall", missing_upn=False)
    (*_, last) = await school.told("activity.recorded.v1")
    (entry,) = last["data"]["entries"]
    assert (entry["action"], entry["actor"]["name"]) == ("pupils.exported", "Sam Reed")
    assert entry["after"] == {
        "pupils": 1,
        "active": True,
        "missing_upn": False,
        "search": "hall",
        "group": "3 Blue",
    }
