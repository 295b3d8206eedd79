"""Many pupils at once (R6, R12, R13): looked through first, then all or nothing."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from stdnum.gb import upn as upns
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import LinkAction, LinkProposal, ProposalAction, PupilProposal
from shared.contracts.roster import RollUpDue
from shared.contracts.vocabulary import GroupKind, LinkKind, YearGroup
from tests.roster.door import Door, SchoolInTest, details, ids_of, problem_of

JULY = datetime(2027, 7, 1, 9, tzinfo=UTC)
ROLL_UP_DAY = datetime(2027, 8, 26, 9, tzinfo=UTC)
GONE = "Moved to another school"
NUMBERS = itertools.count()


def upn() -> str:
    """Another one each time."""
    digits = f"801{next(NUMBERS):09}"
    return upns.calc_check_digit("A" + digits) + digits


async def with_pupils(school: SchoolInTest, *surnames: str, **given: Any) -> list[UUID]:
    """Pupils of Year 3 whom the MIS gave."""
    proposals = [
        PupilProposal(
            pupil_id=uuid7(),
            action=ProposalAction.CREATE,
            details=details(upn=upn(), legal_surname=surname, **given),
        )
        for surname in surnames
    ]
    for start in range(0, len(proposals), 500):
        await school.pupils_approved(*proposals[start : start + 500])
    return [proposal.pupil_id for proposal in proposals]


async def change(
    school: SchoolInTest, action: str, pupils: Sequence[UUID], *, path: str = "", **given: Any
) -> httpx.Response:
    body = {"action": action, "ids": [str(one) for one in pupils], **given}
    return await school.by_hand("POST", f"/pupils/bulk{path}", body)


def outcomes(answer: httpx.Response) -> dict[str, tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return {item["name"]: (item["outcome"], item["reason"]) for item in answer.json()["items"]}


CHANGED = ("changed", None)


class TestActiveAndInactive:
    async def test_with_a_reason_and_the_mis_does_not_undo_it(self, school: SchoolInTest) -> None:
        """R6, R13: what is so already is neither marked nor told of."""
        hall, king, reed = await with_pupils(school, "Hall", "King", "Reed")
        await change(school, "make_inactive", [king], reason=GONE)
        expected = {
            "Zoë Hall": CHANGED,
            "Zoë King": ("unchanged", "Is inactive already."),
            "Zoë Reed": CHANGED,
        }
        wanted = [reed, hall, king, hall]
        told = len(await school.told())
        ahead = await change(school, "make_inactive", wanted, path="/preview")
        assert outcomes(ahead) == expected
        assert len(await school.told()) == told, "looking ahead says nothing"
        done = await change(school, "make_inactive", wanted, reason=GONE)
        assert outcomes(done) == expected
        assert done.json()["changed"] == 2
        events = (await school.told())[told:]
        assert [event["type"] for event in events] == [
            "roster.pupils.changed.v1",
            "activity.recorded.v1",
        ]
        entries = events[1]["data"]["entries"]
        assert [entry["subject"]["id"] for entry in entries] == [str(hall), str(reed)]
        assert {entry["action"] for entry in entries} == {"pupil.made_inactive"}
        assert entries[0]["before"] == {"active": True, "active_reason": None, "overrides": []}
        assert entries[0]["after"] == {
            "active": False,
            "active_reason": GONE,
            "overrides": ["active"],
        }
        again = PupilProposal(
            pupil_id=hall,
            action=ProposalAction.REACTIVATE,
            details=details(upn=None, legal_surname="Hall"),
        )
        (outcome,) = await school.pupils_approved(again)
        assert outcome["outcome"] == "overridden"
        assert outcomes(await change(school, "make_active", [hall, reed])) == {
            "Zoë Hall": CHANGED,
            "Zoë Reed": CHANGED,
        }
        back = await school.get(f"/pupils/{hall}")
        assert (back["active"], back["active_reason"], back["version"]) == (True, None, 3)

    async def test_nobody_goes_without_a_reason(self, school: SchoolInTest) -> None:
        pupils = await with_pupils(school, "Hall", "Reed")
        answer = await change(school, "make_inactive", pupils)
        assert problem_of(answer) == (422, "field-refused")
        assert answer.json()["errors"][0]["pointer"] == "#/reason"
        assert (await school.get("/pupils"))["total"] == 2

    async def test_who_is_inactive_counts_nowhere(self, school: SchoolInTest) -> None:
        """R6: not in the figures, not in a group, not in a list, and is back with all they had."""
        hall, king, reed = await with_pupils(school, "Hall", "King", "Reed")
        blue = await school.has_class("3 Blue", "3", hall, king)

        async def counts() -> dict[str, int]:
            summary = await school.get("/summary")
            group = await school.get(f"/groups/{blue}")
            return {
                "roll": summary["pupils"],
                "without class": summary["pupils_without_class"],
                "group": group["member_count"],
                "in list": (await school.get("/pupils"))["total"],
                "in list of group": (await school.get("/pupils", group_id=blue))["total"],
                "on group's page": (await school.get(f"/groups/{blue}/pupils"))["total"],
                "to be selected": (await school.get("/pupils/ids"))["total"],
                "in roll-up": sum(g["pupils"] for g in (await school.get("/roll-up"))["groups"]),
                "inactive": (await school.get("/pupils", active=False))["total"],
            }

        full = await counts()
        assert full == {
            "roll": 3,
            "without class": 1,
            "group": 2,
            "in list": 3,
            "in list of group": 2,
            "on group's page": 2,
            "to be selected": 3,
            "in roll-up": 2,
            "inactive": 0,
        }
        await change(school, "make_inactive", [king, reed], reason=GONE)
        assert await counts() == {
            "roll": 1,
            "without class": 0,
            "group": 1,
            "in list": 1,
            "in list of group": 1,
            "on group's page": 1,
            "to be selected": 1,
            "in roll-up": 1,
            "inactive": 2,
        }
        await change(school, "make_active", [king, reed])
        assert await counts() == full


class TestYearGroups:
    async def test_are_marked_as_set_by_hand(self, school: SchoolInTest) -> None:
        """R13: the MIS's year group waits; one who is there already stays the MIS's."""
        hall, reed = await with_pupils(school, "Hall", "Reed")
        four = await with_pupils(school, "Young", year_group=YearGroup.Y4)
        blue = await school.has_class("3 Blue", "3", hall)
        assert blue
        pupils = [hall, reed, *four]
        ahead = await change(school, "move_to_year", pupils, year_group="4", path="/preview")
        assert ahead.json()["class_of_other_year"] == 1
        done = await change(school, "move_to_year", pupils, year_group="4")
        assert outcomes(done) == {
            "Zoë Hall": CHANGED,
            "Zoë Reed": CHANGED,
            "Zoë Young": ("unchanged", "Is in Year 4 already."),
        }
        moved = {item["id"]: item for item in (await school.get("/pupils"))["items"]}
        assert {item["year_group"] for item in moved.values()} == {"4"}
        assert moved[str(hall)]["overrides"] == ["year_group"]
        assert moved[str(four[0])]["overrides"] == []
        assert ids_of(await school.get("/pupils", set_by_hand=True)) == [hall, reed]
        proposal = PupilProposal(
            pupil_id=hall, action=ProposalAction.UPDATE, details=details(upn=None)
        )
        (outcome,) = await school.pupils_approved(proposal)
        assert outcome["outcome"] == "overridden"

    async def test_are_the_school_s_own(self, school: SchoolInTest) -> None:
        pupils = await with_pupils(school, "Hall")
        answer = await change(school, "move_to_year", pupils, year_group="7")
        assert problem_of(answer) == (422, "field-refused")
        assert "Reception to Year 6" in answer.json()["detail"]


class TestTheGuardOfTheRollUp:
    """R12: whole years wait for it from 1 June on."""

    async def test_refuses_two_who_go_up_and_takes_one(self, school: SchoolInTest) -> None:
        hall, reed = await with_pupils(school, "Hall", "Reed")
        with school.door.clock.at(JULY):
            for path in ("/preview", ""):
                answer = await change(
                    school, "move_to_year", [hall, reed], year_group="4", path=path
                )
                assert problem_of(answer) == (409, "waits-for-roll-up")
            refusal = answer.json()
            assert "26 August 2027" in refusal["detail"]
            assert (refusal["pupils"], refusal["due_on"]) == (2, "2027-08-26")
            assert (await school.get("/pupils", year_group="3"))["total"] == 2
            for group, ids in (("2", [hall, reed]), ("5", [hall, reed]), ("3", [hall])):
                done = await change(school, "move_to_year", ids, year_group=group)
                assert done.status_code == 200, "down, further up, or a single one"

    async def test_stands_until_it_has_run_and_again_when_it_is_undone(
        self, school: SchoolInTest
    ) -> None:
        pupils = await with_pupils(school, "Hall", "Reed")
        with school.door.clock.at(ROLL_UP_DAY):
            before = await change(school, "move_to_year", pupils, year_group="4")
            assert before.json()["waiting"] == "due"
            await school.hears(RollUpDue(academic_year="2026/27"))
            (last,) = [(await school.get("/roll-up"))["last"]]
            await school.by_hand("POST", f"/roll-up/{last['id']}/undo")
            undone = await change(school, "move_to_year", pupils, year_group="4")
            assert problem_of(undone) == (409, "waits-for-roll-up")
            assert "run it again" in undone.json()["detail"]
            await school.by_hand("POST", "/roll-up/run")
            done = await change(school, "move_to_year", pupils, year_group="5")
            assert done.json()["changed"] == 2


class TestGroups:
    async def test_take_in_those_who_are_not_in_them(self, school: SchoolInTest) -> None:
        """R13: the MIS's membership stays the MIS's; nobody inactive comes in."""
        mis, hall, gone = await with_pupils(school, "Mis", "Hall", "Gone")
        blue = await school.has_class("3 Blue", "3", mis)
        red = await school.has_class("3 Red", "3", hall)
        await change(school, "make_inactive", [gone], reason=GONE)
        ahead = await change(
            school, "add_to_group", [mis, hall, gone], group_id=str(blue), path="/preview"
        )
        assert ahead.json()["in_other_class"] == 1
        told = len(await school.told())
        done = await change(school, "add_to_group", [mis, hall, gone], group_id=str(blue))
        assert outcomes(done) == outcomes(ahead)
        assert outcomes(done) == {
            "Zoë Gone": ("refused", "Is inactive. Make them active first."),
            "Zoë Hall": CHANGED,
            "Zoë Mis": ("unchanged", "Is in 3 Blue already."),
        }
        events = (await school.told())[told:]
        assert [event["type"] for event in events] == [
            "roster.links.changed.v1",
            "activity.recorded.v1",
        ]
        (entry,) = events[1]["data"]["entries"]
        assert (entry["action"], entry["subject"]["label"]) == ("link.added", "Zoë Hall in 3 Blue")
        links = await school.get("/links", group_id=str(blue), kind="member")
        assert {link["person_id"]: link["override"] for link in links["items"]} == {
            str(mis): False,
            str(hall): True,
        }
        choir = await school.has_group("Choir", kind=GroupKind.SET)
        ahead = await change(
            school, "add_to_group", [mis, hall], group_id=str(choir), path="/preview"
        )
        assert ahead.json()["in_other_class"] == 0, "a set is no class"
        assert red

    async def test_give_up_those_who_are_in_them_and_no_sync_puts_them_back(
        self, school: SchoolInTest
    ) -> None:
        hall, both, other = await with_pupils(school, "Hall", "Both", "Other")
        blue = await school.has_class("3 Blue", "3", hall, both)
        await school.has_class("3 Red", "3", both, other)
        given = {"group_id": str(blue)}
        pupils = [hall, both, other]
        ahead = await change(school, "remove_from_group", pupils, path="/preview", **given)
        assert ahead.json()["without_class"] == 1
        done = await change(school, "remove_from_group", pupils, **given)
        assert outcomes(done)["Zoë Other"] == ("unchanged", "Is not in 3 Blue.")
        assert done.json()["changed"] == 2
        again = LinkProposal(
            kind=LinkKind.MEMBER, group_id=blue, person_id=hall, action=LinkAction.ADD
        )
        (outcome,) = await school.links_approved(again)
        assert outcome["outcome"] == "overridden"

    async def test_that_are_inactive_take_nobody_in(self, school: SchoolInTest) -> None:
        pupils = await with_pupils(school, "Hall")
        blue = await school.has_class("3 Blue", "3", *pupils)
        body = {"expected_version": 1, "active": False}
        await school.by_hand("PATCH", f"/groups/{blue}", body)
        answer = await change(school, "add_to_group", pupils, group_id=str(blue))
        assert problem_of(answer) == (409, "group-inactive")
        done = await change(school, "remove_from_group", pupils, group_id=str(blue))
        assert done.json()["changed"] == 1


class TestAllOrNothing:
    async def test_nobody_of_another_school_and_no_other_group(
        self, door: Door, school: SchoolInTest
    ) -> None:
        other = SchoolInTest(door)
        await other.is_heard_of()
        (hall,) = await with_pupils(school, "Hall")
        (stranger,) = await with_pupils(other, "Hall")
        foreign_group = await other.has_group("3 Blue")
        for wrong in (stranger, uuid7()):
            for path in ("", "/preview"):
                answer = await change(
                    school, "make_inactive", [hall, wrong], reason=GONE, path=path
                )
                assert problem_of(answer) == (404, "pupils-not-found")
                assert "Nothing was changed" in answer.json()["detail"]
        answer = await change(school, "add_to_group", [hall], group_id=str(foreign_group))
        assert problem_of(answer) == (404, "group-not-found")
        assert (await school.get(f"/pupils/{hall}"))["version"] == 1
        assert (await other.get(f"/pupils/{stranger}"))["active"]

    @pytest.mark.parametrize(
        ("action", "given"),
        [
            ("move_to_year", {}),
            ("add_to_group", {"year_group": "4"}),
            ("make_active", {"reason": "x"}),
            ("make_inactive", {"reason": "x", "year_group": "4"}),
            ("make_inactive", {"reason": "one\u0000two"}),
            ("make_inactive", {"reason": "  "}),
            ("make_inactive", {"school_id": str(UUID(int=1))}),
            ("delete", {}),
        ],
    )
    async def test_an_action_has_what_it_needs_and_no_more(
        self, school: SchoolInTest, action: str, given: dict[str, Any]
    ) -> None:
        answer = await change(school, action, [uuid7()], **given)
        assert answer.status_code in (400, 422), answer.text

    async def test_only_the_admin(self, school: SchoolInTest) -> None:
        (hall,) = await with_pupils(school, "Hall")
        body = {"action": "make_inactive", "ids": [str(hall)], "reason": GONE}
        for headers in (school.as_slt(), school.as_teacher(uuid4())):
            for method, path in (
                ("POST", "/pupils/bulk"),
                ("POST", "/pupils/bulk/preview"),
                ("GET", "/pupils/ids"),
                ("GET", "/pupils/export"),
            ):
                answer = await school.door.client.request(method, path, json=body, headers=headers)
                assert problem_of(answer)[0] == 403

    async def test_2000_in_one_go_and_no_more(self, school: SchoolInTest) -> None:
        """Events hold 500 each; 2,000 are a whole large school."""
        pupils = await with_pupils(school, *(f"Pupil{number}" for number in range(1001)))
        selected = await school.get("/pupils/ids", search="pupil")
        assert (len(selected["ids"]), selected["total"]) == (1001, 1001)
        told = len(await school.told())
        done = await change(school, "make_inactive", pupils, reason=GONE)
        assert done.json()["changed"] == 1001
        events = (await school.told())[told:]
        sizes = [len(event["data"].get("pupils") or event["data"]["entries"]) for event in events]
        assert sizes == [500, 500, 1, 500, 500, 1]
        too_many = await change(school, "make_active", [*pupils, *(uuid7() for _ in range(1000))])
        assert problem_of(too_many) == (422, "too-many-at-once")
        assert "2,001 pupils were chosen, and 2,000 at most" in too_many.json()["detail"]

    async def test_two_at_once_change_each_once(self, school: SchoolInTest) -> None:
        pupils = await with_pupils(school, *(f"P{number}" for number in range(60)))
        parts = [pupils[start : start + 30] for start in (0, 10, 20, 30)]
        answers = await asyncio.gather(
            *(change(school, "make_inactive", part, reason=GONE) for part in parts)
        )
        assert sum(answer.json()["changed"] for answer in answers) == 60
        items = (await school.get("/pupils", active=False, limit=200))["items"]
        assert {item["version"] for item in items} == {2}
