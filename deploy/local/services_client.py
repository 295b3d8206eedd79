"""Speaks to the services as an operator, or for a school's admin, with the stack's own key.

For what has no page: setting a school up, and the demo's records that are made by hand.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from uuid import UUID

import httpx
from uuid_utils.compat import uuid7

from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import keys
from deploy.local.state import State
from shared.security.principals import Kind, Principal, PrincipalSigner, Scope

__all__ = ["NewSchool", "ServicesClient", "checked", "principal_of_admin"]

OPERATOR = Principal(
    account_id=UUID(int=0),
    school_id=None,
    kind=Kind.OPERATOR,
    role=None,
    scope=Scope.FULL,
    session_id=None,
    name="Operator at the command line",
)


@dataclass(frozen=True)
class NewSchool:
    name: str
    postcode: str
    first_year_group: str
    last_year_group: str
    admin_email: str


def principal_of_admin(account_id: UUID, school_id: UUID, name: str) -> Principal:
    return Principal(account_id, school_id, Kind.ADMIN, None, Scope.FULL, uuid7(), name)


class ServicesClient:
    """The services of the stack that is up, by their own addresses."""

    def __init__(self, state: State) -> None:
        private = json.loads(keys(state).private.read_text())
        self._signer = PrincipalSigner(private)
        self._addresses: dict[str, str] = state.read("stack").get("addresses") or {}
        self._http = httpx.Client(timeout=30, trust_env=False)

    def __enter__(self) -> ServicesClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def schools_named(self, name: str) -> list[dict[str, Any]]:
        found = self.ask("GET", "identity", "/schools", params={"name": name})
        return list(found["items"])

    def school_id_of(self, school: str) -> UUID:
        """By its id or its name. Raises `OperatorError` where the name is none's or several's."""
        with suppress(ValueError):
            return UUID(school)
        found = self.schools_named(school)
        if len(found) != 1:
            raise OperatorError(f"{len(found)} schools are called {school}: give the id instead.")
        return UUID(found[0]["id"])

    def set_up_school(self, school: NewSchool) -> dict[str, Any]:
        return self.ask("POST", "identity", "/schools", body=vars(school))

    def ask(
        self,
        method: str,
        service: str,
        path: str,
        *,
        principal: Principal = OPERATOR,
        body: dict[str, Any] | None = None,
        params: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """The answer's JSON. Raises `OperatorError` with the service's own sentence."""
        return checked(self._answer(method, service, path, principal, body, params))

    def text(self, service: str, path: str, *, principal: Principal, params: dict[str, str]) -> str:
        """What is no JSON. Raises `OperatorError` with the service's own sentence."""
        answer = self._answer("GET", service, path, principal, None, params)
        if answer.is_error:
            checked(answer)
        return answer.text

    def _answer(
        self,
        method: str,
        service: str,
        path: str,
        principal: Principal,
        body: dict[str, Any] | None,
        params: dict[str, str] | None,
    ) -> httpx.Response:
        if service not in self._addresses:
            raise OperatorError("Nothing is up here: start it with ./classroom up --detach.")
        try:
            return self._http.request(
                method,
                f"{self._addresses[service]}{path}",
                json=body,
                params=params,
                headers={"Authorization": f"Bearer {self._signer.sign(principal, service)}"},
            )
        except httpx.TransportError as error:
            raise OperatorError(f"{service} does not answer: see ./classroom status.") from error


def checked(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer that is not an error; else `OperatorError` from its problem details."""
    if not answer.is_error:
        content = answer.json() if answer.content else {}
        return dict(content) if isinstance(content, dict) else {}
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    detail = problem.get("detail") or answer.text[:300]
    errors = "".join(
        f"\n    {each.get('pointer', '')}: {each.get('detail', '')}"
        for each in problem.get("errors") or ()
    )
    raise OperatorError(f"{problem.get('title') or answer.status_code}: {detail}{errors}")
