"""The shapes of imports of marks over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.reports.mark_imports.mark_import import MarkImport, StagedRow
from services.reports.mark_imports.service import Found
from shared.imports.columns import in_words
from shared.imports.uploads import KEPT_FOR, Outcome, State
from shared.tabular.table import letter

__all__ = ["MarkImportConfirmBody", "MarkImportPreviewBody", "MarkImportRowView", "MarkImportView"]

MarkField = Literal["upn", "surname", "forename", "attainment", "effort", "comment"]


class _ColumnChosen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    column: int = Field(ge=0, lt=2**31, description="Counts from 0, as in the file.")
    field: MarkField | None = Field(description="Null where the column is not used.")


class MarkImportPreviewBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[_ColumnChosen], Field(max_length=100)]


class MarkImportConfirmBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, lt=2**31, description="Of the preview that was looked at.")


class MarkImportColumnView(BaseModel):
    column: int
    letter: str
    heading: str
    field: MarkField | None
    samples: list[str] = Field(description="From the first rows of the file.")


class MarkImportCountsView(BaseModel):
    """How many rows; together they are all of them."""

    added: int
    updated: int
    unchanged: int
    rejected: int


class MarkImportView(BaseModel):
    """One file. No mark is recorded until it is `confirmed`."""

    id: UUID
    file_name: str
    state: State
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
    columns: list[MarkImportColumnView]
    counts: MarkImportCountsView | None = Field(description="Null until it was looked through.")

    @classmethod
    def of(cls, found: Found) -> MarkImportView:
        one, sheet = found.the_import, found.sheet
        return cls(
            id=one.import_id,
            file_name=one.file_name,
            state=one.state,
            version=one.version,
            made_at=one.made_at,
            kept_until=one.made_at + KEPT_FOR,
            confirmed_at=one.confirmed_at,
            group_id=one.group_id,
            group=sheet.group.name,
            subject_id=one.subject_id,
            subject=sheet.subject.name,
            term_id=one.term_id,
            term=sheet.term.name,
            rows=one.row_count,
            columns=[
                MarkImportColumnView(
                    column=heading.column,
                    letter=letter(heading.column),
                    heading=heading.text,
                    field=_field(one.columns.get(heading.column)),
                    samples=[row.cells[place][:60] for row in found.samples if row.cells[place]],
                )
                for place, heading in enumerate(one.headings)
            ],
            counts=MarkImportCountsView(**one.counts) if one.counts else None,
        )


class MarkImportChangeView(BaseModel):
    field: MarkField
    before: str | None
    after: str | None


class MarkImportFaultView(BaseModel):
    detail: str
    field: MarkField | None
    column: str | None = Field(description="The column's letter and heading, such as `D, Effort`.")


class MarkImportRowView(BaseModel):
    """One row and what becomes of it."""

    id: str
    row: int
    outcome: Outcome | None
    name: str
    pupil_id: UUID | None
    changes: list[MarkImportChangeView]
    faults: list[MarkImportFaultView]

    @classmethod
    def of(cls, row: StagedRow, found: MarkImport) -> MarkImportRowView:
        result = row.result
        return cls(
            id=str(row.number),
            row=row.number,
            outcome=result.outcome if result else None,
            name=result.name if result else "",
            pupil_id=result.pupil_id if result else None,
            changes=[
                MarkImportChangeView(
                    field=cast(MarkField, change.field),
                    before=change.before,
                    after=change.after,
                )
                for change in (result.changes if result else ())
            ],
            faults=[
                MarkImportFaultView(
                    detail=fault.detail,
                    field=_field(fault.field),
                    column=in_words(found, fault.field),
                )
                for fault in (result.faults if result else ())
            ],
        )


def _field(name: str | None) -> MarkField | None:
    return cast("MarkField | None", name)
