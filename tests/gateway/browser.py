"""A browser as the gateway sees it: one cookie, an origin, and the session's token for changes."""

from __future__ import annotations

from typing import Any

import httpx

__all__ = ["Browser"]


class Browser:
    """Keeps the cookie by hand: over plain HTTP, `httpx` would not send a secure one."""

    def __init__(self, http: httpx.AsyncClient, origin: str, token: str | None = None) -> None:
        self.gateway = http
        self.origin: str | None = origin
        self.token = token
        self.csrf: str | bytes | None = None

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        sent: dict[str, str | bytes] = dict(headers or {})
        if self.token:
            sent["Cookie"] = f"__Host-session={self.token}"
        if method != "GET":
            if self.origin:
                sent["Origin"] = self.origin
            if self.csrf is not None:
                sent["X-CSRF-Token"] = self.csrf
        raw = [(n.encode(), v if isinstance(v, bytes) else v.encode()) for n, v in sent.items()]
        answer = await self.gateway.request(method, path, headers=raw, **options)
        self._keep(answer)
        return answer

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("POST", path, json=json, **options)

    def _keep(self, answer: httpx.Response) -> None:
        cookie = answer.headers.get("Set-Cookie", "")
        name, _, rest = cookie.partition("=")
        if name == "__Host-session":
            self.token = rest.partition(";")[0].strip('"') or None
