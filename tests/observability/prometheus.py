"""A real Prometheus over a running stack, that looks every two seconds."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from deploy.local.ports import port_of
from deploy.local.prometheus import arguments, installed
from deploy.local.state import State
from tests.eventually import eventually

__all__ = ["Prometheus", "names_in", "over", "program"]

_NAMES = re.compile(r"\b(?:classroom[a-z0-9_:]*|rabbitmq_[a-z0-9_]+|pg_[a-z0-9_]+|up(?=\{))")
_STRINGS = re.compile(r'"[^"]*"|\'[^\']*\'')


def names_in(query: str) -> set[str]:
    """The metrics that it asks for."""
    return set(_NAMES.findall(_STRINGS.sub('""', query)))


class Prometheus:
    """What it says over its HTTP interface."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def query(self, query: str) -> list[dict[str, Any]]:
        """Raises with what it says against the query, if anything."""
        return list((await self._ask("query", query=query))["result"])

    async def names(self) -> set[str]:
        return set(await self._ask("label/__name__/values"))

    async def series(self, match: str) -> list[dict[str, str]]:
        return list(await self._ask("series", **{"match[]": match}))

    async def targets(self) -> dict[str, str]:
        """How each is, `up` where it was scraped."""
        found = (await self._ask("targets"))["activeTargets"]
        return {f"{t['labels']['job']} {t['labels']['instance']}": t["health"] for t in found}

    async def rules(self) -> list[dict[str, Any]]:
        return [rule for group in (await self._ask("rules"))["groups"] for rule in group["rules"]]

    async def firing(self) -> list[dict[str, str]]:
        """The labels of each alert that fires."""
        alerts = (await self._ask("alerts"))["alerts"]
        return [alert["labels"] for alert in alerts if alert["state"] == "firing"]

    async def _ask(self, what: str, **params: str) -> Any:
        answer = await self._http.get(f"/api/v1/{what}", params=params)
        said = answer.json()
        assert said["status"] == "success", f"{params}: {said}"
        return said["data"]


def program(package: str) -> str:
    """Skips the test where it is not installed."""
    found = installed(package)
    if found is None:
        pytest.skip(f"{package} is not installed; ./classroom test does it where it may")
    return str(found)


@asynccontextmanager
async def over(state: State) -> AsyncIterator[Prometheus]:
    """With PostgreSQL's exporter beside it. Both end with the block."""
    exporter = program("prometheus-postgres-exporter")
    watcher = program("prometheus")
    exporter_port, port = (port_of(state, name) for name in ("postgres-exporter", "prometheus"))
    address = f"127.0.0.1:{exporter_port}"
    dsn = urlsplit(state.read("stack")["database_url"])
    dsn = dsn._replace(path="/postgres", query="sslmode=disable")
    told = arguments(state, port=port, every="2s", postgresql=address)
    # This one is older than our PostgreSQL, which has that table no more.
    options = (f"--web.listen-address={address}", "--no-collector.bgwriter")
    async with (
        _running(exporter, *options, environment={"DATA_SOURCE_NAME": urlunsplit(dsn)}),
        _running(watcher, *told),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
    ):
        await eventually(lambda: _is_ready(http), seconds=60)
        yield Prometheus(http)
    shutil.rmtree(state.home / "prometheus", ignore_errors=True)


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/-/ready")).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def _running(*command: str, environment: dict[str, str] | None = None) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment or {}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
