"""What a benchmark prints: one line per case, as JSON or to be read.

The form is the same for all benchmarks, so that a machine can follow the figures over time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Literal

__all__ = ["Line", "Run", "Side", "line_of"]

Side = Literal["us", "peer", "limit"]
Run = Mapping[Side, float]
"""What each side came to, one after the other."""


@dataclass(frozen=True)
class Line:
    """Medians over `runs`; ratios are medians of each run's own, and more is better in all of them.

    `spread` is the distance of our best run from our worst, as a part of the median.
    """

    name: str
    case: str
    unit: str
    us: float
    peer: float | None
    limit: float | None
    us_per_peer: float | None
    us_per_limit: float | None
    runs: int
    spread: float

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def as_text(self) -> str:
        beside = [
            f"{side} {value:.4g} ({ratio:.2f}×)"
            for side, value, ratio in (
                ("peer", self.peer, self.us_per_peer),
                ("limit", self.limit, self.us_per_limit),
            )
            if value is not None and ratio is not None
        ]
        measured = f"{self.us:.4g} {self.unit}"
        told = ", ".join([measured, *beside])
        return f"{self.name} {self.case}: {told}; {self.runs} runs, spread {self.spread:.0%}"


def line_of(
    name: str, case: str, unit: str, runs: Sequence[Run], *, less_is_better: bool = False
) -> Line:
    """`less_is_better` is of times: their ratios are turned over."""
    us = [run["us"] for run in runs]
    middle = median(us)
    return Line(
        name=name,
        case=case,
        unit=unit,
        us=_rounded(middle),
        peer=_median_of(runs, "peer"),
        limit=_median_of(runs, "limit"),
        us_per_peer=_ratio(runs, "peer", less_is_better),
        us_per_limit=_ratio(runs, "limit", less_is_better),
        runs=len(runs),
        spread=_rounded((max(us) - min(us)) / middle) if middle else 0.0,
    )


def _median_of(runs: Sequence[Run], side: Side) -> float | None:
    found = [run[side] for run in runs if side in run]
    return _rounded(median(found)) if found else None


def _ratio(runs: Sequence[Run], side: Side, less_is_better: bool) -> float | None:
    """`None` where there is no such side, or where it came to nothing at all."""
    pairs = [(run["us"], run[side]) for run in runs if side in run]
    if less_is_better:
        pairs = [(other, us) for us, other in pairs]
    if not pairs or any(below == 0 for _, below in pairs):
        return None
    return _rounded(median(above / below for above, below in pairs))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
