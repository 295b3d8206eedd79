"""Who we are to the management API: by the login of the moment, which may be changing."""

from __future__ import annotations

from collections.abc import Generator

import httpx

from shared.kept import Lines, lines_of

__all__ = ["Logins"]


class Logins(httpx.Auth):
    """`urls` have user and password in them, the newest first; who is refused tries the next."""

    def __init__(self, urls: str | Lines) -> None:
        self._urls = lines_of(urls)

    @property
    def address(self) -> httpx.URL:
        """Where it is, without a login."""
        return httpx.URL(self._urls()[0]).copy_with(userinfo=b"")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        for url in map(httpx.URL, self._urls()):
            request.headers["Authorization"] = _basic(url)
            answer = yield request
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return


def _basic(url: httpx.URL) -> str:
    basic = httpx.BasicAuth(url.username, url.password)
    return next(basic.auth_flow(httpx.Request("GET", url))).headers["Authorization"]
