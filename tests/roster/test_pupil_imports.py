"""The preview of an import of pupils, and whom each row means (R10, R11, R17)."""

from __future__ import annotations

from tests.roster.door import Door, SchoolInTest
from tests.roster.pupil_imports import by_row, confirm, preview, pupils_of, row, upn


class TestThePreview:
    async def test_says_what_becomes_of_each_row_and_writes_nothing(
        self, door: Door, school: SchoolInTest
    ) -> None:
        known = await school.has_pupil(upn=upn(1), legal_forename="Zoë", legal_surname="Hall")
        await school.has_class("3 Blue", "3", known)
        told = len(await school.told())
        made = await preview(
            school,
            [
                row(upn(2), "Al", "Jones", "31/08/2018", "3", "3 Blue"),
                row(upn(1).lower(), "Zoe", "Hall", "01/02/2019", "Year 3"),
                row(upn(1)[:-1] + "X", "Bo", "Nobody", "1/2/19", "33", "4 Red"),
            ],
        )
        assert made["counts"] == {
            "added": 1,
            "updated": 1,
            "unchanged": 0,
            "rejected": 1,
            "made_inactive": 0,
            "made_active": 0,
            "probable": 0,
        }
        rows = await by_row(school, made)
        assert rows[3]["changes"] == [
            {"field": "legal_forename", "before": "Zoë", "after": "Zoe", "by_hand": False},
            {"field": "date_of_birth", "before": None, "after": "01/02/2019", "by_hand": False},
        ]
        assert len(await school.told()) == told
        answer = await confirm(school, made)
        assert answer.status_code == 200, answer.text
