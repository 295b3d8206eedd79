"""What the admin does with a file of users, as tests ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from tests.identity.door import SchoolInTest
from tests.identity.user_management import ask
from tests.shared.tables import as_csv

__all__ = [
    "HEADINGS",
    "by_row",
    "confirm",
    "imported",
    "look_through",
    "preview",
    "row",
    "rows_of",
    "upload",
    "users_of",
    "why",
]

HEADINGS = ["Title", "Forename", "Surname", "E-mail", "Role", "Staff code", "Username"]


async def upload(
    school: SchoolInTest, content: bytes, file_name: str = "staff.csv", headers: Any = None
) -> httpx.Response:
    return await school.door.client.post(
        "/user-imports",
        params={"file_name": file_name},
        content=content,
        headers=headers or await school.as_admin(),
    )


async def preview(
    school: SchoolInTest,
    rows: Sequence[Sequence[str]],
    headings: Sequence[str] = HEADINGS,
    /,
    **how: bool,
) -> dict[str, Any]:
    """The import, looked through with the columns that were recognised."""
    answer = await upload(school, as_csv([headings, *rows]))
    assert answer.status_code == 201, answer.text
    return await look_through(school, answer.json(), **how)


async def look_through(school: SchoolInTest, made: dict[str, Any], **how: bool) -> dict[str, Any]:
    columns = [{"column": one["column"], "field": one["field"]} for one in made["columns"]]
    body = {"columns": columns, **how}
    answer = await ask(school, "PUT", f"/user-imports/{made['id']}/preview", body)
    assert answer.status_code == 200, answer.text
    previewed: dict[str, Any] = answer.json()
    return previewed


async def rows_of(
    school: SchoolInTest, made: dict[str, Any], outcome: str | None = None
) -> list[dict[str, Any]]:
    """All of them, page by page."""
    rows: list[dict[str, Any]] = []
    query = f"limit=200{f'&outcome={outcome}' if outcome else ''}"
    cursor = ""
    while True:
        path = f"/user-imports/{made['id']}/rows?{query}{cursor}"
        page = (await ask(school, "GET", path)).json()
        rows += page["items"]
        if not page["next_cursor"]:
            assert page["total"] == len(rows)
            return rows
        cursor = f"&cursor={page['next_cursor']}"


async def by_row(school: SchoolInTest, made: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {row["row"]: row for row in await rows_of(school, made)}


async def confirm(school: SchoolInTest, made: dict[str, Any]) -> httpx.Response:
    body = {"expected_version": made["version"]}
    return await ask(school, "POST", f"/user-imports/{made['id']}/confirmation", body)


async def imported(
    school: SchoolInTest, rows: Sequence[Sequence[str]], **how: bool
) -> dict[str, Any]:
    answer = await confirm(school, await preview(school, rows, HEADINGS, **how))
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


async def users_of(school: SchoolInTest) -> dict[str, dict[str, Any]]:
    """All, by username."""
    answer = await ask(school, "GET", "/users?limit=200")
    return {user["username"]: user for user in answer.json()["items"]}


def row(
    forename: str = "",
    surname: str = "",
    email: str = "",
    role: str = "",
    code: str = "",
    username: str = "",
    title: str = "",
) -> list[str]:
    return [title, forename, surname, email, role, code, username]


def why(found: dict[str, Any]) -> str:
    assert found["outcome"] == "rejected", found
    return " ".join(fault["detail"] for fault in found["faults"])
