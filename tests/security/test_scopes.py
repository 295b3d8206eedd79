"""A session that is not yet a full one reaches its own step and nothing else, anywhere (R2).

All routes are walked by each service's own document, so that none is forgotten. Nothing behind the
rights is running: whoever came through would fail otherwise than by the refusal that is looked for.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from cryptography.fernet import Fernet

from shared.security.principals import (
    Kind,
    Principal,
    PrincipalSigner,
    Scope,
    new_signing_key,
    public_keys,
)

SERVICES = ("identity", "roster", "mis_sync", "reports")
HALF = [scope for scope in Scope if scope is not Scope.FULL]
SOME_ID = "0192f3a0-0000-7000-8000-000000000000"

STEPS = {
    Scope.SET_PASSWORD: {"POST /password"},
    Scope.TWO_STEP: {"POST /two-step"},
    Scope.SET_UP_TWO_STEP: {
        "POST /two-step/authenticators",
        "POST /two-step/authenticators/{authenticator_id}/confirmation",
    },
    Scope.CONFIRM_CHILDREN: {
        "GET /children/first-confirmation",
        "POST /children/first-confirmation",
    },
}
"""What each opens; all of them may be signed out of."""
SIGNING_OUT = "DELETE /sessions/current"
OF_PARENTS = {
    "GET /children",
    "GET /support",
    "POST /password",
    "GET /sessions",
    "DELETE /sessions/{session_id}",
    "GET /two-step",
    "POST /two-step/authenticators",
    "POST /two-step/authenticators/{authenticator_id}/confirmation",
    "PATCH /two-step/authenticators/{authenticator_id}",
    "POST /two-step/authenticators/{authenticator_id}/removal",
    "POST /two-step/recovery-codes",
    "GET /logo",
    "GET /logo/{version}/school-logo.png",
    "GET /children/{pupil_id}/reports",
    "GET /children/{pupil_id}/reports/{report_id}",
    "GET /children/{pupil_id}/reports/{report_id}/school-logo.png",
    "GET /children/{pupil_id}/reports/{report_id}/file",
}
"""Their children, what is published of them, their own account and the school's logo: nothing else
of the school's."""
OF_OPERATORS = {
    "GET /schools",
    "POST /schools",
    "DELETE /schools/{school_id}/admin/two-step",
    "DELETE /schools/{school_id}/sessions",
    "GET /left-schools",
    "PUT /left-schools/{school_id}",
    "DELETE /left-schools/{school_id}",
    "POST /left-schools/{school_id}/erasure",
}
"""Setting schools up, letting an admin in who has lost every way, signing all out, and letting a
school go; no school's own things."""
WITHOUT_PRINCIPAL = {
    "GET /health",
    "GET /live",
    "GET /ready",
    "POST /sessions",
    "POST /sessions/link",
    "POST /sessions/lookup",
    "POST /password/forgotten",
    "POST /admin-email/link",
    "POST /admin-email/confirmation",
    "POST /admin-email/cancellation",
}
"""For the gateway and the operator's tools alone, which ask before anybody is signed in."""


@pytest.fixture(scope="module")
def key() -> dict[str, str]:
    return new_signing_key()


class Walked:
    """A service of which nothing is started."""

    def __init__(self, service: str) -> None:
        app = import_module(f"services.{service}.app").create_app()
        self.routes = {
            f"{method.upper()} {path}"
            for path, operations in app.openapi()["paths"].items()
            for method in operations
        }
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://service")

    async def answers(self, route: str, token: str | None) -> int:
        method, path = route.split(" ")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = re.sub(r"\{\w+\}", SOME_ID, path)
        answer = await self._client.request(method, address, headers=headers, json={})
        return answer.status_code


Walk = Callable[[str], Walked]


