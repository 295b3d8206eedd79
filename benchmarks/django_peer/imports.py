"""`python -m benchmarks.django_peer.imports SCHOOLS PUPILS`: seconds of each case, line by line.

django-import-export with `use_bulk`, as its documentation has it for large files. Rows that are as
before are skipped, for which it needs the difference of each. As its admin does, a file is run dry
to be looked at, and imported once it is confirmed: two figures a case.
"""

from __future__ import annotations

import sys
import time
from uuid import UUID, uuid4

import tablib
from import_export import fields, resources, widgets

from benchmarks.django_peer.models import Pupil, make_tables
from benchmarks.pupil_imports.files import REVISIONS, file_of

__all__ = ["main"]


class _PupilResource(resources.ModelResource):
    """Of one school."""

    upn = fields.Field("upn", "UPN")
    legal_surname = fields.Field("legal_surname", "Surname")
    legal_forename = fields.Field("legal_forename", "Forename")
    date_of_birth = fields.Field(
        "date_of_birth", "Date of birth", widget=widgets.DateWidget("%d/%m/%Y")
    )
    sex = fields.Field("sex", "Sex")
    year_group = fields.Field("year_group", "Year group")

    class Meta:
        model = Pupil
        import_id_fields = ("upn",)
        fields = (
            *("upn", "legal_surname", "legal_forename", "date_of_birth", "sex", "year_group"),
        )
        use_bulk = True
        batch_size = 1000
        skip_unchanged = True
        use_transactions = True

    def __init__(self, school: UUID) -> None:
        super().__init__()
        self._school = school

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return Pupil.objects.filter(school=self._school)

    def before_save_instance(self, instance: Pupil, *_: object, **__: object) -> None:
        instance.school = self._school


def main(schools: int, pupils: int) -> list[float]:
    make_tables()
    ids = [uuid4() for _ in range(schools)]
    return [
        _import_all(ids, case, pupils, dry_run=dry_run)
        for case in REVISIONS
        for dry_run in (True, False)
    ]


def _import_all(schools: list[UUID], case: str, pupils: int, *, dry_run: bool) -> float:
    text = file_of(case, pupils)
    began = time.perf_counter()
    for school in schools:
        dataset = tablib.Dataset().load(text, format="csv")
        resource = _PupilResource(school)
        result = resource.import_data(dataset, dry_run=dry_run, raise_errors=True)
        _check(case, result.totals, pupils)
    return time.perf_counter() - began


def _check(case: str, totals: dict[str, int], pupils: int) -> None:
    """Raises where it did something else than what is timed."""
    done = "new" if case == "new" else "update"
    wanted = pupils if case == "new" else pupils * REVISIONS[case] // 100
    if totals[done] != wanted:
        raise RuntimeError(f"{case}: {totals}")


if __name__ == "__main__":
    for seconds in main(int(sys.argv[1]), int(sys.argv[2])):
        print(seconds)
