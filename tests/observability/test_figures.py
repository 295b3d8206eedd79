"""What is counted when, without a stack: commits, passing faults, and who cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared.database.pool import Database
from shared.observability.metrics.asked import Answer, answering, gauge
from shared.observability.metrics.committed import when_committed
from shared.observability.metrics.http import RequestMetrics
from shared.observability.metrics.serving import serve_metrics
from tests.figures import figure
from tests.servers import DatabaseFactory

_PROBE = gauge("probe", "Of this test.", ["which"])


async def test_what_is_taken_back_is_not_counted(database_factory: DatabaseFactory) -> None:
    database = Database((await database_factory("roster")).service, name="test")
    await database.open()
    counted: list[str] = []

    def count(what: str) -> Callable[[], None]:
        return lambda: counted.append(what)

    async def takes_back() -> None:
        async with database.transaction():
            when_committed(count("taken back"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await takes_back()
    async with database.transaction():
        when_committed(count("committed"))
        async with database.transaction():
            when_committed(count("another within"))
        assert counted == ["another within"]
    when_committed(count("outside"))
    assert counted == ["another within", "committed", "outside"]
    await database.close()


async def test_who_cannot_be_asked_is_missing_and_counted() -> None:
    async def well() -> list[Answer]:
        return [_PROBE.of(3, "well")]

    async def gone() -> list[Answer]:
        raise ConnectionError

    failed = "classroom_measures_failed_total"
    with answering("a probe", well), answering("a gone probe", gone):
        assert await figure("classroom_probe", which="well") == 3
        assert await figure(failed, asked="a gone probe") == 1
    assert await figure("classroom_probe", which="well") is None


async def test_a_process_serves_its_metrics_on_a_port_of_its_own(
    unused_tcp_port: int, tmp_path: Path
) -> None:
    serve_metrics(
        service="roster", role="http", host="127.0.0.1", port=unused_tcp_port, build="1.2.3"
    )
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.get(f"http://127.0.0.1:{unused_tcp_port}/metrics")
    assert 'classroom_build_info{role="http",service="roster",version="1.2.3"} 1.0' in answer.text


async def test_a_request_is_counted_by_its_template_and_never_by_what_was_typed() -> None:
    app = FastAPI()
    app.add_middleware(RequestMetrics)

    @app.get("/probes/{probe_id}")
    async def probe(probe_id: str) -> str:
        if probe_id == "broken":
            raise ZeroDivisionError
        return probe_id

    total = "classroom_http_requests_total"
    nowhere = {"route": "none", "method": "GET", "status": "4xx"}
    strange = {"method": "other", "status": "4xx"}
    before = [await figure(total, **which) or 0 for which in (nowhere, strange)]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for path in ("/probes/1", "/probes/2", "/probes/broken", "/a-name-somebody-typed"):
            await http.get(path)
        await http.request("STEAL", "/probes/1")
    route = "/probes/{probe_id}"
    assert await figure(total, route=route, method="GET", status="2xx") == 2
    assert await figure(total, route=route, method="GET", status="5xx") == 1
    after = [await figure(total, **which) for which in (nowhere, strange)]
    assert after == [each + 1 for each in before]
    assert await figure("classroom_http_request_seconds_count", route=route, method="GET") == 3
