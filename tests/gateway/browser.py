"""A browser as the gateway sees it: two cookies, an origin, and the session's token for changes."""

from __future__ import annotations

from typing import Any

import httpx

__all__ = ["Browser"]


class Browser:
    """Keeps the cookies by hand: over plain HTTP, `httpx` would not send a secure one."""

    def __init__(self, http: httpx.AsyncClient, origin: str, token: str | None = None) -> None:
        self.gateway = http
        self.origin: str | None = origin
        self.token = token
        self.device: str | None = None
        self.csrf: str | bytes | None = None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | dict[str, str | bytes] | None = None,
        **options: Any,
    ) -> httpx.Response:
        sent: dict[str, str | bytes] = dict(headers or {})
        cookies = {"__Host-session": self.token, "__Host-device": self.device}
        if kept := [f"{name}={value}" for name, value in cookies.items() if value]:
            sent["Cookie"] = "; ".join(kept)
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
        for cookie in answer.headers.get_list("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"') or None
            if name == "__Host-session":
                self.token = value
            elif name == "__Host-device":
                self.device = value
