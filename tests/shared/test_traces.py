"""A traced process, as it is started: what it sends, what it keeps to itself, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest
import structlog
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from shared.observability.tracing.sparing import Sparing
from tests.collector import Collector, Seen, collector

BEGINNING = """
import asyncio, json
from shared.observability.logs import configure_logs
from shared.observability.tracing.starting import traced
configure_logs("roster", "INFO")

async def nothing_else(scope, receive, send):
    await send({"type": "lifespan.shutdown.complete"})

app = traced(nothing_else, "roster", ["relay", "consumer"])

async def end():
    told = []
    async def tell(message): told.append(message["type"])
    await app({"type": "lifespan"}, None, tell)
    assert told == ["lifespan.shutdown.complete"]
"""
BATCHES = (
    BEGINNING
    + """
import structlog
from shared.messaging.subscription import Accepted
from shared.messaging.traces import consuming, sending
log = structlog.get_logger("ours")

def said(trace, flags="01", stranger=False):
    parent = f"00-{trace * 32}-{trace * 16}-{flags}" if trace else None
    return Accepted(None, None, None, "c-1", parent, None, stranger)

CASES = {
    "one": [said("a")],
    "two of one cause": [said("a"), said("a")],
    "two causes": [said("a"), said("b")],
    "one and one of nothing": [said("a"), said(None)],
    "one that is kept": [said("a"), said("b", "00")],
    "none that is kept": [said("a", "00"), said("b", "00")],
    "a stranger": [said("a", stranger=True)],
}
for name, messages in CASES.items():
    with consuming(name, messages):
        log.info("applied")

def row(id, *of):
    body = json.dumps({"traceparent": said(*of).traceparent}, separators=(",", ":")).encode()
    return {"id": id, "exchange": "events", "body": body}

rows = [row(0, "a"), row(1, "a"), row(2, "b", "00"), row(3, "c"), row(9, None)]
with sending(rows) as not_sent:
    not_sent(3, "TimeoutError: somebody's name")
    not_sent(9, "no span of it")
asyncio.run(end())
"""
)
WITH_SECRETS = (
    BEGINNING
    + """
from opentelemetry import trace
tracer = trace.get_tracer("some library")
with tracer.start_as_current_span("a look whether there is work", kind=trace.SpanKind.CLIENT):
    pass
try:
    with tracer.start_as_current_span("work", attributes={
        "url.path": "/pupils/O'Neill", "url.query": "search=O'Neill", "db.user": "O'Neill",
        "http.request.header.cookie": "O'Neill", "server.address": "O'Neill.example",
        "db.query.text": "SELECT set_config('app.school', 'O''Neill', true), $1",
    }, kind=trace.SpanKind.SERVER) as span:
        span.add_link(trace.get_current_span().get_span_context(), {"who": "O'Neill"})
        raise ValueError("O'Neill is there twice")
except ValueError:
    pass
