"""A span for each statement of what is traced, by asyncpg's own word on it.

Only where what goes on is recorded: a process that looks for work every two seconds traces none of
it, and most requests are not kept. A parameter is never looked at.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

if TYPE_CHECKING:
    from asyncpg.connection import LoggedQuery

    from shared.database.pool import Connection

__all__ = ["watch"]

_TRACER = trace.get_tracer("classroom.database")


async def watch(connection: Connection) -> None:
    """For a new connection of a pool. Where the process has no tracer, nothing is watched."""
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        connection.add_query_logger(_trace)


def _trace(query: LoggedQuery) -> None:
    """Called after the statement, in the context of whoever asked."""
    # Not whether it still records: what ends with its transaction has ended by now.
    if not trace.get_current_span().get_span_context().trace_flags.sampled:
        return
    ended = time.time_ns()
    span = _TRACER.start_span(
        query.query.split(maxsplit=1)[0].rstrip(";"),
        kind=SpanKind.CLIENT,
        attributes={
            "db.system.name": "postgresql",
            "db.namespace": query.conn_params.database,
            "db.query.text": query.query,
        },
        start_time=ended - int(query.elapsed * 1_000_000_000),
    )
    if query.exception is not None:
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", type(query.exception).__qualname__)
    span.end(ended)
