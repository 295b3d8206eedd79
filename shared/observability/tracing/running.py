"""OpenTelemetry's SDK in this process: what is measured, how it is sent, how it ends.

FastAPI makes the spans of requests by itself once there is a provider, `shared/messaging/traces.py`
those of messages, `shared/database/traces.py` those of statements; httpx is instrumented.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from threading import Thread

import structlog
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.propagators.textmap import CarrierT, Getter, default_getter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.observability.tracing.sampling import Beginnings
from shared.observability.tracing.sparing import Sparing

__all__ = ["start"]

_FLUSH_SECONDS = 2.0
"""Of the time that a process is given to end, what the last spans may take."""
_LAST_WORDS = frozenset(
    {"lifespan.shutdown.complete", "lifespan.shutdown.failed", "lifespan.startup.failed"}
)
_RETOLD = ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal")
"""They log every try; `Sparing` says once that the collector is away, and once that it is back."""

_log = structlog.get_logger(__name__)


class _GivenOnOnly(TraceContextTextMapPropagator):
    """Tells services of our trace, and hears of nobody's."""

    def extract(
        self,
        carrier: CarrierT,  # noqa: ARG002
        context: Context | None = None,
        getter: Getter[CarrierT] = default_getter,  # noqa: ARG002
    ) -> Context:
        return context or Context()


def start(app: ASGIApp, service: str, roles: Iterable[str], *, at_the_edge: bool) -> ASGIApp:
    """`app`, which sends the last spans before it has ended."""
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")
    for name in _RETOLD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    resource = Resource.create(
        {
            "service.name": f"classroom-{service.replace('_', '-')}",
            "service.namespace": "classroom",
            "classroom.role": ",".join(sorted(roles)),
        }
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.sampler = Beginnings(provider.sampler)
    exporter = Sparing(OTLPSpanExporter())
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    # Without baggage, which would carry whatever a stranger puts there to every service.
    propagate.set_global_textmap(_GivenOnOnly() if at_the_edge else TraceContextTextMapPropagator())
    HTTPXClientInstrumentor().instrument()
    return _EndsLast(app, provider, exporter)


class _EndsLast:
    """Sends what is left when all else has ended: a signal ends the process right after that."""

    def __init__(self, app: ASGIApp, provider: TracerProvider, exporter: Sparing) -> None:
        self._app = app
        self._provider = provider
        self._exporter = exporter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] in _LAST_WORDS:
                await self._flush()
            await send(message)

        await self._app(scope, receive, watched)

    async def _flush(self) -> None:
        """The SDK would wait for half a minute for a collector that is not there."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        await asyncio.to_thread(sending.join, _FLUSH_SECONDS)
        if sending.is_alive():
            _log.warning("traces_not_sent", at="the end")
        self._exporter.give_up()
