"""Files that are uploaded pass as they come: only to where they are taken, and never too large."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request

from shared.web.app import create_service_app
from shared.web.uploads import kept_upload

kept: list[Path] = []


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[None]:
    yield


async def well() -> dict[str, str | None]:
    return {}


def app_with_uploads() -> FastAPI:
    app = create_service_app(
        title="Test", lifespan=nothing, routers=[], checks=well, uploads={"/files": 1_000_000}
    )

    @app.post("/files")
    @app.post("/other")
    async def take(request: Request) -> int:
        async with kept_upload(request) as path:
            kept.append(path)
            return len(path.read_bytes())

    return app


async def post(path: str, content: Any, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app_with_uploads())
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return await client.post(path, content=content, headers=headers)


async def endless() -> AsyncIterator[bytes]:
    for _ in range(100):
        yield b"x" * 100_000


async def test_they_hold_anything_and_are_gone_afterwards() -> None:
    answer = await post("/files", b"\x00" * 900_000)
    assert (answer.status_code, answer.json()) == (200, 900_000)
    assert not kept[-1].exists()


async def test_one_that_is_too_large_is_refused_whether_it_says_so_or_not() -> None:
    for content in (b"x" * 1_000_001, endless()):
        answer = await post("/files", content)
        assert answer.status_code == 413
        assert answer.json()["type"].endswith("too-large")
        assert "larger than" in answer.json()["detail"]


async def test_no_other_path_takes_so_much() -> None:
    assert (await post("/other", b"x" * 1_100_000)).status_code == 413
    assert (await post("/other", b"\x00")).status_code == 400


async def test_one_that_breaks_off_is_no_fault_of_ours() -> None:
    sent: list[Any] = []
    messages = iter(
        [
            {"type": "http.request", "body": b"half", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Any:
        await asyncio.sleep(0)
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/files", "raw_path": b"/files",
        "query_string": b"", "headers": [], "http_version": "1.1", "scheme": "http",
        "root_path": "", "server": ("t", 80), "client": ("t", 1), "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app_with_uploads()(scope, receive, send)
    assert sent[0]["status"] == 400
