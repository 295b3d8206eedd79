"""The shapes of imports over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.identity.user_imports.rows import FIELD_NAMES
from services.identity.user_imports.user_import import StagedRow, UserImport
from shared.imports.columns import in_words
from shared.imports.uploads import KEPT_FOR, OUTCOMES, Outcome, State
from shared.tabular.table import letter

__all__ = ["ImportConfirmBody", "ImportPreviewBody", "ImportRowView", "ImportView"]

ImportField = Literal["title", "forename", "surname", "email", "role", "staff_code", "username"]


class ImportColumnChosen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    column: int = Field(ge=0, lt=2**31, description="Counts from 0, as in the file.")
    field: ImportField | None = Field(description="Null where the column is not used.")


class ImportPreviewBody(BaseModel):
    """What the columns are, and how the import is meant."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[ImportColumnChosen], Field(max_length=100)]
    keep_over_mis: bool = Field(
        default=False, description="What is imported is marked as set by hand (R13)."
    )
    add_namesakes: bool = Field(
        default=False, description="People are added even if somebody here has the same name."
    )


class ImportConfirmBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="Of the preview that was looked at.")


class ImportColumnView(BaseModel):
    column: int
    letter: str
    heading: str
    field: ImportField | None
    samples: list[str] = Field(description="From the first rows of the file.")


class ImportCountsView(BaseModel):
    """How many rows; together they are all of them."""

    added: int
    updated: int
    unchanged: int
    rejected: int


class ImportView(BaseModel):
    id: UUID
    file_name: str
    state: State
    version: int
    made_at: datetime
    kept_until: datetime
    confirmed_at: datetime | None
    rows: int
    columns: list[ImportColumnView]
    keep_over_mis: bool
    add_namesakes: bool
    counts: ImportCountsView | None = Field(description="Null until it was looked through.")

    @classmethod
    def of(cls, found: UserImport, samples: Sequence[StagedRow]) -> ImportView:
        return cls(
            id=found.import_id,
            file_name=found.file_name,
            state=found.state,
            version=found.version,
            made_at=found.made_at,
            kept_until=found.made_at + KEPT_FOR,
            confirmed_at=found.confirmed_at,
            rows=found.row_count,
            columns=[
                ImportColumnView(
                    column=heading.column,
                    letter=letter(heading.column),
                    heading=heading.text,
                    field=_field(found.columns.get(heading.column)),
                    samples=[row.cells[place][:60] for row in samples if row.cells[place]],
                )
                for place, heading in enumerate(found.headings)
            ],
            keep_over_mis=found.keep_over_mis,
            add_namesakes=found.add_namesakes,
            counts=ImportCountsView(**{name: found.counts[name] for name in OUTCOMES})
            if found.counts
            else None,
        )


class ImportChangeView(BaseModel):
    field: ImportField
    before: str | None
    after: str | None
    by_hand: bool = Field(description="What is there now was set by hand (R13).")


class ImportFaultView(BaseModel):
    detail: str
    field: ImportField | None
    column: str | None = Field(description="The column's letter and heading, such as `D, E-mail`.")


class ImportRowView(BaseModel):
    """One row and what becomes of it."""

    id: str
    row: int
    outcome: Outcome | None
    name: str
    username: str | None
    user_id: UUID | None
    changes: list[ImportChangeView]
    faults: list[ImportFaultView]

    @classmethod
    def of(cls, row: StagedRow, found: UserImport) -> ImportRowView:
        result = row.result
        return cls(
            id=str(row.number),
            row=row.number,
            outcome=result.outcome if result else None,
            name=result.name if result else "",
            username=result.username if result else None,
            user_id=result.user_id if result else None,
            changes=[
                ImportChangeView(
                    field=_known_field(change.field),
                    before=change.before,
                    after=change.after,
                    by_hand=change.by_hand,
                )
                for change in (result.changes if result else ())
            ],
            faults=[
                ImportFaultView(
                    detail=fault.detail,
                    field=_field(fault.field),
                    column=in_words(found, fault.field),
                )
                for fault in (result.faults if result else ())
            ],
        )


def _field(name: str | None) -> ImportField | None:
    return _known_field(name) if name in FIELD_NAMES else None


def _known_field(name: str | None) -> ImportField:
    return name  # type: ignore[return-value]  # pydantic looks at it