asyncio.run(end())
"""
)


def run(program: str, **told: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**inherited, **told},
        capture_output=True,
        check=True,
        text=True,
    )


@pytest.fixture(scope="class")
def ran() -> tuple[Collector, str]:
    """What the program sent, and what it logged."""
    with collector() as kept:
        # Whether a trace is kept is said by where it began: none begins here.
        done = run(BATCHES, **kept.told, OTEL_TRACES_SAMPLER="parentbased_always_off")
    return kept, done.stdout


@pytest.fixture(scope="class")
def spans(ran: tuple[Collector, str]) -> dict[str, Seen]:
    return {span.name: span for span in ran[0].all() if span.kind == "CONSUMER"}


class TestBatches:
    @pytest.mark.parametrize("name", ["one", "two of one cause"])
    def test_of_one_cause_it_is_its_child(self, spans: dict[str, Seen], name: str) -> None:
        span = spans[f"process {name}"]
        assert (span.trace, span.parent, span.links) == ("a" * 32, "a" * 16, ())

    @pytest.mark.parametrize(
        ("name", "linked"),
        [
            ("two causes", ["a", "b"]),
            ("one and one of nothing", ["a"]),
            ("one that is kept", ["a"]),
        ],
    )
    def test_of_several_it_is_nobodys_and_linked_to_all(
        self, spans: dict[str, Seen], name: str, linked: list[str]
    ) -> None:
        """Kept where one of theirs is, whatever would be decided of a trace that begins here."""
        span = spans[f"process {name}"]
        assert span.parent == ""
        assert span.trace not in {"a" * 32, "b" * 32}
        assert span.links == tuple((one * 32, one * 16) for one in linked)

    def test_neither_what_nobody_keeps_nor_what_a_stranger_wants_kept_is_sent(
        self, spans: dict[str, Seen]
    ) -> None:
        assert {"process none that is kept", "process a stranger"} & spans.keys() == set()

    def test_one_span_is_sent_for_each_trace_that_is_kept(self, ran: tuple[Collector, str]) -> None:
        sent = [span for span in ran[0].all() if span.kind == "PRODUCER"]
        assert [(span.parent, span.failed) for span in sent] == [
            ("a" * 16, False),
            ("c" * 16, True),
        ]
        assert sent[1].attributes["error.type"] == "TimeoutError"

    def test_log_lines_name_the_trace(
        self, ran: tuple[Collector, str], spans: dict[str, Seen]
    ) -> None:
        lines = [json.loads(line) for line in ran[1].splitlines()]
        named = {(line["trace_id"], line["span_id"], line["correlation_id"]) for line in lines}
        assert {(span.trace, span.id, "c-1") for span in spans.values()} <= named

    def test_a_span_says_which_process_it_is_of(self, spans: dict[str, Seen]) -> None:
        said = spans["process one"].resource
        assert said["service.name"] == "classroom-roster"
        assert said["service.namespace"] == "classroom"
        assert said["classroom.role"] == "consumer,relay"


class TestSparing:
    def test_what_is_not_on_the_list_does_not_leave_the_process(self) -> None:
        with collector() as kept:
            run(WITH_SECRETS, **kept.told)
        (span,) = kept.all()  # and nothing of a look that nobody asked for
        assert "Neill" not in repr(span)
        assert span.attributes == {"db.query.text": "SELECT set_config('?', '?', true), $1"}
        assert span.failed
        assert "ValueError" in span.texts


class TestAway:
    @pytest.mark.parametrize("listens", [False, True])
    def test_a_collector_that_is_away_costs_a_log_line_and_two_seconds_at_the_end(
        self, listens: bool
    ) -> None:
        """Whether the connection is refused, or taken and never answered."""
        program = WITH_SECRETS.replace(
            "asyncio.run(end())",
            "import time; began = time.monotonic()\n"
            "asyncio.run(end())\n"
            "print(time.monotonic() - began)",
        )
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            if listens:
                nobody.listen()
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            done = run(program, OTEL_EXPORTER_OTLP_ENDPOINT=url)
        line, seconds = done.stdout.splitlines()
        assert json.loads(line)["event"] == "traces_not_sent"
        assert float(seconds) < 5
        assert done.stderr == ""

    def test_it_is_said_when_it_goes_and_when_it_is_back(self) -> None:
        answers = [SpanExportResult.SUCCESS, *[SpanExportResult.FAILURE] * 3] * 2

        class Wavering(SpanExporter):
            def export(self, _: object) -> SpanExportResult:
                return answers.pop(0)

            def shutdown(self) -> None: ...

        exporter = Sparing(Wavering())
        with structlog.testing.capture_logs() as lines:
            for _ in range(len(answers)):
                exporter.export([])
        said = ["traces_not_sent", "traces_sent_again", "traces_not_sent"]
        assert [line["event"] for line in lines] == said

    def test_where_none_is_named_nothing_is_loaded(self) -> None:
        program = BEGINNING + "import sys; assert app is nothing_else; print([*sys.modules])"
        loaded = run(program, OTEL_EXPORTER_OTLP_ENDPOINT="").stdout
        assert "'opentelemetry.trace'" in loaded
        assert "opentelemetry.sdk" not in loaded
        assert "opentelemetry.exporter" not in loaded
