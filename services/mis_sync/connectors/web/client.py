"""Reads JSON over HTTPS within limits: of time, of size, of tries, and of hosts.

Whatever goes wrong is `ExportRefused` with a sentence for a technician. Neither sentences nor
anything else that leaves here holds a token.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, Protocol

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from services.mis_sync.connectors.findings import ExportRefused, Problem

__all__ = ["Answer", "How", "Limits", "Patience", "WebClient", "opened"]

MIB = 1024 * 1024
_AGAIN = frozenset({429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5


@dataclass(frozen=True)
class Limits:
    """How much may be read: of one answer, of all, and in how many requests."""

    answer_bytes: int = 64 * MIB
    total_bytes: int = 256 * MIB
    requests: int = 10_000


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, to wait for the next bytes, for one answer, for a pause, for all."""

    connect: float = 15.0
    read: float = 60.0
    answer: float = 300.0
    longest_pause: float = 120.0
    total: float = 3600.0
    tries: int = 5


@dataclass(frozen=True)
class Answer:
    content: dict[str, Any]
    headers: httpx.Headers
    links: Mapping[str, str]
    """By what they are (`next`): the `Link` header."""


class Authority(Protocol):
    """Who says what the `Authorization` header is; `renew` is asked when it was not accepted."""

    def header(self) -> str: ...

    def renew(self) -> bool: ...


class _TryAgain(Exception):
    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class How:
    """How a service is dealt with; the defaults are meant for real ones."""

    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep


@contextmanager
def opened(base: str, how: How) -> Iterator[WebClient]:
    """A client for the service at `base`, closed afterwards."""
    timeout = httpx.Timeout(how.patience.read, connect=how.patience.connect)
    plain = base.startswith("http://")  # to this computer alone, which no proxy can reach
    with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=not plain) as http:
        yield WebClient(http, base, how)


