"""That a change comes from our own pages: by the browser's word, and by a token of the session.

Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`, which pages cannot forge.
"""

from __future__ import annotations

import hmac

from fastapi import Request

from gateway.schemas.sessions import Session
from shared.web.problems import Forbidden

__all__ = ["CSRF_HEADER", "ForeignOrigin", "MissingToken", "require_own_origin", "require_token"]

CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(Forbidden):
    slug, title = "foreign-origin", "The request does not come from our own pages"


class MissingToken(Forbidden):
    slug, title = "csrf-token", "The page is out of date"


async def require_own_origin(request: Request) -> None:
    """Refuse a change that another site, or nobody who says so, asked for."""
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = site == "same-origin" if site else origin == request.app.state.origin
    if not ours:
        raise ForeignOrigin("Please open the page by its own address and try again.")


def require_token(request: Request, session: Session) -> None:
    """Refuse a change without the session's own token."""
    if request.method in _SAFE:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), session.csrf_token.encode()):
        raise MissingToken("Please reload the page and try again.")
