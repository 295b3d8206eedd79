"""Runs the sides of a benchmark in turn, so that what else the machine does meets them alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from benchmarks.lines import Run, Side

__all__ = ["Measure", "interleaved"]

Measure = Callable[[], Awaitable[Mapping[str, float]]]
"""Measures one side once: a figure for each case that it has."""


async def interleaved(sides: Mapping[Side, Measure], runs: int) -> dict[str, list[Run]]:
    """By case, what each run's sides came to; each run begins with another side than the last."""
    found: dict[str, list[dict[Side, float]]] = defaultdict(list)
    order = list(sides)
    for number in range(runs):
        turned = order[number % len(order) :] + order[: number % len(order)]
        measured = {side: await sides[side]() for side in turned}
        for case in measured["us"]:
            found[case].append(
                {side: figures[case] for side, figures in measured.items() if case in figures}
            )
    return {case: list(of_case) for case, of_case in found.items()}
