"""Users who come by a file: its columns, what becomes of each row, and how it is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written

__all__ = [
    "ChosenColumn",
    "ImportChange",
    "ImportColumn",
    "ImportConfirmation",
    "ImportFault",
    "ImportOutcome",
    "ImportRow",
    "ImportRowList",
    "ImportWanted",
    "UserImport",
]

ImportField = Literal["title", "forename", "surname", "email", "role", "staff_code", "username"]
ImportOutcome = Literal["added", "updated", "unchanged", "rejected"]


class ImportColumn(Shape):
    column: int
    letter: str
    heading: str
    field: ImportField | None
    samples: list[str] = Field(description="From the first rows of the file.")


class ImportCounts(Shape):
    """How many rows; together they are all of them."""

    added: int
    updated: int
    unchanged: int
    rejected: int


class UserImport(Shape):
    """One file. Nothing of it is written until it is `confirmed`."""

    id: UUID
    file_name: str
    state: Literal["uploaded", "previewed", "confirmed"]
    version: int
    made_at: datetime
    kept_until: datetime
    confirmed_at: datetime | None
    rows: int
    columns: list[ImportColumn]
    keep_over_mis: bool
    add_namesakes: bool
    counts: ImportCounts | None = Field(description="Null until it was looked through.")


class ImportChange(Shape):
    field: ImportField
    before: str | None
    after: str | None
    by_hand: bool = Field(description="What is there now was set by hand.")


class ImportFault(Shape):
    detail: str
    field: ImportField | None
    column: str | None = Field(description="The column's letter and heading, such as `D, E-mail`.")


class ImportRow(Shape):
    id: str
    row: int
    outcome: ImportOutcome | None
    name: str
    username: str | None
    user_id: UUID | None
    changes: list[ImportChange]
    faults: list[ImportFault]


class ImportRowList(Shape):
    items: list[ImportRow]
    next_cursor: str | None
    total: int


class ChosenColumn(Written):
    column: int
    field: ImportField | None = Field(description="Null where the column is not used.")


class ImportWanted(Written):
    """What the columns are, and how the import is meant."""

    columns: list[ChosenColumn] = Field(max_length=100)
    keep_over_mis: bool = False
    add_namesakes: bool = False


class ImportConfirmation(Written):
    expected_version: int = Field(description="Of the preview that was looked at.")
