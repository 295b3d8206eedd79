"""The metrics of this process: where each is declared, and what stands beside all of them.

Every name begins with `classroom_`, and every series says of which `service` and `role` it is.
Nothing of a school or of a person is ever a label: what would be one has no place here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, ProcessCollector

__all__ = ["DECLARED", "PREFIX", "REGISTRY", "Declared", "counter", "declare", "histogram"]

PREFIX = "classroom_"

# When a series began is of no use here, and would be as many series again.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types there


@dataclass(frozen=True)
class Declared:
    """What is told of a metric in `docs/operations/metrics.md`."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...]


class OfThisProcess(CollectorRegistry):
    """All metrics, each with the labels of the process, which are put on as they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._own: dict[str, str] = {}

    def name(self, *, service: str, role: str) -> None:
        """Say whose metrics these are."""
        self._own = {"service": service, "role": role}

    def collect(self) -> Iterator[Metric]:
        for metric in super().collect():
            metric.samples = [
                sample._replace(labels={**self._own, **sample.labels}) for sample in metric.samples
            ]
            yield metric


REGISTRY = OfThisProcess()
DECLARED: dict[str, Declared] = {}


def declare(name: str, kind: str, meaning: str, labels: Sequence[str] = ()) -> str:
    """Write a metric down; its whole name."""
    whole = f"{PREFIX}{name}"
    if whole in DECLARED:
        raise ValueError(f"{whole} is declared twice")
    DECLARED[whole] = Declared(whole, kind, meaning, tuple(labels))
    return whole


def counter(name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
    """`name` without the prefix, and with `_total`."""
    return Counter(declare(name, "counter", meaning, labels), meaning, labels, registry=REGISTRY)


def histogram(
    name: str, meaning: str, labels: Sequence[str] = (), *, buckets: Sequence[float]
) -> Histogram:
    """`name` without the prefix, and with its unit at the end."""
    whole = declare(name, "histogram", meaning, labels)
    return Histogram(whole, meaning, labels, registry=REGISTRY, buckets=buckets)


def _of_the_process() -> None:
    ProcessCollector(namespace=PREFIX.rstrip("_"), registry=REGISTRY)
    told = {
        "process_cpu_seconds_total": ("counter", "Processor time used."),
        "process_resident_memory_bytes": ("gauge", "Memory that is really held."),
        "process_virtual_memory_bytes": ("gauge", "Memory that was asked for."),
        "process_start_time_seconds": ("gauge", "When it was started, in Unix time."),
        "process_open_fds": ("gauge", "Files and connections that are open."),
        "process_max_fds": ("gauge", "How many it may have."),
    }
    for name, (kind, meaning) in told.items():
        declare(name, kind, meaning)


_of_the_process()
