"""The services, stood in by small real ones: they check the principal and answer from memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from shared.security.principals import InvalidPrincipal, Principal, PrincipalVerifier
from shared.web.problems import MEDIA_TYPE

__all__ = ["NOBODY_CLAIMED", "FakeIdentity", "FakeService", "Seen", "person"]

SCHOOL = {
    "id": str(uuid4()),
    "name": "Heron Park Primary School",
    "postcode": "NG7 5PN",
    "first_year_group": "R",
    "last_year_group": "6",
}
NOBODY_CLAIMED: dict[str, Any] = {
    "counts": {
        "own": 0,
        "default": 0,
        "code": 0,
        "no_code": 0,
        "lapsed": 0,
        "link": 0,
        "link_lapsed": 0,
    },
    "recent": [],
    "default_paused_until": None,
}
PASSWORD = "a long enough password"


def person(kind: str = "admin", scope: str = "full", role: str | None = None) -> dict[str, Any]:
    """A session of an account of that kind, as identity answers it."""
    now = datetime.now(UTC)
    return {
        "id": str(uuid4()),
        "scope": scope,
        "created_at": now.isoformat(),
        "expires_at": (now + timedelta(hours=12)).isoformat(),
        "csrf_token": f"csrf-{uuid4()}",
        "account": {
            "id": str(uuid4()),
            "kind": kind,
            "role": role,
            "leadership": None,
            "username": "ng75pn_smith",
            "email": None,
            "name": "Zoë Smith",
        },
        "school": SCHOOL,
    }


@dataclass
class Seen:
    """One question that a service was asked."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    principal: Principal | None
    correlation_id: str | None


@dataclass
class FakeService:
    """`answers` maps `GET /path` to a body, a `(status, body)` pair, or a function of `Seen`, which
    may take its time."""

    name: str
    keys: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    seconds: float = 0.0

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None, lifespan=_nothing)
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        app.add_api_route("/{path:path}", self._answer, methods=methods, response_model=None)
        return app

    def make_anew(self) -> None:
        self.answers = {}
        self.seen = []
        self.seconds = 0.0

    def asked(self, question: str) -> list[Seen]:
        return [seen for seen in self.seen if f"{seen.method} {seen.path}" == question]

    async def _answer(self, request: Request) -> Response:
        seen = await self._see(request)
        self.seen.append(seen)
        await asyncio.sleep(self.seconds)
        answer = self.answers.get(f"{seen.method} {seen.path}", (404, _problem(404)))
        if isinstance(answer, Callable):  # type: ignore[arg-type]
            answer = answer(seen)
        if isawaitable(answer):
            answer = await answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        if isinstance(body, bytes):
            return Response(body, status)
        media_type = MEDIA_TYPE if status >= 400 else "application/json"
        return JSONResponse(body, status, media_type=media_type)

    async def _see(self, request: Request) -> Seen:
        body: Any = await request.body() or None
        if body and request.headers.get("Content-Type") != "application/octet-stream":
            body = await request.json()
        query: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            query.setdefault(name, []).append(value)
        return Seen(
            method=request.method,
            path=request.url.path,
            query=query,
            body=body,
            principal=self._principal(request),
            correlation_id=request.headers.get("X-Correlation-ID"),
        )

    def _principal(self, request: Request) -> Principal | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return PrincipalVerifier(self.keys, self.name).verify(token)
        except InvalidPrincipal:
            return None


@dataclass
class FakeIdentity(FakeService):
    """Holds sessions by token. `sign_in_as` is who the next sign-in opens a session for.

    `device` is by what the browser is known from then on.
    """

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    sign_in_as: dict[str, Any] = field(default_factory=person)
    device: str | None = None

    def __post_init__(self) -> None:
        self.make_anew()

    def make_anew(self) -> None:
        super().make_anew()
        self.sessions = {}
        self.sign_in_as = person()
        self.device = None
        self.answers |= {
            "GET /ready": {"ready": True, "checks": {}},
            "POST /sessions": self._sign_in,
            "POST /sessions/link": self._open,
            "POST /sessions/lookup": self._look_up,
            "DELETE /sessions/current": self._sign_out,
            "POST /password": self._set_password,
            "GET /claims/summary": NOBODY_CLAIMED,
        }

    def open(self, session: dict[str, Any]) -> str:
        """A session that is there already, by its new token."""
        token = f"token-{uuid4()}"
        self.sessions[token] = session
        return token

    def end(self, session_id: UUID | str) -> None:
        self.sessions = {t: s for t, s in self.sessions.items() if s["id"] != str(session_id)}

    def _sign_in(self, seen: Seen) -> Any:
        if seen.body["password"] != PASSWORD:
            return 401, _problem(401, "sign-in-failed")
        return self._open(seen)

    def _open(self, _: Seen) -> Any:
        session = self.sign_in_as
        return 201, {"token": self.open(session), "device": self.device, "session": session}

    def _look_up(self, seen: Seen) -> Any:
        return self.sessions.get(seen.body["token"]) or (401, _problem(401))

    def _sign_out(self, seen: Seen) -> Any:
        if seen.principal and seen.principal.session_id:
            self.end(seen.principal.session_id)
        return 204, b""

    def _set_password(self, seen: Seen) -> Any:
        if seen.principal is None or seen.principal.session_id is None:
            return 401, _problem(401)
        old = next(s for s in self.sessions.values() if s["id"] == str(seen.principal.session_id))
        self.end(old["id"])
        fresh = person(old["account"]["kind"])
        return 201, {"token": self.open(fresh), "device": self.device, "session": fresh}


def _problem(status: int, slug: str = "not-found") -> dict[str, Any]:
    return {
        "type": f"urn:classroom:problem:{slug}",
        "title": "As the service says it",
        "status": status,
        "detail": "In the service's own words.",
    }


@asynccontextmanager
async def _nothing(_: FastAPI) -> AsyncIterator[None]:
    yield
