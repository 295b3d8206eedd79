"""Serves the built frontend, and tells browsers how far each answer may be trusted.

Files with a hash in their name never change; every other path is the application's own page.
"""

from __future__ import annotations

import secrets
from mimetypes import guess_type
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.problems import NotFound

__all__ = ["NONCE_PLACEHOLDER", "SecurityHeaders", "serve_frontend"]

NONCE_PLACEHOLDER = "__CSP_NONCE__"
"""Where the built page has this, each answer has a nonce of its own for its style sheets."""

_HASHED = "assets/"
_FOREVER = "public, max-age=31536000, immutable"

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def _page_policy(style: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; "
        f"img-src 'self' data:; manifest-src 'self'; style-src 'self' {style}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class SecurityHeaders:
    """Headers on every answer; what is stricter than a route's own stays the route's."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(_EVERYWHERE)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", _API_POLICY)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, answer)


def serve_frontend(app: FastAPI, directory: Path) -> None:
    """Serve what was built there. To be called last: it answers whatever no other route does."""
    root = directory.resolve()

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def frontend(request: Request, path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise NotFound("There is no such page of the API.")
        found = _file(root, path)
        if found is not None:
            return _answer(found, request, forever=path.startswith(_HASHED))
        if path.startswith(_HASHED):
            raise NotFound("There is no such file.")
        return _page(root)


def _answer(found: Path, request: Request, *, forever: bool) -> Response:
    """The file, or what the build compressed of it, a quarter as large, for who can read that."""
    headers = {"Cache-Control": _FOREVER if forever else "no-cache"}
    packed = found.with_name(f"{found.name}.gz")
    if not packed.is_file():
        return FileResponse(found, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return FileResponse(found, headers=headers)
    kind, _ = guess_type(found.name)
    headers["Content-Encoding"] = "gzip"
    return FileResponse(packed, headers=headers, media_type=kind)


def _file(root: Path, path: str) -> Path | None:
    """The file of that name inside the frontend's own folder, and nowhere else."""
    if not path or path == "index.html":
        return None
    try:
        found = (root / path).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except OSError:  # such as a name that is too long for a file
        return None


def _page(root: Path) -> Response:
    try:
        page = (root / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound("The pages have not been built.") from None
    nonce = secrets.token_urlsafe(16)
    style = f"'nonce-{nonce}'" if NONCE_PLACEHOLDER in page else "'unsafe-inline'"
    headers = {"Content-Security-Policy": _page_policy(style), "Cache-Control": "no-store"}
    return HTMLResponse(page.replace(NONCE_PLACEHOLDER, nonce), headers=headers)
