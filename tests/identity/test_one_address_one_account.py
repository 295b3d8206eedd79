"""One e-mail address, one account, whatever happens: over kinds, schools and inactive ones (R8).

Beside the service goes a plain model of who holds which address. Whoever hits a taken one is told
whose it is within the school, and of another school nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from services.identity.settings import Settings
from tests.broker import TestBroker
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.histories import DoorMachine, play
from tests.identity.test_staff import Sync, new_staff, update_of

WHERE = st.integers(0, 1)
WHOSE = st.integers(0, 7)
NAMES = st.sampled_from(["jo", "sam", "office"])
"""Of addresses. The admin of the first school holds `office`."""
SPELLINGS = st.sampled_from(["{}", " {}  ", "upper"])


@dataclass(eq=False)
class Holder:
    """An account of the school `where`; `email` is folded."""

    id: str
    where: int
    name: str
    username: str | None
    email: str | None
    by_hand: bool = False
    """R13: the sync leaves an address that was set by hand."""
    kind: str = "users"
    """Or `parents`, who sign in with nothing else."""


class Addresses(DoorMachine):
    """Two schools, whose people get, lose and swap a handful of addresses."""

    def __init__(self, broker: TestBroker, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(door, loop)
        self._broker = broker

    @initialize()
    def two_schools(self) -> None:
        self.domain = f"{uuid4().hex}.example"
        self.holders: list[Holder] = []
        self.schools: list[SchoolInTest] = []
        for where, name in enumerate(("office", "bursar")):
            email = f"{name}@{self.domain}"
            school = self.do(self.door.new_school(admin_email=email))
            account = self.do(school.admin())["session"]["account"]
            self.schools.append(school)
            self.holders.append(
                Holder(account["id"], where, account["name"], account["username"], email)
            )

    @precondition(lambda self: len(self.holders) < 8)
    @rule(where=WHERE, name=NAMES, spelling=SPELLINGS)
    def a_user_is_added(self, where: int, name: str, spelling: str) -> None:
        email = self._spelled(name, spelling)
        answer = self.do(self.schools[where].try_to_add_user(email=email, surname=_surname()))
        holder = self._holder(name)
        if holder is not None:
            self._is_told(answer.json(), holder, where)
            assert problem_of(answer) == (409, "email-taken")
            return
        assert answer.status_code == 201, answer.text
        user = answer.json()
        self._joins(user["id"], where, user, name, by_hand=True)

    @precondition(lambda self: len(self.holders) < 8)
    @rule(where=WHERE, name=NAMES, spelling=SPELLINGS)
    def a_parent_is_added(self, where: int, name: str, spelling: str) -> None:
        """R20: where the address is a parent's of the school, that one is offered."""
        answer = self.do(self._try_to_add_parent(where, self._spelled(name, spelling)))
        holder = self._holder(name)
        if holder is not None and holder.kind == "parents" and holder.where == where:
            assert problem_of(answer) == (409, "already-a-parent")
            assert answer.json()["in_the_way"]["id"] == holder.id
            return
        if holder is not None:
            self._is_told(answer.json(), holder, where)
            return
        assert answer.status_code == 201, answer.text
        parent, email = answer.json(), self._folded(name)
        self.holders.append(
            Holder(parent["id"], where, parent["name"], None, email, by_hand=True, kind="parents")
        )

    @precondition(lambda self: len(self.holders) < 8)
    @rule(where=WHERE, name=NAMES, spelling=SPELLINGS)
    def the_sync_adds_one(self, where: int, name: str, spelling: str) -> None:
        """R20."""
        proposal = new_staff(_surname(), email=self._spelled(name, spelling))
        [outcome] = self.do(self._sync(where).approve(proposal)).values()
        holder = self._holder(name)
        if holder is not None:
            self._is_refused(outcome, holder, where)
            return
        assert outcome["outcome"] == "applied", outcome
        user = self.do(self._sync(where).user(proposal.user_id))
        self._joins(user["id"], where, user, name, by_hand=False)

    @precondition(lambda self: len(self.holders) > 2)
    @rule(whose=WHOSE, name=st.none() | NAMES, spelling=SPELLINGS)
    def an_address_is_changed(self, whose: int, name: str | None, spelling: str) -> None:
        """Or taken off, which frees it at once."""
        user = self._user(whose)
        email = self._spelled(name, spelling) if name else None
        before = self._asked(user, "GET", "")
        body = {"expected_version": before["version"], "email": email}
        answer = self._asked(user, "PATCH", "", body)
        if user.kind == "parents" and name is None and before["active"]:
            assert answer["type"] == "urn:classroom:problem:email-needed", answer
            return
        holder = self._holder(name) if name else None
        if holder is not None and holder is not user:
            self._is_told(answer, holder, user.where)
            return
        assert "version" in answer, answer
        user.by_hand = user.by_hand or answer["version"] > before["version"]
        user.email = self._folded(name) if name else None

    @precondition(lambda self: len(self.holders) > 2)
    @rule(whose=WHOSE, name=NAMES, spelling=SPELLINGS)
    def the_sync_knows_another(self, whose: int, name: str, spelling: str) -> None:
        user = self._user(whose)
        proposal = update_of(UUID(user.id), email=self._spelled(name, spelling))
        [outcome] = self.do(self._sync(user.where).approve(proposal)).values()
        if user.kind == "parents":
            assert outcome["reason_code"] == "no_such_user", outcome
            return
        holder = self._holder(name)
        if holder is user:
            assert outcome["outcome"] == "unchanged", outcome
        elif user.by_hand:
            assert outcome["outcome"] == "overridden", outcome
        elif holder is not None:
            self._is_refused(outcome, holder, user.where)
        else:
            assert outcome["outcome"] == "applied", outcome
            user.email = self._folded(name)

    @precondition(lambda self: len(self.holders) > 2)
    @rule(whose=WHOSE, active=st.booleans())
    def one_is_made_active_or_inactive(self, whose: int, active: bool) -> None:
        """R6: with everything they had, the address too; no parent is active without one."""
        user = self._user(whose)
        answer = self._asked(user, "PUT", "/active", {"active": active})
        if user.kind == "parents" and active and user.email is None:
            assert answer["type"] == "urn:classroom:problem:email-needed", answer
            return
        assert answer["active"] is active

    @invariant()
    def each_address_is_one_accounts(self) -> None:
        rows = self.do(
            self.door.rows(
                "SELECT account_id::text AS id, lower(btrim(email)) AS email FROM accounts "
                "WHERE email ILIKE '%@' || $1 || '%'",
                self.domain,
            )
        )
        assert len({row["email"] for row in rows}) == len(rows)
        held = {holder.id: holder.email for holder in self.holders if holder.email}
        assert {row["id"]: row["email"] for row in rows} == held

    def _joins(
        self, user_id: str, where: int, user: dict[str, Any], name: str, *, by_hand: bool
    ) -> None:
        email = self._folded(name)
        self.holders.append(Holder(user_id, where, user["name"], user["username"], email, by_hand))

    def _is_told(self, problem: dict[str, Any], holder: Holder, where: int) -> None:
        assert problem["type"] == "urn:classroom:problem:email-taken", problem
        self._names_only_here(problem["detail"], holder, where)
        in_the_way = problem["in_the_way"]
        assert (in_the_way["id"] if in_the_way else None) == self._named(holder, where)

    def _is_refused(self, outcome: dict[str, Any], holder: Holder, where: int) -> None:
        assert (outcome["outcome"], outcome["reason_code"]) == ("refused", "email_taken")
        self._names_only_here(outcome["reason"], holder, where)
        assert outcome["in_the_way"] == self._named(holder, where)

    def _names_only_here(self, sentence: str, holder: Holder, where: int) -> None:
        named = any(name in sentence for name in (holder.name, holder.username) if name)
        assert named is (holder.where == where), sentence

    def _named(self, holder: Holder, where: int) -> str | None:
        return holder.id if holder.where == where else None

    def _holder(self, name: str) -> Holder | None:
        email = self._folded(name)
        return next((holder for holder in self.holders if holder.email == email), None)

    def _user(self, whose: int) -> Holder:
        """One who is no admin."""
        return self.holders[2 + whose % (len(self.holders) - 2)]

    def _folded(self, name: str) -> str:
        return f"{name}@{self.domain}"

    def _spelled(self, name: str, spelling: str) -> str:
        email = self._folded(name)
        return email.upper() if spelling == "upper" else spelling.format(email)

    def _sync(self, where: int) -> Sync:
        return Sync(self.door, self.schools[where], self._broker)

    async def _try_to_add_parent(self, where: int, email: str) -> httpx.Response:
        body = {"forename": "Anna", "surname": _surname(), "email": email}
        headers = await self.schools[where].as_admin()
        return await self.door.client.post("/parents", json=body, headers=headers)

    def _asked(self, user: Holder, method: str, path: str, body: Any = None) -> dict[str, Any]:
        headers = self.do(self.schools[user.where].as_admin())
        asking = self.door.client.request(
            method, f"/{user.kind}/{user.id}{path}", json=body, headers=headers
        )
        answer: dict[str, Any] = self.do(asking).json()
        return answer


def _surname() -> str:
    """One that stands in no sentence by chance."""
    return f"Q{uuid4().hex[:10].translate(str.maketrans('0123456789', 'ghijklmnop'))}"


@pytest.mark.timeout(900)
async def test_whatever_happens(door: Door, broker: TestBroker, settings: Settings) -> None:
    await play(partial(Addresses, broker), door, histories=12, steps=25)
