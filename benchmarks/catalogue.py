"""Which benchmarks there are."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from benchmarks.answer_times.benchmark import measure_answer_times
from benchmarks.lines import Line
from benchmarks.pupil_imports.benchmark import measure_pupil_imports
from benchmarks.roll_up.benchmark import measure_roll_up
from benchmarks.servers import Servers
from benchmarks.sign_ins.benchmark import measure_sign_ins
from benchmarks.sizes import Size

__all__ = ["BENCHMARKS", "Benchmark"]


@dataclass(frozen=True)
class Benchmark:
    """`measure` is given the servers, how many runs, and how much to measure."""

    about: str
    measure: Callable[[Servers, int, Size], Coroutine[Any, Any, list[Line]]]


BENCHMARKS = {
    "B1": Benchmark(
        "rows of a file of pupils imported a second, against django-import-export and bare upserts",
        measure_pupil_imports,
    ),
    "B7": Benchmark(
        "pupils that roll up a second and what readers wait meanwhile, against bare UPDATEs of the "
        "same rows and Django saving row by row",
        measure_roll_up,
    ),
    "B5": Benchmark(
        "sign-ins a second and what other requests wait meanwhile, against what the cores can "
        "verify and a naive FastAPI",
        measure_sign_ins,
    ),
    "answer-times": Benchmark(
        "whether the time of an answer tells who has an account, for signing in and for a "
        "forgotten password",
        measure_answer_times,
    ),
}
