"""What a row of a staff list says: columns by the headings that schools write, roles by words.

An empty cell is no information: it takes nothing away from a user who is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.identity.accounts.schemas import Code, Email, PersonName
from services.identity.user_imports.user_import import Position, Said, StagedRow, UserImport
from shared.contracts.vocabulary import StaffRole
from shared.imports.columns import cells_by_field, too_far_right
from shared.imports.uploads import Remark
from shared.school.names import tidied
from shared.tabular.columns import heading_key
from shared.tabular.table import FORMULA_ERRORS, not_worked_out
from shared.web.spreadsheet import as_given

__all__ = ["EXAMPLE_EMAIL", "FIELD_NAMES", "SYNONYMS", "position_of", "said_by"]

FIELD_NAMES = {
    "title": "Title",
    "forename": "First name",
    "surname": "Surname",
    "email": "E-mail address",
    "role": "Role",
    "staff_code": "Staff code",
    "username": "Username",
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "title": ("Title", "Salutation", "Prefix", "Honorific"),
    "forename": (
        "First name", "Forename", "Preferred forename", "Preferred first name", "Chosen forename",
        "Chosen first name", "Known as", "Given name", "Legal forename", "Legal first name",
        "Forename(s)", "First names", "Christian name",
    ),
    "surname": (
        "Surname", "Last name", "Preferred surname", "Preferred last name", "Chosen surname",
        "Chosen last name", "Family name", "Legal surname", "Legal last name",
    ),
    "email": (
        "E-mail address", "E-mail", "Work e-mail", "Work e-mail address", "School e-mail",
        "Staff e-mail", "Main e-mail", "Primary e-mail", "Default e-mail", "E-mail (work)", "Mail",
    ),
    "role": (
        "Role", "User type", "User role", "Access", "Access level", "Type", "Position", "Post",
        "Job title", "Staff role", "Main role",
    ),
    "staff_code": (
        "Staff code", "Code", "Teacher code", "Staff initials", "Initials", "Employee code",
        "Short name", "Teacher initials",
    ),
    "username": ("Username", "User name", "Login", "Login name", "Sign-in name", "User"),
}  # fmt: skip
"""Field → headings, the best first: names that are used go before legal ones."""
EXAMPLE_EMAIL = "name@yourschool.example"
"""Of the template's example, which is to be deleted."""

_TEACHER = Position(StaffRole.TEACHER)
_SLT = Position(StaffRole.SLT)
_DEPUTY = Position(StaffRole.SLT, "deputy")
_HEAD = Position(StaffRole.SLT, "head")
_POSITIONS = {
    heading_key(word): position
    for position, words in {
        _TEACHER: (
            "teacher", "teachers", "class teacher", "teaching", "teaching staff", "teach",
            "classroom teacher", "subject teacher", "supply teacher", "ppa teacher", "ect", "nqt",
        ),
        _SLT: (
            "slt", "smt", "senior leader", "senior leaders", "senior leadership",
            "senior leadership team", "senior management team", "leadership", "leadership team",
            "assistant head", "assistant headteacher", "assistant head teacher", "aht",
        ),
        _DEPUTY: (
            "deputy", "deputy head", "deputy headteacher", "deputy head teacher", "dht",
            "deputy principal", "vice principal", "slt, deputy head", "slt deputy",
        ),
        _HEAD: (
            "head", "headteacher", "head teacher", "ht", "principal", "executive head",
            "executive headteacher", "executive head teacher", "head of school", "slt, head",
            "headmaster", "headmistress", "slt head",
        ),
    }.items()
    for word in words
}  # fmt: skip

_FORMS: dict[str, TypeAdapter[Any]] = {
    "title": TypeAdapter(Code),
    "forename": TypeAdapter(PersonName),
    "surname": TypeAdapter(PersonName),
    "email": TypeAdapter(Email),
    "staff_code": TypeAdapter(Code),
}
_WRONG = {
    "email": "‘{value}’ is not a whole e-mail address, such as jo.smith@school.example.",
    "title": "This is too long for a title, or holds a character that cannot be used.",
    "staff_code": "This is too long for a staff code, or holds a character that cannot be used.",
}
_WRONG_NAME = "This is too long for a name, or holds a character that cannot be used."


def position_of(words: str) -> Position | None:
    """`Deputy Head` → SLT, deputy. `None` for words that are no role here."""
    return _POSITIONS.get(heading_key(words))


def said_by(row: StagedRow, wanted: UserImport) -> Said:
    """The row's values by field, and what is wrong with them."""
    cells = {field: _plain(cell) for field, cell in cells_by_field(wanted, row.cells).items()}
    given = {field: cell for field, cell in cells.items() if cell}
    faults = [too_far_right(wanted)] if row.surplus else []
    values = {
        field: value
        for field, cell in given.items()
        if field in _FORMS and (value := _checked(field, cell, faults)) is not None
    }
    if "username" in given:
        values["username"] = given["username"]
    position = _position(given.get("role"), faults)
    if values.get("email") == EXAMPLE_EMAIL:
        faults.append(Remark("This is the template’s example. Delete the row."))
    return Said(row.number, values, position, tuple(faults))


def _plain(cell: str) -> str:
    """Lines, tabs and the spaces that pages are made with are one space, and what nobody sees is
    left out; nothing else changes."""
    return " ".join(as_given(tidied(cell)).split())


def _checked(field: str, cell: str, faults: list[Remark]) -> str | None:
    if cell in FORMULA_ERRORS:
        faults.append(Remark(not_worked_out(cell), field))
        return None
    try:
        value: str = _FORMS[field].validate_python(cell)
    except ValidationError:
        shown = cell if len(cell) <= 60 else f"{cell[:60]}…"
        faults.append(Remark(_WRONG.get(field, _WRONG_NAME).format(value=shown), field))
        return None
    return value


def _position(words: str | None, faults: list[Remark]) -> Position | None:
    if words is None:
        return None
    position = position_of(words)
    if position is None:
        shown = words if len(words) <= 60 else f"{words[:60]}…"
        faults.append(
            Remark(f"‘{shown}’ is no role here. Write Teacher, SLT, Deputy head or Head.", "role")
        )
    return position
