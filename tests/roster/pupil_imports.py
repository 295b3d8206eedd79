"""What the admin does with a file of pupils, as tests ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from shared.school.upn import check_upn
from tests.roster.door import SchoolInTest
from tests.shared.tables import as_csv

__all__ = [
    "HEADINGS",
    "by_row",
    "confirm",
    "imported",
    "look_through",
    "preview",
    "pupils_of",
    "row",
    "rows_of",
    "undo",
    "upload",
    "upn",
    "why",
]

HEADINGS = [
    "UPN",
    "Former UPN",
    "Surname",
    "Forename",
    "Date of birth",
    "Sex",
    "Year group",
    "Class",
]
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def upn(serial: int) -> str:
    """A made-up number with its right check letter."""
    digits = f"8012{serial:08d}"
    return next(c + digits for c in _LETTERS if check_upn(c + digits).valid)


async def upload(
    school: SchoolInTest,
    content: bytes,
    file_name: str = "pupils.csv",
    headers: Any = None,
    **query: str,
) -> httpx.Response:
    return await school.door.client.post(
        "/pupil-imports",
        params={"file_name": file_name, **query},
        content=content,
        headers=headers or school.as_admin(),
    )


async def preview(
    school: SchoolInTest,
    rows: Sequence[Sequence[str]],
    headings: Sequence[str] = HEADINGS,
    /,
    **how: Any,
) -> dict[str, Any]:
    """The import, looked through with the columns that were recognised."""
    answer = await upload(school, as_csv([headings, *rows]))
    assert answer.status_code == 201, answer.text
    return await look_through(school, answer.json(), **how)


async def look_through(school: SchoolInTest, made: dict[str, Any], **how: Any) -> dict[str, Any]:
    columns = [{"column": one["column"], "field": one["field"]} for one in made["columns"]]
    body = {"columns": columns, "scope": "partial", "date_order": "dmy", "classes": "add", **how}
    answer = await school.by_hand("PUT", f"/pupil-imports/{made['id']}/preview", body)
    assert answer.status_code == 200, answer.text
    previewed: dict[str, Any] = answer.json()
    return previewed


async def rows_of(
    school: SchoolInTest, made: dict[str, Any], outcome: str | None = None
) -> list[dict[str, Any]]:
    """All of them, page by page."""
    rows: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 200} | ({"outcome": outcome} if outcome else {})
    while True:
        page = await school.get(f"/pupil-imports/{made['id']}/rows", **query)
        rows += page["items"]
        if not page["next_cursor"]:
            assert page["total"] == len(rows)
            return rows
        query["cursor"] = page["next_cursor"]


async def by_row(school: SchoolInTest, made: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {row["row"]: row for row in await rows_of(school, made) if row["row"]}


async def confirm(school: SchoolInTest, made: dict[str, Any], **more: bool) -> httpx.Response:
    body = {"expected_version": made["version"], **more}
    return await school.by_hand("POST", f"/pupil-imports/{made['id']}/confirmation", body)


async def undo(school: SchoolInTest, made: dict[str, Any]) -> httpx.Response:
    return await school.by_hand("POST", f"/pupil-imports/{made['id']}/undo")


async def imported(
    school: SchoolInTest, rows: Sequence[Sequence[str]], **how: Any
) -> dict[str, Any]:
    made = await preview(school, rows, **how)
    answer = await confirm(school, made, make_many_inactive=True)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def pupils_of(school: SchoolInTest, by: str = "") -> dict[str, dict[str, Any]]:
    """All, active or not, by what they are called, or by a field of theirs."""
    found = {}
    for active in ("true", "false"):
        query: dict[str, Any] = {"limit": 200, "active": active}
        while True:
            page = await school.get("/pupils", **query)
            for pupil in page["items"]:
                name = f"{pupil['legal_forename']} {pupil['legal_surname']}"
                found[pupil[by] if by else name] = pupil
            if not page["next_cursor"]:
                break
            query["cursor"] = page["next_cursor"]
    return found


def row(
    upn: str = "",
    forename: str = "",
    surname: str = "",
    born: str = "",
    year: str = "",
    class_name: str = "",
    sex: str = "",
    former: str = "",
) -> list[str]:
    return [upn, former, surname, forename, born, sex, year, class_name]


def why(found: dict[str, Any]) -> str:
    assert found["outcome"] == "rejected", found
    return " ".join(fault["detail"] for fault in found["faults"])
