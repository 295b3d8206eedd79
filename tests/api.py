"""A program that uses the gateway as the frontend does: with its cookie, token and words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

__all__ = ["Api", "signed_in", "visitor"]

COOKIE = "__Host-session"


class Api:
    """One visitor of the pages. Every call raises `httpx.HTTPStatusError` on a problem."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url = url
        self._client = client
        self._cookie: str | None = None
        self.session: dict[str, Any] = {}

    async def sign_in(self, identifier: str, password: str) -> dict[str, Any]:
        form = {"identifier": identifier, "password": password}
        return await self._open("/api/session", form)

    async def open_link(self, token: str) -> dict[str, Any]:
        return await self._open("/api/session/link", {"token": token})

    async def set_password(self, password: str) -> dict[str, Any]:
        return await self._open("/api/password", {"new_password": password})

    async def get(self, path: str, **params: Any) -> Any:
        return (await self.ask("GET", path, params=params)).json()

    async def post(self, path: str, body: object | None = None) -> Any:
        answer = await self.ask("POST", path, json=body)
        return answer.json() if answer.content else None

    async def everything(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """All items of a list, page after page."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit=100, **params, **cursor)
            items += page["items"]
            if not page["next_cursor"]:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        # The cookie is for secure origins, which browsers say localhost is; Python's jar does not.
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self._url}
        if self._cookie:
            headers["Cookie"] = f"{COOKIE}={self._cookie}"
        if self.session:
            headers["X-CSRF-Token"] = self.session["csrf_token"]
        answer = await self._client.request(method, path, headers=headers, **request)
        if answer.is_error:
            await answer.aread()
            raise httpx.HTTPStatusError(answer.text, request=answer.request, response=answer)
        return answer

    async def _open(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        answer = await self.ask("POST", path, json=form)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == COOKIE:
                self._cookie = value
        self.session = answer.json()
        return self.session


@asynccontextmanager
async def visitor(url: str) -> AsyncIterator[Api]:
    """Somebody who has not signed in yet."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield Api(url, client)


@asynccontextmanager
async def signed_in(url: str, identifier: str, password: str) -> AsyncIterator[Api]:
    """Somebody who has."""
    async with visitor(url) as api:
        await api.sign_in(identifier, password)
        yield api