class WebClient:
    """GETs below one base address, each with the same authority."""

    def __init__(self, http: httpx.Client, base: str, how: How) -> None:
        self._http = http
        self._base = base
        self._origin = _origin(httpx.URL(base))
        self._limits = how.limits
        self._patience = how.patience
        self._sleep = how.sleep
        self._bytes = 0
        self._requests = 0
        self._until = time.monotonic() + how.patience.total
        self.authority: Authority | None = None

    def get(
        self, path: str, params: Mapping[str, str] | None = None, *, optional: bool = False
    ) -> Answer | None:
        """What stands at a path below the base.

        `None` only where it is `optional` and the service has it not, or not for us.
        """
        return self._authorised(httpx.URL(f"{self._base}/{path}", params=params), optional)

    def get_next(self, address: str) -> Answer:
        """The page that the service itself names, which must be its own."""
        url = httpx.URL(self._base).join(address)
        self._check_origin(url, "The next page")
        answer = self._authorised(url, optional=False)
        assert answer is not None  # noqa: S101
        return answer

    def post_form(self, address: str, form: Mapping[str, str], auth: httpx.Auth) -> Answer:
        """For a token: no authority but `auth`, and no redirect."""
        request = self._http.build_request("POST", address, data=dict(form) or None)
        request.headers["Accept"] = "application/json"
        response, body = self._send(request, auth)
        if response.status_code in (400, 401, 403):
            self._refuse(
                request.url,
                f"The credentials were not accepted ({response.status_code}): check them, and "
                "whether the school has authorised this connector.",
            )
        return self._answer(response, body)

    def _authorised(self, url: httpx.URL, optional: bool) -> Answer | None:
        renewed, moved = False, 0
        while moved <= MAX_REDIRECTS:
            request = self._http.build_request("GET", url)
            request.headers["Accept"] = "application/json"
            if self.authority is not None:
                request.headers["Authorization"] = self.authority.header()
            response, body = self._send(request)
            status = response.status_code
            if status in _MOVED and "location" in response.headers:
                url = url.join(response.headers["location"])
                self._check_origin(url, "The way on")
                moved += 1
            elif status == 401 and not renewed and self.authority and self.authority.renew():
                renewed = True
            elif status == 401:
                self._refuse(url, "The credentials were not accepted (401): check them.")
            elif optional and status in (403, 404, 501):
                return None
            else:
                return self._answer(response, body)
        return self._refuse(url, "The service sends us from one address to the next without end.")

    def _answer(self, response: httpx.Response, body: bytes) -> Answer:
        url, status = response.request.url, response.status_code
        if status == 403:
            self._refuse(url, "These credentials may not read this (403): have it granted.")
        if status == 404:
            self._refuse(url, "There is no such address (404): check the url and the school.")
        if status != 200:
            self._refuse(url, f"The service answered {status}, which is not expected.")
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "no type")[:60]
            self._refuse(url, f"The answer is not whole JSON ({kind}): is the url right?")
        if not isinstance(content, dict):
            self._refuse(url, "The answer is JSON, but no object.")
        links = {
            kind: link["url"]
            for kind, link in response.links.items()
            if kind is not None and link.get("url")
        }
        return Answer(content, response.headers, links)

    def _send(
        self, request: httpx.Request, auth: httpx.Auth | None = None
    ) -> tuple[httpx.Response, bytes]:
        """Status, headers and the body, tried again while it may help."""
        request.headers["Accept-Encoding"] = "gzip"
        retrying = Retrying(
            retry=retry_if_exception_type(_TryAgain),
            stop=stop_after_attempt(self._patience.tries),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, request, auth)
        except _TryAgain as error:
            what = f"{error}, {self._patience.tries} times. Nothing was changed: try again later."
            self._refuse(request.url, what)

    def _once(
        self, request: httpx.Request, auth: httpx.Auth | None
    ) -> tuple[httpx.Response, bytes]:
        self._requests += 1
        if self._requests > self._limits.requests:
            self._refuse(request.url, f"It takes over {self._limits.requests} requests.")
        if time.monotonic() > self._until:
            self._refuse(request.url, f"It takes longer than {self._patience.total:.0f} seconds.")
        try:
            response = self._http.send(request, auth=auth, stream=True)
        except httpx.TransportError as error:
            raise self._not_reached(error) from None
        try:
            if response.status_code in _AGAIN:
                raise _TryAgain(f"The service answered {response.status_code}", _after(response))
            return response, self._body(response)
        finally:
            response.close()

    def _body(self, response: httpx.Response) -> bytes:
        url = response.request.url
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
            self._refuse(url, "The answer is packed in a way that was not asked for.")
        until = time.monotonic() + self._patience.answer
        parts, size = [], 0
        try:
            for part in response.iter_bytes():
                size += len(part)
                self._bytes += len(part)
                if size > self._limits.answer_bytes or self._bytes > self._limits.total_bytes:
                    self._refuse(
                        url,
                        f"The service sends too much ({self._limits.answer_bytes // MIB} MiB an "
                        f"answer, {self._limits.total_bytes // MIB} MiB in all).",
                    )
                if time.monotonic() > until:
                    raise _TryAgain("The answer came too slowly")
                parts.append(part)
        except httpx.DecodingError:
            raise _TryAgain("The answer was damaged on its way") from None
        except httpx.TransportError as error:
            raise self._not_reached(error) from None
        return b"".join(parts)

    def _not_reached(self, error: httpx.TransportError) -> _TryAgain:
        """By the kind of fault alone, since a text of httpx may hold what was sent."""
        cause = error.__cause__ or error.__context__
        if "CERTIFICATE_VERIFY_FAILED" in str(cause) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise ExportRefused(
                [
                    Problem(
                        "The service's certificate is not one that this computer trusts, so "
                        "nothing was sent. Where the school's network inspects traffic, name its "
                        "certificate in SSL_CERT_FILE.",
                        self._origin,
                    )
                ]
            )
        if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
            return _TryAgain("The service could not be reached")
        if isinstance(error, httpx.TimeoutException):
            return _TryAgain("The service did not answer in time")
        return _TryAgain("The connection broke off")

    def _pause(self, state: RetryCallState) -> float:
        """As long as the service asks for, else longer each time."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, _TryAgain) else None
        if asked is None:
            return wait_random_exponential(multiplier=1, max=self._patience.longest_pause)(state)
        if asked > self._patience.longest_pause:
            reason = f"The service asks for a pause of {asked:.0f} seconds: try again after it."
            raise ExportRefused([Problem(reason, self._origin)])
        return asked

    def _check_origin(self, url: httpx.URL, what: str) -> None:
        if _origin(url) != self._origin:
            reason = f"{what} is on another host ({url.host[:100]}), where no token is sent."
            raise ExportRefused([Problem(reason, self._origin)])

    def _refuse(self, url: httpx.URL, reason: str) -> NoReturn:
        """With the path alone: a query may hold what is not for logs."""
        raise ExportRefused([Problem(reason, f"{_origin(url)}{url.path}"[:300])])


def _origin(url: httpx.URL) -> str:
    default = {"https": 443, "http": 80}.get(url.scheme)
    port = url.port or default
    return f"{url.scheme}://{url.host}" + ("" if port == default else f":{port}")


def _after(response: httpx.Response) -> float | None:
    """Seconds from `Retry-After`, which has a number or a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        day = parsedate_to_datetime(text)
    except ValueError:
        return None
    if day.tzinfo is None:
        return None
    return max((day - datetime.now(UTC)).total_seconds(), 0.0)
