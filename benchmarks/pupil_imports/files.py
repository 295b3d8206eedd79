"""The files that all sides import: the same roll three times, each a little later."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from functools import cache

from stdnum.gb import upn

__all__ = ["HEADINGS", "REVISIONS", "file_of"]

HEADINGS = ("UPN", "Surname", "Forename", "Date of birth", "Sex", "Year group")
REVISIONS = {"new": 0, "changed": 100, "one-percent": 1}
"""By case, in this order: how many of a hundred pupils have another surname than before."""
_BORN = date(2015, 9, 1)
_YEARS = ("R", "1", "2", "3", "4", "5", "6")


def file_of(case: str, pupils: int) -> str:
    """A CSV file with `pupils` rows, as the case has it."""
    rows = io.StringIO(newline="")
    writer = csv.writer(rows)
    writer.writerow(HEADINGS)
    for number in range(pupils):
        born = _BORN + timedelta(days=number % 2000)
        sex = "F" if number % 2 else "M"
        year = _YEARS[number % len(_YEARS)]
        writer.writerow(
            (_upn(number), _surname(case, number), "Zoë", f"{born:%d/%m/%Y}", sex, year)
        )
    return rows.getvalue()


def _surname(case: str, number: int) -> str:
    times = 0
    for name, of_a_hundred in REVISIONS.items():
        times += number % 100 < of_a_hundred
        if name == case:
            break
    return f"Pupil {number} {'abc'[times]}"


@cache
def _upn(number: int) -> str:
    digits = f"8012{number:08d}"
    return str(upn.calc_check_digit("A" + digits)) + digits
