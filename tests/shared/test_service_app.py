"""What every service's application does before and after its own routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from shared.security.dependencies import Admin, AnyUser, CurrentPrincipal, Operator, SignedIn
from shared.security.principals import (
    Kind,
    Principal,
    PrincipalSigner,
    PrincipalVerifier,
    Scope,
    new_signing_key,
    public_keys,
)
from shared.web.app import Checks, create_service_app
from shared.web.paging import Paging
from shared.web.problems import Conflict

KEY = new_signing_key()
SIGNER = PrincipalSigner(KEY)
routes = APIRouter()


class Secret(BaseModel):
    password: str
    count: int


@routes.post("/secret")
async def secret(body: Secret) -> None: ...


@routes.get("/list")
async def read_list(paging: Paging, year: str | None = None) -> str:
    return f"{paging.limit} {paging.sort} {paging.search} {year}"


@routes.get("/conflict")
async def conflict() -> None:
    raise Conflict("Take the address off first.", in_the_way="ng75pn_smith")


@routes.get("/fault")
async def fault() -> None:
    raise RuntimeError("the inside")


@routes.get("/away")
async def away() -> None:
    raise ConnectionRefusedError


@routes.get("/correlation")
async def correlation() -> str:
    return str(structlog.contextvars.get_contextvars()["correlation_id"])


@routes.get("/current")
async def current(principal: CurrentPrincipal) -> str:
    return principal.name


@routes.get("/signed-in")
async def signed_in(principal: SignedIn) -> str:
    return principal.name


@routes.get("/admin")
async def admin(principal: Admin) -> str:
    return principal.name


@routes.get("/user")
async def user(principal: AnyUser) -> str:
    return principal.name


@routes.get("/operator")
async def operator(principal: Operator) -> str:
    return principal.name


@asynccontextmanager
async def nothing_to_open(_: FastAPI) -> AsyncIterator[None]:
    yield


def app(wrong: str | None = None) -> FastAPI:
    async def checks() -> dict[str, str | None]:
        return {"database": None, "broker": wrong}

    return made_of(checks, routers=[routes])


def made_of(checks: Checks, **parts: Any) -> FastAPI:
    made = create_service_app(title="A service", lifespan=nothing_to_open, checks=checks, **parts)
    made.state.principals = PrincipalVerifier(public_keys(KEY), "a_service")
    return made


def client(wrong: str | None = None) -> httpx.AsyncClient:
    return asking(app(wrong))


def asking(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://a-service", timeout=5
    )


def signed(kind: Kind, scope: Scope = Scope.FULL) -> dict[str, str]:
    school = None if kind is Kind.OPERATOR else uuid4()
    principal = Principal(uuid4(), school, kind, None, scope, uuid4(), "Zoë")
    return {"Authorization": f"Bearer {SIGNER.sign(principal, 'a_service')}"}


class TestProblems:
    async def test_a_problem_is_answered_with_its_extras(self) -> None:
        async with client() as service:
            answer = await service.get("/conflict")
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "urn:classroom:problem:conflict",
            "title": "Something stands in the way",
            "status": 409,
            "detail": "Take the address off first.",
            "in_the_way": "ng75pn_smith",
        }

    async def test_what_was_sent_is_not_repeated(self) -> None:
        async with client() as service:
            answer = await service.post("/secret", json={"password": "xyzzy", "count": "xyzzy"})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["#/count"]
        assert "xyzzy" not in answer.text

    async def test_a_fault_says_nothing_of_the_inside(self) -> None:
        async with client() as service:
            answer = await service.get("/fault")
        assert (answer.status_code, answer.json()["type"]) == (
            500,
            "urn:classroom:problem:internal",
        )
        assert "inside" not in answer.text
        assert answer.json()["reference"] == answer.headers["X-Correlation-ID"]

    async def test_what_is_away_is_503_and_says_when_to_come_back(self) -> None:
        async with client() as service:
            answer = await service.get("/away")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    async def test_unknown_paths_and_methods_are_problems(self) -> None:
        async with client() as service:
            answers = [await service.get("/none"), await service.put("/secret")]
        assert [a.json()["type"] for a in answers] == [
            "urn:classroom:problem:not-found",
            "urn:classroom:problem:method-not-allowed",
        ]

    async def test_openapi_declares_them(self) -> None:
        document = app().openapi()
        responses = document["paths"]["/secret"]["post"]["responses"]
        assert "422" not in responses
        assert "application/problem+json" in responses["default"]["content"]
        assert {"ProblemDetails", "InvalidPart"} <= document["components"]["schemas"].keys()


class TestLimits:
    async def test_a_large_body_is_refused(self) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"x" * 100_000

        async with client() as service:
            declared = await service.post("/secret", content=b"x" * 2_000_000)
            undeclared = await service.post("/secret", content=chunks())
        assert [declared.status_code, undeclared.status_code] == [413, 413]

    async def test_nul_is_refused_everywhere(self) -> None:
        async with client() as service:
            answers = [
                await service.post("/secret", content=rb'{"password": "\u0000", "count": 1}'),
                await service.post(
                    "/secret",
                    content=r'{"password": "\u0000", "count": 1}'.encode("utf-16"),
                    headers={"Content-Type": "application/json"},
                ),
                await service.get("/list?year=%00"),
                await service.get("/a%00b"),
            ]
        assert {answer.status_code for answer in answers} == {400}


class TestPaging:
    async def test_parameters(self) -> None:
        async with client() as service:
            answer = await service.get("/list?limit=3&sort=-surname&search=%20o'n&year=3")
        assert answer.json() == "3 -surname o'n 3"

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "sort=a;b", "search=%01"])
    async def test_others_are_refused(self, query: str) -> None:
        async with client() as service:
            answer = await service.get(f"/list?{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["parameter"].startswith("query/")


class TestCorrelation:
    async def test_the_callers_id_is_bound_and_answered(self) -> None:
        given = {"X-Correlation-ID": "0192-abcdef"}
        async with client() as service:
            answer = await service.get("/correlation", headers=given)
        assert answer.json() == answer.headers["x-correlation-id"] == "0192-abcdef"

    async def test_one_that_could_forge_a_log_line_is_replaced(self) -> None:
        async with client() as service:
            answer = await service.get("/correlation", headers={"X-Correlation-ID": 'a" x="'})
        assert answer.json() == answer.headers["x-correlation-id"] != 'a" x="'


class TestHealth:
    async def test_live_and_ready(self) -> None:
        async with client() as service:
            assert (await service.get("/live")).status_code == 200
            assert (await service.get("/ready")).status_code == 200

    async def test_not_ready_says_why(self) -> None:
        async with client("no consumer") as service:
            live, ready = await service.get("/live"), await service.get("/ready")
        assert (live.status_code, ready.status_code) == (200, 503)
        assert ready.json() == {
            "ready": False,
            "checks": {"database": None, "broker": "no consumer"},
            "notices": {},
        }

    @pytest.mark.parametrize(("routers", "status"), [([routes], 200), ([], 503)])
    async def test_what_works_besides_requests_turns_away_only_who_does_nothing_else(
        self, routers: list[APIRouter], status: int
    ) -> None:
        """F4: people go on working while the broker is away, and it is said all the same."""

        async def database() -> dict[str, str | None]:
            return {"database": None}

        async def consumers() -> dict[str, str | None]:
            return {"consumers": "the broker is away"}

        async with asking(made_of(database, routers=routers, workers=consumers)) as service:
            ready = await service.get("/ready")
        assert ready.status_code == status
        assert ready.json()["ready"] is (status == 200)
        found = ready.json()["checks"] | ready.json()["notices"]
        assert found == {"database": None, "consumers": "the broker is away"}

    async def test_looks_once_at_a_time_however_many_ask(self) -> None:
        """Each look takes connections, and anyone may ask."""
        looking = most = 0

        async def database() -> dict[str, str | None]:
            nonlocal looking, most
            looking += 1
            most = max(most, looking)
            await asyncio.sleep(0.02)
            looking -= 1
            return {"database": None}

        async with asking(made_of(database, routers=[routes])) as service:
            answers = await asyncio.gather(*(service.get("/ready") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert most == 1


class TestRights:
    async def test_the_anonymous_caller_reaches_nothing(self) -> None:
        async with client() as service:
            answers = [
                await service.get(path, headers=headers)
                for path in ("/current", "/signed-in", "/admin", "/user", "/operator")
                for headers in ({}, {"Authorization": "Bearer nonsense"})
            ]
        assert {answer.status_code for answer in answers} == {401}
        assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}

    async def test_who_must_set_a_password_reaches_only_that(self) -> None:
        """R2"""
        headers = signed(Kind.ADMIN, Scope.SET_PASSWORD)
        async with client() as service:
            current = await service.get("/current", headers=headers)
            others = [await service.get(p, headers=headers) for p in ("/signed-in", "/admin")]
        assert current.status_code == 200
        assert [a.json()["type"] for a in others] == ["urn:classroom:problem:password-not-set"] * 2

    @pytest.mark.parametrize(
        ("kind", "allowed"),
        [
            (Kind.ADMIN, {"/signed-in", "/admin", "/user"}),
            (Kind.USER, {"/signed-in", "/user"}),
            (Kind.PARENT, {"/signed-in"}),
            (Kind.OPERATOR, {"/operator"}),
        ],
    )
    async def test_each_kind_reaches_its_own(self, kind: Kind, allowed: set[str]) -> None:
        paths = ("/signed-in", "/admin", "/user", "/operator")
        async with client() as service:
            answers = {p: await service.get(p, headers=signed(kind)) for p in paths}
        assert {path for path, answer in answers.items() if answer.status_code == 200} == allowed
        assert {a.status_code for p, a in answers.items() if p not in allowed} == {403}
