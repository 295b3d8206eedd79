"""Where a trace may begin, and that a batch is seen where one of its messages is."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

__all__ = ["Beginnings"]


class Beginnings(Sampler):
    """The sampler that the environment names, with two exceptions for spans without a parent.

    A batch of messages of several traces, of which some are kept, is kept: else most of what
    follows from them would be seen by chance only. And nothing begins with our asking a database or
    a service: what a process looks for every two seconds is no trace of anything.
    """

    def __init__(self, otherwise: Sampler) -> None:
        self._otherwise = otherwise

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if not get_current_span(parent_context).get_span_context().is_valid:
            if kind is SpanKind.CLIENT:
                return SamplingResult(Decision.DROP)
            if links and any(link.context.trace_flags.sampled for link in links):
                return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)
        return self._otherwise.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )

    def get_description(self) -> str:
        return f"Beginnings{{{self._otherwise.get_description()}}}"
