"""Marks that come by a file: its columns, what becomes of each row, and how it is confirmed."""

from __future__ import annotations

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from gateway.schemas.parts import Shape, Written

__all__ = [
    "ChosenMarkColumn",
    "MarkImport",
    "MarkImportChange",
    "MarkImportColumn",
    "MarkImportConfirmation",
    "MarkImportFault",
    "MarkImportOutcome",
    "MarkImportRow",
    "MarkImportRowList",
    "MarkImportWanted",
]

MarkField: TypeAlias = Literal["upn", "surname", "forename", "attainment", "effort", "comment"]
MarkImportOutcome: TypeAlias = Literal["added", "updated", "unchanged", "rejected"]


class MarkImportColumn(Shape):
    column: int
    letter: str
    heading: str
    field: MarkField | None
    samples: list[str] = Field(description="From the first rows of the file.")


class MarkImportCounts(Shape):
    """How many rows; together they are all of them."""

    added: int
    updated: int
    unchanged: int
    rejected: int


class MarkImport(Shape):
    """One file, for one group, subject and term. No mark is recorded until it is `confirmed`."""

    id: UUID
    file_name: str
    state: Literal["uploaded", "previewed", "confirmed"]
    version: int
    made_at: AwareDatetime
    kept_until: AwareDatetime
    confirmed_at: AwareDatetime | None
    group_id: UUID
    group: str
    subject_id: UUID
    subject: str
    term_id: UUID
    term: str
    rows: int
    columns: list[MarkImportColumn]
    counts: MarkImportCounts | None = Field(description="Null until it was looked through.")


class MarkImportChange(Shape):
    field: MarkField
    before: str | None
    after: str | None


class MarkImportFault(Shape):
    detail: str
    field: MarkField | None
    column: str | None = Field(description="The column's letter and heading, such as `D, Effort`.")


class MarkImportRow(Shape):
    id: str
    row: int
    outcome: MarkImportOutcome | None
    name: str
    pupil_id: UUID | None
    changes: list[MarkImportChange]
    faults: list[MarkImportFault]


class MarkImportRowList(Shape):
    items: list[MarkImportRow]
    next_cursor: str | None
    total: int


class ChosenMarkColumn(Written):
    column: int
    field: MarkField | None = Field(description="Null where the column is not used.")


class MarkImportWanted(Written):
    columns: list[ChosenMarkColumn] = Field(max_length=100)


class MarkImportConfirmation(Written):
    expected_version: int = Field(description="Of the preview that was looked at.")
