"""Which benchmarks there are."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, cast

from benchmarks.lines import Line
from benchmarks.servers import Servers
from benchmarks.sizes import Size

__all__ = ["BENCHMARKS", "Benchmark"]


@dataclass(frozen=True)
class Benchmark:
    """What it is about, and where its function is: only the one that is run is imported."""

    about: str
    place: str

    @property
    def measure(self) -> Callable[[Servers, int, Size], Coroutine[Any, Any, list[Line]]]:
        """Is given the servers, how many runs, and how much to measure."""
        return cast(
            Callable[[Servers, int, Size], Coroutine[Any, Any, list[Line]]],
            resolve_name(self.place),
        )


BENCHMARKS = {
    "B1": Benchmark(
        "rows of a file of pupils imported a second, against django-import-export and bare upserts",
        "benchmarks.pupil_imports.benchmark:measure_pupil_imports",
    ),
    "B2": Benchmark(
        "pupils of a night a second, from the broker into roster and a copy of it, against bare "
        "upserts of the same chunks, a Celery task for each, and a FastStream message for each",
        "benchmarks.pupil_sync.benchmark:measure_pupil_sync",
    ),
    "B7": Benchmark(
        "pupils that roll up a second and what readers wait meanwhile, against bare UPDATEs of the "
        "same rows and Django saving row by row",
        "benchmarks.roll_up.benchmark:measure_roll_up",
    ),
    "B5": Benchmark(
        "sign-ins a second and what other requests wait meanwhile, against what the cores can "
        "verify and a naive FastAPI",
        "benchmarks.sign_ins.benchmark:measure_sign_ins",
    ),
    "B8": Benchmark(
        "schools whose night is over a second, of 10, 100 and 1,000, from the first message of "
        "their snapshots until everybody has heard what came of them",
        "benchmarks.night.benchmark:measure_night",
    ),
    "B9": Benchmark(
        "written reports a second, from asking for them until their PDF can be downloaded, against "
        "WeasyPrint with the same layout and the bare engine with the same documents",
        "benchmarks.reports_made.benchmark:measure_reports_made",
    ),
    "answer-times": Benchmark(
        "whether the time of an answer tells who has an account, for signing in and for a "
        "forgotten password",
        "benchmarks.answer_times.benchmark:measure_answer_times",
    ),
}
