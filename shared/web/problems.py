"""Errors on the wire: RFC 9457 problem details, from one base class and one place of translation.

A service derives its own problems in its own folder; `install_problems` translates them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "MEDIA_TYPE",
    "BadRequest",
    "Conflict",
    "Forbidden",
    "InvalidPart",
    "NotFound",
    "Problem",
    "ProblemDetails",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "Unprocessable",
    "install_problems",
    "problem_type",
]

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger(__name__)


def problem_type(slug: str) -> str:
    """The stable `type` of a problem; it names it and is not meant to be followed."""
    return f"urn:classroom:problem:{slug}"


class InvalidPart(BaseModel):
    """One thing that is wrong with a request."""

    detail: str
    pointer: str | None = Field(
        default=None, description="JSON pointer into the request's body, such as `#/email`."
    )
    parameter: str | None = Field(
        default=None, description="Where it is not the body: `query/limit`, `path/pupil_id`."
    )


class ProblemDetails(BaseModel):
    """RFC 9457. `detail` is a sentence that a school's office can act on."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[InvalidPart] | None = None
    reference: str | None = Field(
        default=None,
        description="Of a fault of ours: what finds its log lines, and its trace where it has one.",
    )


class Problem(Exception):
    """An error that is answered as it stands. `extras` become members of the problem details."""

    status = 500
    slug = "internal"
    title = "Something went wrong"

    def __init__(
        self, detail: str, *, headers: Mapping[str, str] | None = None, **extras: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extras = extras

    def response(self) -> JSONResponse:
        return _response(self.status, self.slug, self.title, self.detail, self.extras, self.headers)


class BadRequest(Problem):
    status, slug, title = 400, "bad-request", "The request cannot be understood"


class Unauthenticated(Problem):
    status, slug, title = 401, "unauthenticated", "Nobody is signed in"


class Forbidden(Problem):
    status, slug, title = 403, "forbidden", "This account may not do that"


class NotFound(Problem):
    status, slug, title = 404, "not-found", "There is nothing here"


class Conflict(Problem):
    status, slug, title = 409, "conflict", "Something stands in the way"


class Unprocessable(Problem):
    status, slug, title = 422, "unprocessable", "Something in the request is not right"


class TooManyRequests(Problem):
    status, slug, title = 429, "too-many-requests", "Too many attempts"


class Unavailable(Problem):
    status, slug, title = 503, "unavailable", "This part of the system cannot be reached"


def install_problems(app: FastAPI, *, unavailable: Sequence[type[Exception]] = ()) -> None:
    """Translate every error of `app` into problem details, and say so in its OpenAPI document.

    `unavailable` are exceptions that mean that something the service needs is away: they are
    answered with 503, as connection errors and timeouts always are.
    """
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    away: tuple[type[Exception], ...] = (ConnectionError, TimeoutError, *unavailable)
    for error in away:
        app.add_exception_handler(error, _on_unavailable)
    app.add_middleware(UnhandledErrors)
    _document(app)


class UnhandledErrors:
    """Answers what nobody caught with a problem that says nothing of the inside, and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            log.exception("request failed")
            if started:
                raise
            answer = Problem("The fault was recorded. Please try again in a minute.").response()
            await answer(scope, receive, send)


async def _on_problem(_: Request, error: Exception) -> JSONResponse:
    return cast(Problem, error).response()


async def _on_unavailable(_: Request, error: Exception) -> JSONResponse:
    log.warning("something needed is away", error=type(error).__name__)
    detail = "Something this needs is not answering at the moment. Please try again in a minute."
    return Unavailable(detail, headers={"Retry-After": "5"}).response()


async def _on_validation_error(_: Request, error: Exception) -> JSONResponse:
    """What was sent is never repeated in the answer: it may be a password or a child's name."""
    invalid = cast(RequestValidationError, error).errors()
    parts = [_invalid_part(item["loc"], item["msg"]) for item in invalid]
    wrong = "One thing" if len(parts) == 1 else f"{len(parts)} things"
    detail = f"{wrong} in the request must be corrected: {parts[0].detail}" if parts else ""
    errors = [part.model_dump(exclude_none=True) for part in parts]
    return Unprocessable(detail, errors=errors).response()


def _invalid_part(location: tuple[int | str, ...], message: str) -> InvalidPart:
    where, *rest = [str(step) for step in location] or ["body"]
    if where != "body":
        return InvalidPart(detail=message, parameter="/".join([where, *rest]))
    pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in rest)
    return InvalidPart(detail=message, pointer="#" + pointer)


async def _on_http_exception(_: Request, error: Exception) -> JSONResponse:
    """Errors of the framework, and of folders that stand alone and so cannot raise a `Problem`.

    Those may carry their own `slug` and `title`; others are named by their status.
    """
    failure = cast(HTTPException, error)
    phrase = HTTPStatus(failure.status_code).phrase
    slug = getattr(failure, "slug", phrase.lower().replace(" ", "-"))
    title = getattr(failure, "title", phrase)
    return _response(failure.status_code, slug, title, failure.detail, {}, failure.headers)


def _response(
    status: int,
    slug: str,
    title: str,
    detail: str,
    extras: Mapping[str, Any],
    headers: Mapping[str, str] | None,
) -> JSONResponse:
    known = {"type": problem_type(slug), "title": title, "status": status, "detail": detail}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # What a school reads out when it calls; of its own mistakes it need not call.
        known["reference"] = structlog.contextvars.get_contextvars().get("correlation_id")
    return JSONResponse(
        {**known, **extras, **known}, status, headers=headers, media_type=MEDIA_TYPE
    )


def _document(app: FastAPI) -> None:
    """Every operation may answer with a problem; FastAPI's own shape for 422 is never sent."""
    generate = app.openapi
    problem = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    answer = {"description": "A problem (RFC 9457)", "content": {MEDIA_TYPE: problem}}

    def openapi() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        reference = "#/components/schemas/{model}"
        shape = ProblemDetails.model_json_schema(ref_template=reference)
        schemas |= shape.pop("$defs", {}) | {"ProblemDetails": shape}
        for path in document.get("paths", {}).values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = answer
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to extend it