@pytest.fixture(scope="module")
def walk(key: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """`walk("roster")`: the service, made once."""
    folder = tmp_path_factory.mktemp("scopes")

    @cache
    def made(service: str) -> Walked:
        with pytest.MonkeyPatch.context() as monkeypatch:
            tell_of_nobody(key, folder, monkeypatch)
            return Walked(service)

    return made


def tell_of_nobody(key: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names for all that a service must be told, under which nobody answers."""
    (folder / "keys").write_text(json.dumps(public_keys(key)))
    (folder / "pepper").write_text(secrets.token_hex(32))
    (folder / "two-step").write_bytes(Fernet.generate_key())
    told = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "RELAY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "RABBITMQ_URL": "amqp://nobody:none@127.0.0.1:1/none",
        "MIS_RABBITMQ_URL": "amqp://nobody:none@127.0.0.1:1/mis",
        "CONNECTOR_BROKER_URL": "amqp://127.0.0.1:1/mis",
        "FILES_URL": "memory:///",
        "PUBLIC_URL": "http://localhost:1",
        "SMTP_HOST": "127.0.0.1",
        "MAIL_FROM": "nobody@classroom.example",
        "PRINCIPAL_PUBLIC_KEY_FILE": str(folder / "keys"),
        "PEPPER_FILE": str(folder / "pepper"),
        "TWO_STEP_KEYS_FILE": str(folder / "two-step"),
    }
    for name, value in told.items():
        monkeypatch.setenv(f"CLASSROOM_{name}", value)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("scope", HALF)
async def test_it_reaches_its_step_and_nothing_else(
    key: dict[str, str], walk: Walk, service: str, scope: Scope
) -> None:
    walked = walk(service)
    open_to_it = {*STEPS[scope], SIGNING_OUT, *WITHOUT_PRINCIPAL}
    for kind in Kind:
        somebody = Principal(UUID(SOME_ID), UUID(SOME_ID), kind, None, scope, UUID(SOME_ID), "Jo")
        token = PrincipalSigner(key).sign(somebody, service)
        for route in walked.routes - open_to_it:
            assert await walked.answers(route, token) == 403, f"{kind} at {route}"


@pytest.mark.parametrize("service", SERVICES)
async def test_a_parent_reaches_their_children_and_account_alone(
    key: dict[str, str], walk: Walk, service: str
) -> None:
    """R1, R2: wholly signed in, they are refused everywhere else."""
    walked = walk(service)
    parent = Principal(
        UUID(SOME_ID), UUID(SOME_ID), Kind.PARENT, None, Scope.FULL, UUID(SOME_ID), "Jo"
    )
    token = PrincipalSigner(key).sign(parent, service)
    for route in walked.routes - OF_PARENTS - {SIGNING_OUT} - WITHOUT_PRINCIPAL:
        assert await walked.answers(route, token) == 403, route


@pytest.mark.parametrize("service", SERVICES)
async def test_an_operator_is_in_no_school(key: dict[str, str], walk: Walk, service: str) -> None:
    """And has nothing there that is their own, not even a session to end."""
    walked = walk(service)
    operator = Principal(UUID(SOME_ID), None, Kind.OPERATOR, None, Scope.FULL, None, "Jo")
    token = PrincipalSigner(key).sign(operator, service)
    for route in walked.routes - OF_OPERATORS - WITHOUT_PRINCIPAL:
        assert await walked.answers(route, token) == 403, route


async def test_nobody_but_a_parent_sees_children_as_one(key: dict[str, str], walk: Walk) -> None:
    for service in ("identity", "reports"):
        walked = walk(service)
        of_children = {route for route in OF_PARENTS & walked.routes if "/children" in route}
        assert of_children
        for kind in set(Kind) - {Kind.PARENT}:
            somebody = Principal(
                UUID(SOME_ID), UUID(SOME_ID), kind, "slt", Scope.FULL, UUID(SOME_ID), "Jo"
            )
            token = PrincipalSigner(key).sign(somebody, service)
            for route in of_children:
                assert await walked.answers(route, token) == 403, f"{kind} at {route}"


@pytest.mark.parametrize("service", SERVICES)
async def test_all_else_asks_who_it_is(walk: Walk, service: str) -> None:
    walked = walk(service)
    for route in walked.routes - WITHOUT_PRINCIPAL:
        assert await walked.answers(route, None) == 401, route
