"""Every route of `/api`, by the gateway's own document, so that none is forgotten in a test.

It is read as it is kept in `docs/`: to make it takes seconds, and each worker would, to collect the
tests. `test_openapi.py` shows that it is the gateway's.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from deploy.local.state import CHECKOUT

__all__ = ["ADDRESS_LINKS", "all_routes", "api_document", "filled"]

ADDRESS_LINKS = {
    ("POST", "/api/admin-email/link"),
    ("POST", "/api/admin-email/confirmation"),
    ("POST", "/api/admin-email/cancellation"),
}
"""What the links in mails about the admin's address open, for whoever has them (R5)."""

_SOME_ID = "0192f3a0-0000-7000-8000-000000000000"


@cache
def api_document() -> dict[str, Any]:
    kept = CHECKOUT / "docs/api/openapi.json"
    document: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return document


@cache
def all_routes() -> frozenset[tuple[str, str]]:
    """Method and path."""
    return frozenset(
        (method.upper(), path)
        for path, operations in api_document()["paths"].items()
        for method in operations
        if path.startswith("/api/")
    )


def filled(path: str) -> str:
    """The path with some id wherever it wants one."""
    for name in (
        "pupil_id",
        "group_id",
        "user_id",
        "parent_id",
        "run_id",
        "session_id",
        "authenticator_id",
        "request_id",
    ):
        path = path.replace(f"{{{name}}}", _SOME_ID)
    return path
