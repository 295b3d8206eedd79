"""What this process would tell Prometheus just now."""

from __future__ import annotations

import asyncio

from shared.observability.metrics.registry import REGISTRY

__all__ = ["figure"]


async def figure(name: str, **labels: str) -> float | None:
    """The sum of the series with these labels; `None` where there is none."""
    return await asyncio.to_thread(_sum, name, labels)


def _sum(name: str, labels: dict[str, str]) -> float | None:
    found = [
        sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    return sum(found) if found else None
