"""How a service is asked: for one person, signed, within a deadline, with the correlation id.

A service that does not answer is `ServiceAway`; a problem that it answers is passed on as it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from gateway.clients.problems import ServiceAway, ServiceFault, ServiceRefused
from gateway.schemas.parts import ServiceName
from shared.security.principals import Principal, PrincipalSigner
from shared.web.requests import CORRELATION_HEADER, correlation_id

__all__ = ["Budget", "Caller", "Service"]

_SESSION_OVER = "session-over"
"""The one 401 that is about the person and not about our signature."""

log = structlog.get_logger(__name__)

M = TypeVar("M", bound=BaseModel)


class Budget:
    """The time that a page has, over all that it asks."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())


class Service:
    """One of our services and the way to it."""

    def __init__(
        self,
        name: ServiceName,
        http: httpx.AsyncClient,
        signer: PrincipalSigner,
        *,
        seconds: float,
    ) -> None:
        self.name = name
        self.seconds = seconds
        self._http = http
        self._signer = signer

    async def send(
        self,
        method: str,
        path: str,
        *,
        principal: Principal | None,
        params: Mapping[str, Any] | None,
        body: BaseModel | AsyncIterator[bytes] | None,
        seconds: float,
    ) -> httpx.Response:
        """The answer, whatever its status below 500. Raises `ServiceAway` or `ServiceFault`.

        A body that comes in pieces is a file, and is passed on as it comes.
        """
        request = self._request(method, path, principal=principal, params=params, body=body)
        return await self._answered(request, seconds)

    async def open(
        self, path: str, *, principal: Principal | None, params: Mapping[str, Any] | None
    ) -> httpx.Response:
        """As `send` of a GET, with the body still to be read and the answer to be closed."""
        request = self._request("GET", path, principal=principal, params=params, body=None)
        return await self._answered(request, self.seconds, stream=True)

    def _request(
        self,
        method: str,
        path: str,
        *,
        principal: Principal | None,
        params: Mapping[str, Any] | None,
        body: BaseModel | AsyncIterator[bytes] | None,
    ) -> httpx.Request:
        headers = {CORRELATION_HEADER: correlation_id()}
        if principal is not None:
            headers["Authorization"] = f"Bearer {self._signer.sign(principal, self.name.value)}"
        content: str | AsyncIterator[bytes] | None = None
        if isinstance(body, BaseModel):
            content = body.model_dump_json(exclude_unset=True)
            headers["Content-Type"] = "application/json"
        elif body is not None:
            content = body
            headers["Content-Type"] = "application/octet-stream"
        return self._http.build_request(
            method, path, params=_query(params), content=content, headers=headers
        )

    async def _answered(
        self, request: httpx.Request, seconds: float, *, stream: bool = False
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(seconds):
                answer = await self._send(request, stream=stream)
        except (httpx.TransportError, TimeoutError) as error:
            log.warning("service away", asked=self.name.value, error=type(error).__name__)
            raise ServiceAway(self.name) from None
        if answer.status_code >= 500:
            await answer.aclose()
            log.warning("service failed", asked=self.name.value, status=answer.status_code)
            raise (ServiceAway if answer.status_code == 503 else ServiceFault)(self.name)
        return answer

    async def wrong(self) -> str | None:
        """What is wrong with the service, or `None` where it is ready."""
        try:
            answer = await self.send(
                "GET", "/ready", principal=None, params=None, body=None, seconds=self.seconds
            )
        except ServiceAway as away:
            return away.title
        return None if answer.is_success else f"it answers {answer.status_code}"

    async def _send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        """A kept connection that the service closed meanwhile is no reason to fail a read."""
        try:
            return await self._http.send(request, stream=stream)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            if request.method != "GET":
                raise
            return await self._http.send(request, stream=stream)


class Caller:
    """A service, asked on behalf of one person for one page. Each service has its own subclass."""

    def __init__(self, service: Service, principal: Principal | None, budget: Budget) -> None:
        self._service = service
        self._principal = principal
        self._budget = budget

    async def ask(
        self,
        shape: type[M],
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: BaseModel | None = None,
        seconds: float | None = None,
    ) -> M:
        """The answer in its shape. Raises `ServiceRefused` for a problem, else `ServiceAway`.

        `seconds` is for what takes long by its nature, and is not bound by the page's budget.
        """
        answer = await self._answer(method, path, params=params, body=body, seconds=seconds)
        return self._understood(shape, answer)

    async def upload(
        self,
        shape: type[M],
        path: str,
        file: AsyncIterator[bytes],
        *,
        params: Mapping[str, Any],
        upload: Budget,
    ) -> M:
        """A file, passed on as it comes. Its own budget is over all of its way and its reading."""
        answer = await self._answer("POST", path, params=params, body=file, seconds=upload.left)
        return self._understood(shape, answer)

    async def tell(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: BaseModel | None = None,
        seconds: float | None = None,
    ) -> None:
        """As `ask`, where the answer holds nothing of interest."""
        await self._answer(method, path, params=params, body=body, seconds=seconds)

    async def file(self, path: str, *, body: BaseModel, seconds: float) -> bytes:
        """A small file that is made by asking for it, whole."""
        answer = await self._answer("POST", path, params=None, body=body, seconds=seconds)
        return answer.content

    async def download(self, path: str, params: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """A file, piece by piece, however long it is. Raises as `ask` while nothing has come."""
        answer = await self._service.open(path, principal=self._principal, params=params)
        if answer.is_error:
            await answer.aread()
        return self._pieces(self._accepted(answer))

    async def _pieces(self, answer: httpx.Response) -> AsyncIterator[bytes]:
        """Each piece has the service's time. A file that breaks off is seen to be broken off."""
        pieces = answer.aiter_bytes()
        try:
            while True:
                async with asyncio.timeout(self._service.seconds):
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                yield piece
        finally:
            await answer.aclose()

    async def _answer(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None,
        body: BaseModel | AsyncIterator[bytes] | None,
        seconds: float | None,
    ) -> httpx.Response:
        answer = await self._service.send(
            method,
            path,
            principal=self._principal,
            params=params,
            body=body,
            seconds=seconds or min(self._service.seconds, self._budget.left),
        )
        return self._accepted(answer)

    def _understood(self, shape: type[M], answer: httpx.Response) -> M:
        try:
            return shape.model_validate_json(answer.content)
        except ValidationError as error:
            wrong = [".".join(map(str, fault["loc"])) for fault in error.errors()]
            log.exception("answer not understood", asked=self._service.name.value, wrong=wrong[:10])
            raise ServiceFault(self._service.name) from None

    def _accepted(self, answer: httpx.Response) -> httpx.Response:
        if not answer.is_error:
            return answer
        refusal = ServiceRefused(answer)
        unknown = refusal.status == 401 and refusal.slug != _SESSION_OVER
        if unknown and self._principal is not None:
            log.error("our signature was refused", asked=self._service.name.value)
            raise ServiceFault(self._service.name)
        raise refusal


def _query(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Query parameters without those that were not given; ids and enums as they are written."""
    return {
        name: [str(item) for item in value] if isinstance(value, list | tuple) else _text(value)
        for name, value in (params or {}).items()
        if value is not None
    }


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
