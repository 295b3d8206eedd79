"""Who may open a page, as dependencies named for the right they grant, with the services to ask.

The services check the signed principal again themselves; here the wrong visitor is told early.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie

from gateway.clients.identity import Identity
from gateway.clients.mis_sync import MisSync
from gateway.clients.online_reports import ChildrensReports, OnlineReports
from gateway.clients.reports import Reports
from gateway.clients.roster import Roster
from gateway.clients.service import Budget, Service
from gateway.csrf import require_token
from gateway.schemas.parts import ServiceName
from gateway.schemas.sessions import Session
from gateway.sessions import COOKIE, DEVICE, Sessions
from shared.security.principals import Kind, Principal, Scope, digest_of
from shared.web.problems import Forbidden, Unauthenticated

__all__ = [
    "Admin",
    "AdminOrLeader",
    "Anyone",
    "AtChildren",
    "AtTwoStep",
    "MaySetPassword",
    "MaySetUpTwoStep",
    "Parent",
    "PasswordNotSet",
    "Services",
    "SignedIn",
    "Staff",
    "StepNotDone",
    "User",
    "Visit",
    "WithSession",
]

Services = dict[ServiceName, Service]

_DEVICE = re.compile(r"[A-Za-z0-9_=-]{1,2048}")
"""What is no device is left out: identity would refuse the whole request, and so the browser."""
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The session's cookie")


class PasswordNotSet(Forbidden):
    """The session sets a password of one's own and opens nothing else (R2)."""

    slug, title = "password-not-set", "A password of your own comes first"


class StepNotDone(Forbidden):
    """The password was right; what else signing in asks for is not done yet."""

    slug, title = "step-not-done", "You are not wholly signed in yet"


@dataclass(frozen=True)
class Visit:
    """One request: the services, asked for whoever is signed in, within the page's time."""

    services: Services
    budget: Budget
    token: str | None
    device: str | None = None
    found: Session | None = None

    @property
    def session(self) -> Session:
        """Only for visits that have one."""
        if self.found is None:
            raise LookupError("nobody is signed in")
        return self.found

    @cached_property
    def _principal(self) -> Principal | None:
        return principal_of(self.found) if self.found else None

    @property
    def identity(self) -> Identity:
        service = self.services[ServiceName.IDENTITY]
        return Identity(service, self._principal, self.budget, self.device)

    def identity_about(self, pupils: Sequence[UUID]) -> Identity:
        """For these pupils, whom a service that knows has just named as those that they see."""
        principal = replace(principal_of(self.session), pupils=digest_of(pupils))
        return Identity(self.services[ServiceName.IDENTITY], principal, self.budget, self.device)

    @property
    def roster(self) -> Roster:
        return Roster(self.services[ServiceName.ROSTER], self._principal, self.budget)

    @property
    def mis_sync(self) -> MisSync:
        return MisSync(self.services[ServiceName.MIS_SYNC], self._principal, self.budget)

    @property
    def reports(self) -> Reports:
        return Reports(self.services[ServiceName.REPORTS], self._principal, self.budget)

    @property
    def online_reports(self) -> OnlineReports:
        return OnlineReports(self.services[ServiceName.REPORTS], self._principal, self.budget)

    async def childrens_reports(self) -> ChildrensReports:
        """For a parent. Whose children they see is asked of identity each time, and signed: who has
        lost a child has lost their reports, and without identity there are none."""
        children = tuple(child.id for child in (await self.identity.own_children()).items)
        principal = replace(principal_of(self.session), children=children)
        return ChildrensReports(self.services[ServiceName.REPORTS], principal, self.budget)


def principal_of(session: Session) -> Principal:
    """The person whom the services see behind a session."""
    account = session.account
    return Principal(
        account_id=account.id,
        school_id=session.school.id,
        kind=Kind(account.kind),
        role=account.role.value if account.role else None,
        scope=Scope(session.scope),
        session_id=session.id,
        name=account.name,
        authenticator=session.authenticator,
    )


async def _anyone(request: Request, token: Annotated[str | None, Depends(_cookie)]) -> Visit:
    state = request.app.state
    device = request.cookies.get(DEVICE, "")
    ours = device if _DEVICE.fullmatch(device) else None
    return Visit(state.services, Budget(state.page_seconds), token, ours)


Anyone = Annotated[Visit, Depends(_anyone)]
"""Also who is not signed in."""


async def _with_session(request: Request, visit: Anyone) -> Visit:
    sessions = cast(Sessions, request.app.state.sessions)
    session = await sessions.find(visit.token, visit.identity)
    if session is None:
        raise Unauthenticated("Please sign in.")
    require_token(request, session)
    return replace(visit, found=session)


WithSession = Annotated[Visit, Depends(_with_session)]
"""Anyone with a session, whatever step of signing in it is for."""


def _at(*scopes: Scope) -> Callable[[Visit], Awaitable[Visit]]:
    async def check(visit: WithSession) -> Visit:
        scope = Scope(visit.session.scope)
        if scope in scopes:
            return visit
        if scope is Scope.SET_PASSWORD:
            raise PasswordNotSet("Please set a password of your own first.")
        raise StepNotDone("Please finish signing in first.")

    return check


MaySetPassword = Annotated[Visit, Depends(_at(Scope.FULL, Scope.SET_PASSWORD))]
"""Who is wholly signed in, or has a session for just that. A password alone sets no other."""

AtTwoStep = Annotated[Visit, Depends(_at(Scope.TWO_STEP))]
"""Whose password was right, and who is asked for a code."""

AtChildren = Annotated[Visit, Depends(_at(Scope.CONFIRM_CHILDREN))]
"""A parent whose password was right, and who is asked for children's dates of birth (R2)."""

MaySetUpTwoStep = Annotated[Visit, Depends(_at(Scope.FULL, Scope.SET_UP_TWO_STEP))]
"""Who is wholly signed in, or is asked to set an authenticator up."""

SignedIn = Annotated[Visit, Depends(_at(Scope.FULL))]
"""Anyone who is wholly signed in."""


async def _staff(visit: SignedIn) -> Visit:
    if visit.session.account.kind == "parent":
        raise Forbidden("Only the school's admin account and its users can open this.")
    return visit


Staff = Annotated[Visit, Depends(_staff)]
"""The admin, SLT and teachers; which pupils and groups they see is roster's to say (R14)."""


async def _admin(visit: SignedIn) -> Visit:
    if visit.session.account.kind != "admin":
        raise Forbidden("Only the school's admin account can open this.")
    return visit


Admin = Annotated[Visit, Depends(_admin)]
"""The school's one admin account (R1)."""


async def _user(visit: SignedIn) -> Visit:
    if visit.session.account.kind != "user":
        raise Forbidden("Only teachers and senior leaders can open this.")
    return visit


User = Annotated[Visit, Depends(_user)]
"""Teachers and SLT, whose the assessments are (R1); which pupils they see is reports' to say."""


async def _admin_or_leader(visit: SignedIn) -> Visit:
    account = visit.session.account
    if account.kind != "admin" and account.leadership is None:
        raise Forbidden("Only the admin account, and a head or deputy, can open this.")
    return visit


AdminOrLeader = Annotated[Visit, Depends(_admin_or_leader)]
"""The admin account, and who is flagged head or deputy (R5)."""


async def _parent(visit: SignedIn) -> Visit:
    if visit.session.account.kind != "parent":
        raise Forbidden("Only a parent's account can open this.")
    return visit


Parent = Annotated[Visit, Depends(_parent)]
"""A parent, who sees their own confirmed children and nobody else."""
