"""Which benchmarks there are."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from benchmarks.answer_times.benchmark import measure_answer_times
from benchmarks.lines import Line
from benchmarks.night.benchmark import measure_night
from benchmarks.pupil_imports.benchmark import measure_pupil_imports
from benchmarks.pupil_sync.benchmark import measure_pupil_sync
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
    "B2": Benchmark(
        "pupils of a night a second, from the broker into roster and a copy of it, against bare "
        "upserts of the same chunks, a Celery task for each, and a FastStream message for each",
        measure_pupil_sync,
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
    "B8": Benchmark(
        "schools whose night is over a second, of 10, 100 and 1,000, from the first message of "
        "their snapshots until everybody has heard what came of them",
        measure_night,
    ),
    "answer-times": Benchmark(
        "whether the time of an answer tells who has an account, for signing in and for a "
        "forgotten password",
        measure_answer_times,
    ),
}
