"""The rights that a route asks for, as FastAPI dependencies named for what they grant.

The application keeps its `PrincipalVerifier` at `app.state.principals`. This folder stands alone,
so its errors are the framework's, with the `slug` and `title` that problem details want.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.security.principals import InvalidPrincipal, Kind, Principal, PrincipalVerifier, Scope

__all__ = [
    "Admin",
    "AnyUser",
    "AtAnyStep",
    "AtChildren",
    "AtTwoStep",
    "CurrentPrincipal",
    "MaySetPassword",
    "MaySetUpTwoStep",
    "NotAllowed",
    "NotAuthenticated",
    "Operator",
    "Parent",
    "PasswordNotSet",
    "SignedIn",
    "StepNotDone",
    "User",
]

log = structlog.get_logger(__name__)

_bearer = HTTPBearer(auto_error=False, description="A principal signed by the gateway, 60 seconds")


class NotAuthenticated(HTTPException):
    slug, title = "unauthenticated", "Nobody is signed in"

    def __init__(self) -> None:
        super().__init__(401, "Please sign in.", {"WWW-Authenticate": "Bearer"})


class NotAllowed(HTTPException):
    slug, title = "forbidden", "This account may not do that"

    def __init__(self, detail: str) -> None:
        super().__init__(403, detail)


class PasswordNotSet(NotAllowed):
    """The session was opened by a default password or a link and sets a password, no more (R2)."""

    slug, title = "password-not-set", "A password of your own comes first"

    def __init__(self) -> None:
        super().__init__("Please set a password of your own first.")


class StepNotDone(NotAllowed):
    """The password was right; what else signing in asks for is not done yet."""

    slug, title = "step-not-done", "You are not wholly signed in yet"

    def __init__(self) -> None:
        super().__init__("Please finish signing in first.")


async def _current_principal(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    if credentials is None:
        raise NotAuthenticated
    verifier = cast(PrincipalVerifier, request.app.state.principals)
    try:
        return verifier.verify(credentials.credentials)
    except InvalidPrincipal as invalid:
        log.warning("principal refused", reason=str(invalid))
        raise NotAuthenticated from None


Check = Callable[[Principal], Awaitable[Principal]]
"""Awaited although it waits for nothing: FastAPI runs any other in a thread, which takes longer
than all that is looked at here."""

CurrentPrincipal = Annotated[Principal, Depends(_current_principal)]
"""Anyone with a session, whatever step of signing in it is for."""


def _at(*scopes: Scope) -> Check:
    async def check(principal: CurrentPrincipal) -> Principal:
        if principal.scope in scopes:
            return principal
        raise PasswordNotSet if principal.scope is Scope.SET_PASSWORD else StepNotDone

    return check


def _own_at(*scopes: Scope) -> Check:
    """For what is one's own; an operator is in no school and has nothing in it."""
    at = _at(*scopes)

    async def check(principal: CurrentPrincipal) -> Principal:
        if principal.kind is Kind.OPERATOR:
            raise NotAllowed("Only somebody who signs in to a school can do that.")
        return await at(principal)

    return check


AtAnyStep = Annotated[Principal, Depends(_own_at(*Scope))]
"""Anyone of a school with a session, whatever step of signing in it is for."""

MaySetPassword = Annotated[Principal, Depends(_own_at(Scope.FULL, Scope.SET_PASSWORD))]
"""Who is wholly signed in, or has a session for just that. A password alone sets no other."""

AtTwoStep = Annotated[Principal, Depends(_own_at(Scope.TWO_STEP))]
"""Whose password was right, and who is asked for a code."""

AtChildren = Annotated[Principal, Depends(_own_at(Scope.CONFIRM_CHILDREN))]
"""A parent whose password was right, and who is asked for children's dates of birth (R2)."""

MaySetUpTwoStep = Annotated[Principal, Depends(_own_at(Scope.FULL, Scope.SET_UP_TWO_STEP))]
"""Who is wholly signed in, or is asked to set an authenticator up."""


SignedIn = Annotated[Principal, Depends(_own_at(Scope.FULL))]
"""Anyone of a school who is wholly signed in."""

_Full = Annotated[Principal, Depends(_at(Scope.FULL))]


def _only(detail: str, *kinds: Kind) -> Check:
    async def check(principal: _Full) -> Principal:
        if principal.kind not in kinds:
            raise NotAllowed(detail)
        if principal.kind is not Kind.OPERATOR and principal.school_id is None:
            raise NotAuthenticated
        return principal

    return check


Admin = Annotated[
    Principal, Depends(_only("Only the school's admin account can do that.", Kind.ADMIN))
]
"""The school's one admin account (R1)."""

AnyUser = Annotated[
    Principal,
    Depends(
        _only("Only the school's admin account and its users can.", Kind.ADMIN, Kind.USER),
    ),
]
"""The admin account, teachers and SLT; what a teacher sees is limited further (R14)."""

User = Annotated[
    Principal, Depends(_only("Only teachers and senior leaders can open this.", Kind.USER))
]
"""Teachers and SLT, without the admin account: assessments are theirs (R1)."""

Parent = Annotated[Principal, Depends(_only("Only a parent's account can open this.", Kind.PARENT))]
"""A parent, who sees their own confirmed children and nobody else."""

Operator = Annotated[
    Principal, Depends(_only("Only an operator of the system can do that.", Kind.OPERATOR))
]
"""Who sets schools up."""
