"""The admin's address in histories that nobody thought of: it changes by R5's way and no other.

Beside the service goes a plain model of who may ask and which request stands. In whatever order
people are flagged, reset, made inactive, ask, cancel and open links, old and new: the address is
the model's, and so is the request that waits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from services.identity.settings import Settings
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.histories import DoorMachine, play
from tests.identity.leaders import Does, ask, by_link, cancel, seen, texts_to, token_to
from tests.identity.user_management import change, read, reset, set_active

WHOSE = st.integers(0, 2)
DOES = st.sampled_from(["confirm", "confirm", "cancel", None])
WHAT = st.sampled_from(
    [
        "reset",
        "flagged anew",
        "no leader",
        "head",
        "deputy",
        "inactive",
        "active",
        "0.1",
        "2.9",
        "3.1",
    ]
)
"""To a member of the SLT; a number is days that pass."""
ABOUT_A_WEEK = st.sampled_from([6.9, 7.1])
WEEK = timedelta(days=7)


@dataclass(eq=False)
class Person:
    """What the model knows of a member of the SLT. `since`: claimed, reset or flagged last."""

    session: dict[str, Any]
    leadership: str | None
    since: datetime
    password: str = OWN_PASSWORD
    active: bool = True

    @property
    def leads(self) -> bool:
        return self.active and self.leadership is not None


@dataclass(eq=False)
class Asked:
    """A request. `open` ends with it, and with who asked."""

    email: str
    asker: Person
    until: datetime
    links: dict[Does, str]
    open: bool = True


class AdminAddress(DoorMachine):
    """One school with three people who may become its heads and deputies."""

    @initialize()
    def a_school(self) -> None:
        self.school: SchoolInTest = self.do(self.door.new_school())
        self.admin = self.do(self.school.admin())["session"]
        self.email = self.school.admin_email
        self.requests: list[Asked] = []
        self.people = [self._person(leadership) for leadership in ("head", "deputy", None)]
        self.later(days=7.5)

    @rule(whose=WHOSE, then=WHAT, does=DOES)
    def asks_and_then(self, whose: int, then: str, does: Does | None) -> None:
        """Something happens before the link is opened, if it is."""
        person = self.people[whose]
        self._ask(person)
        self._happen(person, then)
        if does and self.requests:
            self._open(self.requests[-1], does)

    @rule(whose=WHOSE, how=st.sampled_from(["reset", "flagged anew"]), days=ABOUT_A_WEEK)
    def comes_by_it_and_asks(self, whose: int, how: str, days: float) -> None:
        self._happen(self.people[whose], how)
        self.later(days=days)
        self._ask(self.people[whose])

    @rule(which=st.integers(1, 3), does=st.sampled_from(["confirm", "cancel"]))
    def an_older_link_is_opened(self, which: int, does: Does) -> None:
        for request in self.requests[-1 - which : -1]:
            self._open(request, does)

    @rule()
    def the_wrong_link_is_opened(self) -> None:
        """The one that cancels confirms nothing, and the other way round."""
        crossed: list[tuple[Does, Does]] = [("confirm", "cancel"), ("cancel", "confirm")]
        for request in self.requests[-1:]:
            for does, link in crossed:
                answer = self.do(by_link(self.door, does, request.links[link]))
                assert problem_of(answer) == (409, "address-link-over")

    @rule(whose=WHOSE, by_admin=st.booleans())
    def is_cancelled(self, whose: int, by_admin: bool) -> None:
        waiting = self._seen()["waiting"]
        if waiting is None:
            return
        person = self.people[whose]
        session = self.admin if by_admin else person.session
        answer = self.do(cancel(self.door, session, waiting["id"]))
        if by_admin or person.leads:
            assert answer.status_code == 204
            self._over()
        else:
            assert problem_of(answer) == (403, "not-head-or-deputy")

    @rule(whose=WHOSE, what=WHAT)
    def something_happens(self, whose: int, what: str) -> None:
        self._happen(self.people[whose], what)

    @invariant()
    def the_address_and_what_waits_are_what_the_model_says(self) -> None:
        found = self._seen()
        standing = [request.email for request in self.requests if self._stands(request)]
        assert found["email"] == self.email
        assert [found["waiting"]["email"]] == standing if found["waiting"] else not standing

    def _ask(self, person: Person) -> None:
        email = f"{uuid4().hex}@heronpark.example"
        self.forget_guesses()
        answer = self.do(ask(self.door, person.session, email, current_password=person.password))
        if not person.leads:
            assert problem_of(answer) == (403, "not-head-or-deputy")
        elif self.now() < person.since + WEEK:
            assert problem_of(answer) == (409, "too-early-to-ask")
        else:
            assert answer.status_code == 201, answer.text
            self._over()
            links: dict[Does, str] = {
                "confirm": self.do(token_to(self.door, email, "confirm")),
                "cancel": self.do(token_to(self.door, self.email, "cancel")),
            }
            self.requests.append(Asked(email, person, self.now() + timedelta(days=3), links))

    def _open(self, request: Asked, does: Does) -> None:
        stands = self._stands(request)
        answer = self.do(by_link(self.door, does, request.links[does]))
        if not stands:
            assert problem_of(answer) == (409, "address-link-over")
            return
        assert answer.status_code == 200, answer.text
        request.open = False
        if does == "confirm":
            self.email = request.email

    def _happen(self, person: Person, what: str) -> None:
        if what == "reset":
            self._reset(person)
        elif what == "flagged anew":
            self._lead(person, None)
            self._lead(person, "head")
        elif what in ("head", "deputy", "no leader"):
            self._lead(person, None if what == "no leader" else what)
        elif what in ("inactive", "active"):
            self._make_active(person, what == "active")
        else:
            self.later(days=float(what))

    def _lead(self, person: Person, leadership: str | None) -> None:
        user = self.do(read(self.school, self._user(person)))
        answer = self.do(change(self.school, user, leadership=leadership))
        assert answer.status_code == 200, answer.text
        if leadership and person.leadership is None:
            person.since = max(person.since, self.now())
        if leadership is None:
            self._falls_with(person)
        person.leadership = leadership

    def _reset(self, person: Person) -> None:
        """And they come back with another password of their own."""
        if not person.active:
            return
        assert self.do(reset(self.school, self._user(person))).status_code == 200
        self._falls_with(person)
        person.password = f"tuesday bicycle lamp {uuid4().hex[:6]}"
        answer = self.do(self.door.set_password(self._form(person).json(), person.password))
        assert answer.status_code == 201, answer.text
        person.session, person.since = answer.json()["session"], self.now()

    def _make_active(self, person: Person, active: bool) -> None:
        """R6: active again, they have all that they had."""
        assert self.do(set_active(self.school, self._user(person), active)).status_code == 200
        person.active = active

    def _person(self, leadership: str | None) -> Person:
        email = f"{uuid4().hex}@heronpark.example"
        details = {"role": "slt", "leadership": leadership, "email": email}
        user = self.do(self.school.add_user(**details))
        account = {"id": user["id"], "email": email, "username": user["username"]}
        person = Person({"account": account}, leadership, self.now())
        answer = self.do(self.door.set_password(self._form(person).json(), OWN_PASSWORD))
        person.session, person.since = answer.json()["session"], self.now()
        return person

    def _form(self, person: Person) -> httpx.Response:
        """The form for a first password: by the link of a head or deputy, or by the default."""
        account = person.session["account"]
        if person.leadership is None:
            self.forget_guesses()
            return self.do(self.door.sign_in(account["username"], self.school.default_password))
        texts = "".join(self.do(texts_to(self.door, account["email"])))
        token = re.findall(r"/link#([\w-]+)", texts)[-1]
        return self.do(self.door.client.post("/sessions/link", json={"token": token}))

    def _user(self, person: Person) -> dict[str, Any]:
        return {"id": person.session["account"]["id"]}

    def _seen(self) -> dict[str, Any]:
        return self.do(seen(self.door, self.admin))

    def _stands(self, request: Asked) -> bool:
        return request.open and request.asker.leads and self.now() < request.until

    def _over(self) -> None:
        for request in self.requests:
            request.open = False

    def _falls_with(self, person: Person) -> None:
        for request in self.requests:
            request.open = request.open and request.asker is not person


@pytest.mark.timeout(900)
async def test_in_whatever_order_things_happen(door: Door, settings: Settings) -> None:
    await play(AdminAddress, door, histories=6, steps=15)
