"""Gauges that are asked for at the moment of a scrape: of a pool, or of the database.

Whoever knows an answer registers it while it runs. Of the database every replica says the same, so
whoever adds up takes the `max` by service, never the sum.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.observability.metrics.registry import DECLARED, REGISTRY, counter, declare

__all__ = ["Answer", "Asked", "always", "answering", "gauge", "read"]

_SECONDS = 3.0
"""An answer that takes longer is left out of the scrape."""
_KEPT_SECONDS = 5.0
"""However often they are asked, the database is asked no more often than that."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    """One gauge. `of` makes an answer of it: `QUEUED.of(3, "waiting")`."""

    name: str
    meaning: str
    labels: tuple[str, ...]

    def of(self, value: float, *labels: str) -> Answer:
        return Answer(self, labels, value)


@dataclass(frozen=True)
class Answer:
    gauge: Asked
    labels: tuple[str, ...]
    value: float


def gauge(name: str, meaning: str, labels: Sequence[str] = ()) -> Asked:
    """Declared here; it is in a scrape where somebody answers for it."""
    return Asked(declare(name, "gauge", meaning, labels), meaning, tuple(labels))


_failed = counter(
    "measures_failed_total",
    "Gauges that could not be asked for, by who was asked; they are missing from that scrape.",
    ["asked"],
)

Ask = Callable[[], Awaitable[Iterable[Answer]]]


@dataclass
class _Source:
    """Somebody who answers, in the event loop that it lives in. One question at a time."""

    name: str
    ask: Ask
    loop: asyncio.AbstractEventLoop
    known: list[Answer] = field(default_factory=list)
    known_at: float = float("-inf")
    asking: asyncio.Task[list[Answer]] | None = None

    async def answers(self) -> list[Answer]:
        if time.monotonic() - self.known_at < _KEPT_SECONDS:
            return self.known
        if self.asking is None or self.asking.done():
            self.asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self.asking)

    async def _ask(self) -> list[Answer]:
        try:
            async with asyncio.timeout(_SECONDS):
                self.known = list(await self.ask())
        except Exception as error:
            _failed.labels(self.name).inc()
            _log.warning("measure_failed", asked=self.name, error=type(error).__name__)
            return []
        self.known_at = time.monotonic()
        return self.known


class _AtScrape(Collector):
    """Asks everybody at once, from the thread that answers the scrape."""

    def __init__(self) -> None:
        self.sources: list[_Source] = []
        self.readers: list[Callable[[], Iterable[Answer]]] = []

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        asked = [future for source in list(self.sources) if (future := _asked(source))]
        found = [answer for reader in list(self.readers) for answer in reader()]
        done, _ = wait(asked, timeout=_SECONDS)
        for future in done:
            if not future.cancelled() and future.exception() is None:
                found.extend(future.result())
        yield from _families(found)


def _asked(source: _Source) -> Future[list[Answer]] | None:
    """`None` where its loop ends, or has."""
    question = source.answers()
    try:
        return asyncio.run_coroutine_threadsafe(question, source.loop)
    except RuntimeError:
        question.close()
        return None


_at_scrape = _AtScrape()
REGISTRY.register(_at_scrape)


@contextmanager
def answering(name: str, ask: Ask) -> Iterator[None]:
    """While the block runs, `ask` answers scrapes, in the event loop of whoever enters it.

    `name` stands in `classroom_measures_failed_total`.
    """
    _failed.labels(name)
    source = _Source(name, ask, asyncio.get_running_loop())
    _at_scrape.sources.append(source)
    try:
        yield
    finally:
        _at_scrape.sources.remove(source)


@contextmanager
def read(reader: Callable[[], Iterable[Answer]]) -> Iterator[None]:
    """The same for what can be read at once, from any thread."""
    _at_scrape.readers.append(reader)
    try:
        yield
    finally:
        _at_scrape.readers.remove(reader)


def always(*answers: Answer) -> None:
    """For as long as the process lives."""
    _at_scrape.readers.append(lambda: answers)


def _families(answers: Iterable[Answer]) -> Iterator[Metric]:
    families: dict[str, GaugeMetricFamily] = {}
    for answer in answers:
        name = answer.gauge.name
        if name not in families:
            meaning, labels = DECLARED[name].meaning, answer.gauge.labels
            families[name] = GaugeMetricFamily(name, meaning, labels=labels)
        families[name].add_metric(answer.labels, answer.value)
    yield from families.values()
