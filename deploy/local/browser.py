"""Uses the gateway as a browser does: one session in a cookie, its token with every change."""

from __future__ import annotations

from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any

import httpx

from deploy.local.services_client import checked

__all__ = ["Browser"]

COOKIE = "__Host-session"


class Browser:
    """Signed in as one person, or not yet. Every method raises `OperatorError` with the problem.

    `address` is where the gateway is reached, if it is not at `url`, which people know it by.
    """

    def __init__(self, url: str, address: str | None = None) -> None:
        self._http = httpx.Client(
            base_url=address or url, headers={"Origin": url}, timeout=30, trust_env=False
        )
        self._cookie: str | None = None
        self._csrf_token: str | None = None

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def sign_in(self, identifier: str, password: str) -> dict[str, Any]:
        return self._begin("/api/session", {"identifier": identifier, "password": password})

    def open_link(self, token: str) -> dict[str, Any]:
        return self._begin("/api/session/link", {"token": token})

    def set_first_password(self, password: str) -> dict[str, Any]:
        return self._begin("/api/password", {"new_password": password})

    def get(self, path: str, **params: str) -> dict[str, Any]:
        return checked(self._http.get(path, params=params, headers=self._headers()))

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return checked(self._http.post(path, json=body, headers=self._headers()))

    def _begin(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The cookie is kept by hand: cookie jars send secure ones by HTTPS only, browsers send
        them to localhost too."""
        answer = self._http.post(path, json=body, headers=self._headers())
        session = checked(answer)
        for line in answer.headers.get_list("set-cookie"):
            cookie = SimpleCookie(line)
            if COOKIE in cookie:
                self._cookie = cookie[COOKIE].value
        self._http.cookies.clear()
        self._csrf_token = session["csrf_token"]
        return session

    def _headers(self) -> dict[str, str]:
        cookie = {"Cookie": f"{COOKIE}={self._cookie}"} if self._cookie else {}
        token = {"X-CSRF-Token": self._csrf_token} if self._csrf_token else {}
        return {**cookie, **token}
