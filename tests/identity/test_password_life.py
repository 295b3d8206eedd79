"""The life of passwords, in histories that nobody thought of: what opens what, for whom (R2–R6).

Beside the service goes a plain model of who may come in by what. In whatever order things happen:
the default opens nothing but the form for a first password, a claimed account never takes it, a
lapsed one, an inactive one, a head's and a deputy's never do. Of starting codes the newest does,
for one claim, and neither opens anything while the school uses the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from services.identity.forgotten.service import settle_all
from services.identity.mail.server import MailServer
from services.identity.mail.worker import MailWorker
from services.identity.settings import Settings
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.histories import DoorMachine, play
from tests.identity.starting_codes import use
from tests.identity.test_forgotten_password import link_in
from tests.slips import codes_on

WHOSE = st.integers(0, 3)
BY = st.sampled_from(
    [
        "the default",
        "the default",
        "a code",
        "a code",
        "an older code",
        "an older default",
        "their own",
        "a former one",
        "somebody else's",
    ]
)
LEADERSHIP = st.sampled_from([None, None, "head", "deputy"])


@dataclass
class Session:
    """One that was opened; `live` is what the model says."""

    opened: dict[str, Any]
    scope: str
    by: str
    live: bool = True


@dataclass(eq=False)
class Person:
    """What the model knows of a user. Passwords are in `own` and `former`, links in `links`."""

    id: str
    username: str
    email: str
    leadership: str | None
    default_until: datetime | None
    active: bool = True
    own: str | None = None
    former: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    link_until: datetime | None = None
    """Of the newest; `None` once it is spent."""
    sessions: list[Session] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    code_made_at: datetime | None = None
    """Of the newest; `None` once it is spent or void."""
    by_codes: bool = False
    """The school uses starting codes now."""

    def takes_default(self, now: datetime) -> bool:
        lasts = self.default_until is not None and now < self.default_until
        waits = self.active and self.own is None and self.leadership is None
        return waits and lasts and not self.by_codes

    def takes_code(self, now: datetime) -> bool:
        until = self.default_until
        if self.leadership and self.code_made_at:
            until = self.code_made_at + timedelta(days=14)
        lasts = self.code_made_at is not None and until is not None and now < until
        return self.active and self.own is None and lasts and self.by_codes

    def can_be_given_a_code(self, now: datetime) -> bool:
        lasts = self.default_until is not None and now < self.default_until
        return self.active and self.own is None and (self.leadership is not None or lasts)

    def forgets_code(self) -> None:
        self.code_made_at = None

    def signed_out(self, *openers: str) -> None:
        for session in self.sessions:
            session.live = session.live and bool(openers) and session.by not in openers

    def linked(self, token: str, until: datetime) -> None:
        self.signed_out("link")
        self.links.append(token)
        self.link_until = until


class PasswordLife(DoorMachine):
    """One school whose users come and go."""

    @initialize()
    def a_school(self) -> None:
        self.everyone: list[Person] = []
        self.defaults: list[str] = []
        self.by_codes = False
        self.numbers = iter(range(1_000_000))
        self.school: SchoolInTest = self.do(self.door.new_school())
        self.defaults.append(self.school.default_password)
        self.do(self.school.admin())
        for leadership in (None, None, "head"):
            self.a_user_is_added(leadership)
        self.signs_in(0, "the default", at_once=True)

    @precondition(lambda self: len(self.everyone) < 4)
    @rule(leadership=LEADERSHIP)
    def a_user_is_added(self, leadership: str | None) -> None:
        email = f"{uuid4().hex}@heronpark.example"
        user = self.do(self.school.add_user(role="slt", leadership=leadership, email=email))
        lasts = None if leadership else self.now() + timedelta(days=14)
        person = Person(user["id"], user["username"], email, leadership, lasts)
        person.by_codes = self.by_codes
        self.everyone.append(person)
        if leadership:
            person.linked(self._link_mailed(person), self.now() + timedelta(days=7))

    @rule(whose=WHOSE)
    def a_new_default_is_made(self, whose: int) -> None:
        """While somebody is at the form that the one before has opened."""
        self.signs_in(whose, "the default", at_once=False)
        made = self._by_admin("POST", "/default-password")
        self.defaults.append(made.json()["default_password"])
        for person in self.everyone:
            person.signed_out("default")

    @rule(whose=WHOSE, other_first=st.booleans())
    def the_school_uses_the_other(self, whose: int, other_first: bool) -> None:
        """R29: codes in place of the default, or the reverse, while somebody is at the form."""
        person = self._person(whose)
        if other_first and self.by_codes and person.can_be_given_a_code(self.now()):
            self.slips_are_printed(whose, alone=True)
        self.signs_in(whose, "a code" if self.by_codes else "the default", at_once=False)
        self.by_codes = not self.by_codes
        self.do(use(self.school, "starting_codes" if self.by_codes else "default"))
        for person in self.everyone:
            person.by_codes = self.by_codes
            person.signed_out("default", "starting_code")

    @precondition(lambda self: self.by_codes)
    @rule(whose=WHOSE, alone=st.booleans())
    def slips_are_printed(self, whose: int, alone: bool) -> None:
        """For one, or for all that can have one: a code for each, in place of their older one."""
        self.forget_guesses()
        people = [self._person(whose)] if alone else self.everyone
        allowed = [person for person in people if person.can_be_given_a_code(self.now())]
        body = {"user_ids": [person.id for person in allowed or people]}
        answer = self._by_admin("POST", "/slips", body)
        assert answer.status_code == (200 if allowed else 409), answer.text
        printed = codes_on(answer.content) if allowed else {}
        assert len(printed) == len(allowed)
        for person in allowed:
            person.codes.append(printed[person.username])
            person.code_made_at = self.now()
            person.signed_out("starting_code")

    @rule(days=st.sampled_from([0.05, 0.05, 0.05, 0.05, 1, 6, 13, 15]))
    def time_passes(self, days: float) -> None:
        """An hour and more, so that whoever was signed in is idle for too long."""
        for person in self.everyone:
            self.do(self._mails(person.email))
            person.signed_out()
        self.later(days=days)

    @rule(whose=WHOSE, by=BY, at_once=st.booleans())
    def signs_in(self, whose: int, by: str, at_once: bool) -> None:
        """And goes on to the form `at_once`, where there is one."""
        other, person = self._person(whose + 1), self._person(whose)
        scope, password, works = {
            "the default": ("set_password", self.defaults[-1], person.takes_default(self.now())),
            "an older default": ("set_password", self.defaults[0], False),
            "a code": (
                "set_password",
                person.codes[-1] if person.codes else None,
                person.takes_code(self.now()),
            ),
            "an older code": ("set_password", _older(person.codes, self.everyone), False),
            "their own": ("full", person.own, person.active),
            "a former one": ("full", person.former[-1] if person.former else None, False),
            "somebody else's": ("full", other.own, False),
        }[by]
        if password is None or (by == "an older default" and len(self.defaults) == 1):
            return
        self._sign_in(person, password, scope, works)
        if works and at_once and scope == "set_password":
            self._set_password(person, person.sessions[-1], None)

    @rule(whose=WHOSE, which=st.integers(0, 3))
    def sets_a_password_in_a_form(self, whose: int, which: int) -> None:
        """In one that is open, or that was."""
        person = self._person(whose)
        forms = [session for session in person.sessions if session.scope == "set_password"]
        if forms:
            self._set_password(person, forms[-1 - which % len(forms)], None)

    @rule(whose=WHOSE)
    def changes_the_password(self, whose: int) -> None:
        person = self._person(whose)
        full = [session for session in person.sessions if session.scope == "full"]
        if full and full[-1].live:
            self._set_password(person, full[-1], person.own)

    @rule(whose=WHOSE)
    def is_reset(self, whose: int) -> None:
        """R4."""
        person = self._person(whose)
        allowed = person.active and not self._waits_with_what_works(person)
        answer = self._by_admin("POST", f"/users/{person.id}/password-reset")
        assert answer.status_code == (200 if allowed else 409), answer.text
        if not allowed:
            return
        person.signed_out()
        person.link_until = None
        if person.own is not None:
            person.former.append(person.own)
        person.own, person.default_until = None, None
        person.forgets_code()
        if person.leadership:
            person.linked(self._link_mailed(person), self.now() + timedelta(days=7))
        else:
            person.default_until = self.now() + timedelta(days=14)

    @rule(whose=WHOSE, active=st.booleans(), and_back=st.booleans())
    def is_made_active_or_inactive(self, whose: int, active: bool, and_back: bool) -> None:
        """R6."""
        person = self._person(whose)
        self._make_active(person, active)
        if and_back:
            self._make_active(person, not active)

    def _make_active(self, person: Person, active: bool) -> None:
        answer = self._by_admin("PUT", f"/users/{person.id}/active", {"active": active})
        assert answer.json()["active"] is active
        person.active = active
        if not active:
            person.signed_out()

    @rule(whose=WHOSE, leadership=LEADERSHIP)
    def leads_or_does_not(self, whose: int, leadership: str | None) -> None:
        person = self._person(whose)
        version = self._user(person)["version"]
        change = {"expected_version": version, "leadership": leadership}
        answer = self._by_admin("PATCH", f"/users/{person.id}", change)
        assert answer.status_code == 200, answer.text
        if leadership == person.leadership:
            return
        person.signed_out()
        newly = leadership is not None and person.leadership is None
        if newly or leadership is None:
            person.forgets_code()
        person.leadership = leadership
        if leadership:
            person.default_until = None
        if newly and person.active and person.own is None:
            person.linked(self._link_mailed(person), self.now() + timedelta(days=7))

    @rule(whose=WHOSE)
    def forgets_the_password(self, whose: int) -> None:
        """R3: who waits for the first one by the default gets no link."""
        person = self._person(whose)
        before = len(self._links_mailed(person))
        self.forget_guesses()
        body = {"identifier": person.username}
        assert self._ask("POST", "/password/forgotten", body).status_code == 202
        self.do(self._settle())
        links = self._links_mailed(person)
        if person.active and (person.own is not None or person.leadership):
            person.linked(links[-1], self.now() + timedelta(hours=1))
            before += 1
        assert len(links) == before

    @rule(whose=WHOSE, newest=st.booleans())
    def opens_a_link(self, whose: int, newest: bool) -> None:
        person = self._person(whose)
        if not person.links:
            return
        token = person.links[-1 if newest else 0]
        until = person.link_until if token == person.links[-1] else None
        works = person.active and until is not None and self.now() < until
        answer = self._ask("POST", "/sessions/link", {"token": token})
        if works:
            person.signed_out("link")
            self._opened(person, answer, "set_password", "link")
        else:
            assert problem_of(answer) == (401, "link-refused")

    @invariant()
    def what_must_not_work_does_not(self) -> None:
        """Tried with whoever something has just happened to; what is refused changes nothing."""
        person = self.touched
        if not person.takes_default(self.now()):
            self._sign_in(person, self.defaults[-1], "set_password", False)
        if person.codes and not person.takes_code(self.now()):
            self._sign_in(person, person.codes[-1], "set_password", False)
        if person.own is not None and not person.active:
            self._sign_in(person, person.own, "full", False)

    @invariant()
    def sessions_are_what_the_model_says(self) -> None:
        for person in self.everyone:
            for session in person.sessions[-4:]:
                answer = self.do(self.door.look_up(session.opened["token"]))
                assert (answer.status_code == 200) is session.live, session
                assert not session.live or answer.json()["scope"] == session.scope

    @invariant()
    def the_page_says_so_too(self) -> None:
        for person in self.everyone:
            user = self._user(person)
            waits = self._waits_with_what_works(person)
            assert user["claimed"] is (person.own is not None)
            assert user["can_reset_password"] is (person.active and not waits)

    def _waits_with_what_works(self, person: Person) -> bool:
        """R4: then there is no reset, but of a head's or deputy's."""
        by_code = person.takes_code(self.now()) and person.leadership is None
        return by_code or person.takes_default(self.now())

    def _person(self, whose: int) -> Person:
        self.touched = self.everyone[whose % len(self.everyone)]
        return self.touched

    def _sign_in(self, person: Person, password: str, scope: str, works: bool) -> None:
        self.forget_guesses()
        answer = self.do(self.door.sign_in(person.username, password))
        if works:
            opener = "password"
            if scope == "set_password":
                opener = "starting_code" if self.by_codes else "default"
            if opener == "starting_code":
                person.signed_out(opener)
            self._opened(person, answer, scope, opener)
        else:
            assert problem_of(answer) == (401, "sign-in-refused")

    def _opened(self, person: Person, answer: httpx.Response, scope: str, by: str) -> None:
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        assert opened["session"]["scope"] == scope
        person.sessions.append(Session(opened, scope, by))

    def _set_password(self, person: Person, session: Session, current: str | None) -> None:
        self.forget_guesses()
        new = f"tuesday bicycle lamp {next(self.numbers)}"
        answer = self.do(self.door.set_password(session.opened, new, current))
        if not session.live:
            assert problem_of(answer) == (401, "session-over")
            return
        if person.own is not None:
            person.former.append(person.own)
        person.own, person.default_until, person.link_until = new, None, None
        person.forgets_code()
        person.signed_out()
        self._opened(person, answer, "full", "password")

    def _user(self, person: Person) -> dict[str, Any]:
        user: dict[str, Any] = self._by_admin("GET", f"/users/{person.id}").json()
        return user

    def _by_admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self._ask(method, path, body, self.do(self.school.as_admin()))

    def _ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return self.do(self.door.client.request(method, path, json=body, headers=headers))

    def _link_mailed(self, person: Person) -> str:
        return self._links_mailed(person)[-1]

    def _links_mailed(self, person: Person) -> list[str]:
        """The secrets of all links that were mailed, in the order they were written."""
        mails: list[EmailMessage] = self.do(self._mails(person.email))
        mails.sort(key=lambda mail: str(mail["Message-ID"]))
        return [link_in(mail) for mail in mails if "/link#" in str(mail)]

    async def _mails(self, recipient: str) -> list[EmailMessage]:
        identity = self.door.app.state.identity
        server = MailServer("127.0.0.1", self.door.mailbox.port, "no-reply@classroom.example")
        await MailWorker(identity.database, server, self.door.clock).send_due()
        waiting = (
            "SELECT 1 FROM mails WHERE recipient = $1 AND sent_at IS NULL AND given_up_at IS NULL"
        )
        await eventually(lambda: self.door.rows(waiting, recipient), lambda left: not left)
        return self.door.mailbox.sent_to(recipient)

    async def _settle(self) -> None:
        await settle_all(self.door.app.state.identity)
        asked = "SELECT 1 FROM forgotten_passwords"
        await eventually(lambda: self.door.rows(asked), lambda left: not left)


def _older(codes: list[str], everyone: list[Person]) -> str | None:
    """One that was replaced, or else somebody else's."""
    if len(codes) > 1:
        return codes[0]
    others = [person.codes[-1] for person in everyone if person.codes and person.codes != codes]
    return others[0] if others else None


@pytest.mark.timeout(900)
async def test_in_whatever_order_things_happen(door: Door, settings: Settings) -> None:
    await play(PasswordLife, door, histories=8, steps=30)
