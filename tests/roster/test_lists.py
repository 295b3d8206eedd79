"""Lists: pages that hold still, sorting, filters and search (R11)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import ProposalAction, PupilProposal
from shared.contracts.vocabulary import LinkKind, YearGroup
from shared.school.upn import check_upn
from shared.web.paging import encode_cursor
from tests.roster.door import UPNS, SchoolInTest, details, ids_of, problem_of

NAMES = ("Brontë", "Bronte", "Ábel", "abel", "Zajac", "O’Neill", "Oneal", "Ó Neill", "De Souza")

NO_ID = encode_cursor(["surname", "a", "b", "not an id"])


def upns(count: int) -> list[str]:
    """As many as are wanted, with right check letters."""
    made = []
    for number in range(count):
        digits = f"80120000{number:03d}0"
        letter = next(c for c in "ABCDEFGHJKLMNPQRTUVWXYZ" if not check_upn(c + digits).errors)
        made.append(letter + digits)
    return made


@pytest.fixture
async def roll(school: SchoolInTest) -> SchoolInTest:
    """45 pupils in three year groups, with names that sort close to each other."""
    years = (YearGroup.R, YearGroup.Y2, YearGroup.Y10)
    proposals = [
        PupilProposal(
            pupil_id=uuid7(),
            action=ProposalAction.CREATE,
            details=details(
                upn=upn, legal_surname=NAMES[place % len(NAMES)], year_group=years[place % 3]
            ),
        )
        for place, upn in enumerate(upns(45))
    ]
    await school.pupils_approved(*proposals)
    return school


async def all_pages(school: SchoolInTest, limit: int, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        if cursor is not None:
            query["cursor"] = cursor
        page = await school.get("/pupils", limit=limit, **query)
        items.extend(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["total"] == len(items)
            return items


class TestPages:
    @pytest.mark.parametrize("sort", ["surname", "-surname", "forename", "year_group", "-upn"])
    async def test_hold_every_pupil_once_whatever_their_size(
        self, roll: SchoolInTest, sort: str
    ) -> None:
        whole = [item["id"] for item in await all_pages(roll, 200, sort=sort)]
        assert len(set(whole)) == 45
        for limit in (1, 7, 45):
            paged = [item["id"] for item in await all_pages(roll, limit, sort=sort)]
            assert paged == whole

    async def test_lose_and_repeat_nobody_when_pupils_come_and_go_between_them(
        self, roll: SchoolInTest
    ) -> None:
        first = await roll.get("/pupils", limit=20)
        seen = ids_of(first)
        left = await roll.get("/pupils", limit=200)
        gone = ids_of(left)[5]
        await roll.by_hand("PATCH", f"/pupils/{gone}", {"expected_version": 1, "active": False})
        for surname in ("Aaron", "Zylka"):
            body = {"legal_forename": "New", "legal_surname": surname}
            await roll.by_hand("POST", "/pupils", body)
        rest = await roll.get("/pupils", limit=200, cursor=first["next_cursor"])
        assert len({*seen, *ids_of(rest)}) == len(seen) + len(rest["items"]) == 46

    async def test_of_an_order_continue_in_that_order_only(self, roll: SchoolInTest) -> None:
        cursor = (await roll.get("/pupils", limit=5))["next_cursor"]
        answer = await roll.by_hand("GET", "/pupils", sort="upn", cursor=cursor)
        assert problem_of(answer) == (400, "invalid-cursor")

    @pytest.mark.parametrize("cursor", ["", "x", "W10", NO_ID])
    async def test_from_a_made_up_place_are_refused(
        self, school: SchoolInTest, cursor: str
    ) -> None:
        answer = await school.by_hand("GET", "/pupils", cursor=cursor)
        assert problem_of(answer) == (400, "invalid-cursor")

    async def test_in_an_order_there_is_not_are_refused(self, school: SchoolInTest) -> None:
        answer = await school.by_hand("GET", "/pupils", sort="password")
        assert problem_of(answer) == (400, "unknown-sort")


class TestOrder:
    async def test_takes_no_notice_of_case_and_accents(self, roll: SchoolInTest) -> None:
        surnames = [item["legal_surname"] for item in await all_pages(roll, 200)]
        assert {*surnames[:10]} == {"Ábel", "abel"}
        assert surnames[-1] == "Zajac"

    async def test_of_year_groups_is_the_school_s_not_the_alphabet_s(
        self, roll: SchoolInTest
    ) -> None:
        years = [item["year_group"] for item in await all_pages(roll, 200, sort="year_group")]
        assert years == ["R"] * 15 + ["2"] * 15 + ["10"] * 15


class TestSearch:
    @pytest.mark.parametrize("text", ["Brontë", "bronte", "BRONTE zoe", "zoë bront"])
    async def test_finds_names_with_and_without_accents(
        self, roll: SchoolInTest, text: str
    ) -> None:
        found = await roll.get("/pupils", search=text)
        assert {item["legal_surname"] for item in found["items"]} == {"Brontë", "Bronte"}

    @pytest.mark.parametrize("text", ["O'Neill", "oneill"])
    async def test_takes_apostrophes_as_nothing(self, roll: SchoolInTest, text: str) -> None:
        found = await roll.get("/pupils", search=text)
        assert {item["legal_surname"] for item in found["items"]} == {"O’Neill"}

    async def test_finds_by_upn_present_and_former(self, school: SchoolInTest) -> None:
        pupil_id = await school.has_pupil()
        await school.pupils_approved(
            PupilProposal(
                pupil_id=pupil_id, action=ProposalAction.UPDATE, details=details(upn=UPNS[1])
            )
        )
        for text in (UPNS[1], UPNS[1][:6].lower(), UPNS[0], UPNS[0][:5]):
            assert ids_of(await school.get("/pupils", search=text)) == [pupil_id]

    @pytest.mark.parametrize("text", ["%", "_", "'", "\\", "Zajac%"])
    async def test_means_no_character_as_a_wildcard(self, school: SchoolInTest, text: str) -> None:
        await school.has_pupil()
        assert (await school.get("/pupils", search=text))["items"] == []


class TestFilters:
    async def test_narrow_the_list_and_its_total(self, roll: SchoolInTest) -> None:
        group_id = await roll.has_group("2 Red", year_group="2")
        pupil_id = ids_of(await roll.get("/pupils", year_group="2", limit=1))[0]
        await roll.has_link(LinkKind.MEMBER, group_id, pupil_id)
        assert (await roll.get("/pupils", year_group="2"))["total"] == 15
        assert (await roll.get("/pupils", origin="hand"))["total"] == 0
        assert (await roll.get("/pupils", missing_upn=False))["total"] == 45
        assert (await roll.get("/pupils", without_class=True))["total"] == 44
        assert ids_of(await roll.get("/pupils", without_class=False)) == [pupil_id]
        assert ids_of(await roll.get("/pupils", group_id=group_id)) == [pupil_id]

    async def test_find_what_was_set_by_hand_and_what_is_missing(
        self, school: SchoolInTest
    ) -> None:
        """R11, R13."""
        mis, corrected = await school.has_pupil(), await school.has_pupil(upn=UPNS[1])
        body = {"expected_version": 1, "year_group": None}
        await school.by_hand("PATCH", f"/pupils/{corrected}", body)
        new = {"legal_forename": "New", "legal_surname": "Zylka", "year_group": "1"}
        by_hand = UUID((await school.by_hand("POST", "/pupils", new)).json()["id"])
        for wanted, pupils in (
            ({"set_by_hand": True}, [corrected]),
            ({"set_by_hand": False}, [mis, by_hand]),
            ({"missing_year": True}, [corrected]),
            ({"missing_upn": True}, [by_hand]),
            ({"origin": "hand"}, [by_hand]),
            ({"origin": "mis", "set_by_hand": False}, [mis]),
        ):
            assert ids_of(await school.get("/pupils", **wanted)) == pupils
            selected = await school.get("/pupils/ids", **wanted)
            assert [UUID(one) for one in selected["ids"]] == pupils
