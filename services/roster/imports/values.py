"""What a cell of a pupil list means, field by field, and how a value is shown to a person.

Nothing is guessed: what can be read in two ways is refused with a sentence (R10).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.roster.fields.field import PUPIL_FIELDS
from services.roster.imports.pupil_import import DateOrder
from services.roster.imports.words import (
    ethnicity_of,
    language_of,
    sen_provision_of,
    sex_of,
    year_group_of,
    yes_or_no,
)
from services.roster.pupils.pupil import OLDEST
from shared.school.names import tidied
from shared.school.upn import check_upn
from shared.tabular.table import FORMULA_ERRORS, not_worked_out
from shared.web.spreadsheet import as_given

__all__ = [
    "DATE_ORDERS",
    "LONGEST_NAME",
    "READ_AS_NAMES",
    "Unclear",
    "as_day",
    "as_upn",
    "as_upns",
    "plain",
    "read",
    "shown",
]

LONGEST_NAME = 200
_LONGEST_DAY = len("31/08/2015")
DATE_ORDERS: Mapping[DateOrder, tuple[str, str]] = {
    "dmy": ("day first", "31/08/2015"),
    "ymd": ("year first", "2015/08/31"),
    "mdy": ("month first", "08/31/2015"),
}
"""Order → how it is called, and an example of it."""
_PLACES = {order: [order.index(part) for part in "ymd"] for order in DATE_ORDERS}
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_OF = {
    name: number for number, month in enumerate(_MONTHS, start=1) for name in (month, month[:3])
} | {"sept": 9}
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})[\s-]+(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_DAYS_COUNTED = re.compile(r"[34]\d{4}")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_CHOICES = {field.name: field.choices for field in PUPIL_FIELDS}
_NONE: Mapping[str, str] = {}
_SPLIT_UPNS = re.compile(r"[,;/]|\s+(?=\S{13})")
_YES_OR_NO = "Write Yes or No."
_HOW_READ: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "sex": (sex_of, "Write F, M or U."),
    "year_group": (year_group_of, "Write N1, N2, R, or a number to 13."),
    "ethnicity": (ethnicity_of, "Write the DfE’s code, such as WBRI, or what it is called."),
    "first_language": (language_of, "Write the DfE’s code, such as ENG, or the language."),
    "sen_provision": (sen_provision_of, "Write N (none), K (SEN support) or E (EHC plan)."),
    **dict.fromkeys(("free_school_meals", "pupil_premium", "in_care"), (yes_or_no, _YES_OR_NO)),
}
"""Field → who knows its words, and what to write instead of one that is not known."""

READ_AS_NAMES = frozenset(
    {
        "legal_forename",
        "legal_surname",
        "preferred_forename",
        "preferred_surname",
        "middle_names",
    }
)
"""What is taken as it is written."""


class Unclear(Exception):
    """What is wrong with a cell, as a sentence."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def plain(cell: str) -> str:
    """Lines, tabs and the spaces that pages are made with are one space, and what nobody sees is
    left out; nothing else changes."""
    if not cell.isascii():
        cell = tidied(cell)
    return " ".join((as_given(cell) if cell.startswith("'") else cell).split())


def read(field: str, cell: str) -> Any:
    """The value of a cell that holds something. Raises `Unclear`."""
    if field not in _HOW_READ:
        return _name(cell)
    understood, instead = _HOW_READ[field]
    value = understood(cell)
    if value is None:
        raise Unclear(f"‘{_cut(cell)}’ is not understood. {instead}")
    return value


def as_day(cell: str, order: DateOrder | None, today: date) -> date:
    """A date of birth. A workbook's own dates come as ISO days, which can be read in one way only.

    So can a month that is named, as in `31 Aug 2015`. Any other has to be in the order that was
    declared, with a year of four digits.
    """
    text = _MIDNIGHT.sub("", cell) if len(cell) > _LONGEST_DAY else cell
    born = _iso(text) or _with_named_month(text) or _ordered(text, order or "dmy")
    if born > today:
        raise Unclear(f"‘{cell}’ is in the future.")
    if born.year < today.year - OLDEST:
        raise Unclear(f"‘{cell}’ is more than {OLDEST} years ago.")
    return born


def as_upn(cell: str) -> tuple[str, list[str]]:
    """The number, and what only warns about it. Raises `Unclear` with every fault (R11)."""
    check = check_upn(cell)
    if check.errors:
        raise Unclear(" ".join(fault.message for fault in check.errors))
    return check.normalised, [fault.message for fault in check.warnings]


def as_upns(cell: str) -> tuple[str, ...]:
    """Former numbers, as many as there are."""
    parts = [part for part in _SPLIT_UPNS.split(cell) if part.strip()]
    return tuple(dict.fromkeys(as_upn(part)[0] for part in parts))


def shown(field: str, value: Any) -> str | None:
    """As the pages have it."""
    match value:
        case str():
            return _CHOICES.get(field, _NONE).get(value, str(value)) or None
        case None | ():
            return None
        case bool():
            return "Yes" if value else "No"
        case date():
            return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
        case tuple() | list():
            return ", ".join(value)
    return str(value)


def _cut(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:60]}…"


def _name(cell: str) -> str:
    if cell in FORMULA_ERRORS:
        raise Unclear(not_worked_out(cell))
    if len(cell) <= LONGEST_NAME and (cell.isprintable() or not _is_unusable(cell)):
        return cell
    raise Unclear("This is too long, or holds a character that cannot be used.")


def _is_unusable(cell: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs") for c in cell)


def _iso(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _with_named_month(text: str) -> date | None:
    """`31 August 2015`, `31-Aug-2015`."""
    found = _NAMED.fullmatch(text.casefold())
    month = _MONTH_OF.get(found[2]) if found else None
    try:
        return date(int(found[3]), month, int(found[1])) if found and month else None
    except ValueError:
        return None


def _ordered(text: str, order: DateOrder) -> date:
    called, example = DATE_ORDERS[order]
    found = _DAY.fullmatch(text)
    if found is None and _DAYS_COUNTED.fullmatch(text):
        raise Unclear(
            f"‘{text}’ is how a workbook counts days, without saying that it is one. Give the "
            f"column the format ‘Short Date’ in Excel, or write {example}."
        )
    if found is None:
        raise Unclear(f"‘{_cut(text)}’ is no date with the {called}, such as {example}.")
    given = (found[1], found[3], found[4])
    if len(given[0]) <= 2 and len(given[2]) <= 2:
        raise Unclear(
            f"‘{text}’ has a year of two digits. Write all four, as in {example}: nobody should "
            "have to guess."
        )
    try:
        year, month, day = (int(given[place]) for place in _PLACES[order])
        return date(year, month, day)
    except ValueError:
        raise Unclear(f"‘{text}’ is no date with the {called}, such as {example}.") from None
