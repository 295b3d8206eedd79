"""Identity as the tests use it: HTTP with signed principals, and a look at what it wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from shared.security.principals import Kind, Principal, PrincipalSigner, Scope
from tests.identity.mailbox import Mailbox
from tests.looking import Look

__all__ = ["OPERATOR", "OWN_PASSWORD", "Door", "SchoolInTest", "SettableClock", "problem_of"]

OWN_PASSWORD = "tuesday bicycle lamp 42"
OPERATOR = Principal(UUID(int=1), None, Kind.OPERATOR, None, Scope.FULL, None, "Operator")

_numbers = count(1)


class SettableClock:
    """The real time, moved as far as a test says; or one moment, for as long as it says."""

    def __init__(self) -> None:
        self._moved = timedelta()
        self._stands_at: datetime | None = None

    def __call__(self) -> datetime:
        return (self._stands_at or datetime.now(UTC)) + self._moved

    @contextmanager
    def standing(self) -> Iterator[None]:
        """No time passes but what the test moves it by, however long the machine takes."""
        self._stands_at = datetime.now(UTC)
        try:
            yield
        finally:
            self._stands_at = None

    @contextmanager
    def moved_by(self, **span: float) -> Iterator[None]:
        before = self._moved
        self._moved += timedelta(**span)
        try:
            yield
        finally:
            self._moved = before


@dataclass
class Door:
    """The service under test."""

    app: FastAPI
    client: httpx.AsyncClient
    clock: SettableClock
    signer: PrincipalSigner
    mailbox: Mailbox
    admin_dsn: str
    service_dsn: str
    look: Look

    def signed(self, principal: Principal) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.signer.sign(principal, 'identity')}"}

    def as_session(self, session: dict[str, Any]) -> dict[str, str]:
        """The headers with which the gateway asks on behalf of who has this session."""
        account = session["account"]
        return self.signed(
            Principal(
                account_id=UUID(account["id"]),
                school_id=UUID(session["school"]["id"]),
                kind=Kind(account["kind"]),
                role=account["role"],
                scope=Scope(session["scope"]),
                session_id=UUID(session["id"]),
                name=account["name"],
                authenticator=session["authenticator"],
            )
        )

    async def new_school(self, **details: Any) -> SchoolInTest:
        """A school that was just set up. Its postcode is its own unless one is given."""
        number = next(_numbers)
        body = {
            "name": "Heron Park Primary School",
            "postcode": _postcode(number),
            "first_year_group": "R",
            "last_year_group": "6",
            "admin_email": f"office-{uuid4().hex[:12]}@heronpark.example",
            **details,
        }
        answer = await self.client.post("/schools", json=body, headers=self.signed(OPERATOR))
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return SchoolInTest(self, made, body["admin_email"])

    async def sign_in(self, identifier: str, password: str) -> httpx.Response:
        body = {"identifier": identifier, "password": password}
        return await self.client.post("/sessions", json=body)

    async def look_up(self, token: str) -> httpx.Response:
        return await self.client.post("/sessions/lookup", json={"token": token})

    async def set_password(
        self, opened: dict[str, Any], password: str, current: str | None = None
    ) -> httpx.Response:
        body = {"new_password": password, "current_password": current}
        return await self.client.post(
            "/password", json=body, headers=self.as_session(opened["session"])
        )

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        """What the database holds, seen past row-level security."""
        return [dict(row) for row in await self.look.fetch(query, *arguments)]

    async def told(self, school_id: UUID, event_type: str | None = None) -> list[dict[str, Any]]:
        """The events of a school in the order they were written, as JSON."""
        rows = await self.rows(
            "SELECT body FROM outbox WHERE school_id = $1 ORDER BY id", school_id
        )
        events = [json.loads(row["body"]) for row in rows]
        return [event for event in events if event_type in (None, event["type"])]


@dataclass
class SchoolInTest:
    """A school and who is in it."""

    door: Door
    made: dict[str, Any]
    admin_email: str
    _admin: dict[str, Any] | None = field(default=None)

    @property
    def id(self) -> UUID:
        return UUID(self.made["school"]["id"])

    @property
    def postcode(self) -> str:
        """As it stands in usernames."""
        return str(self.made["school"]["postcode"]).replace(" ", "").lower()

    @property
    def default_password(self) -> str:
        return str(self.made["default_password"])

    @property
    def link_token(self) -> str:
        return str(self.made["admin"]["sign_in_link"]).rpartition("#")[2]

    async def admin(self) -> dict[str, Any]:
        """The admin's full session, opened through the link they were sent."""
        if self._admin is None:
            opened = await self.door.client.post("/sessions/link", json={"token": self.link_token})
            assert opened.status_code == 201, opened.text
            answer = await self.door.set_password(opened.json(), OWN_PASSWORD)
            assert answer.status_code == 201, answer.text
            self._admin = answer.json()
        return self._admin

    async def as_admin(self) -> dict[str, str]:
        return self.door.as_session((await self.admin())["session"])

    async def add_user(self, **details: Any) -> dict[str, Any]:
        answer = await self.try_to_add_user(**details)
        assert answer.status_code == 201, answer.text
        user: dict[str, Any] = answer.json()
        return user

    async def try_to_add_user(self, **details: Any) -> httpx.Response:
        body = {"forename": "Jo", "surname": "Smith", "role": "teacher", **details}
        headers = await self.as_admin()
        return await self.door.client.post("/users", json=body, headers=headers)

    async def claim(self, username: str, password: str = OWN_PASSWORD) -> dict[str, Any]:
        """The full session of a user who has just set their first password."""
        opened = await self.door.sign_in(username, self.default_password)
        assert opened.status_code == 201, opened.text
        answer = await self.door.set_password(opened.json(), password)
        assert answer.status_code == 201, answer.text
        claimed: dict[str, Any] = answer.json()
        return claimed


def _postcode(number: int) -> str:
    """Of eighteen thousand. In one process, all tests of identity set up some nine hundred."""
    letter = "PABDEFGHJLNQRSTUWXYZ"[number // 900 % 20]
    return f"NG{number % 90 + 10} {number // 90 % 10}{letter}N"


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("urn:classroom:problem:")
