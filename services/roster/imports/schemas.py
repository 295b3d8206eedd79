"""The shapes of pupil imports over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.roster.imports.columns import FIELD_NAMES, ImportField
from services.roster.imports.pupil_import import (
    ClassesMeant,
    DateOrder,
    Found,
    Listed,
    PupilImport,
    Scope,
)
from shared.imports.uploads import Remark
from shared.tabular.table import letter

__all__ = [
    "PupilImportConfirmBody",
    "PupilImportPreviewBody",
    "PupilImportRowView",
    "PupilImportView",
    "PupilImportsView",
    "RowOutcome",
]

RowOutcome: TypeAlias = Literal[
    "added", "updated", "unchanged", "made_inactive", "rejected", "changed_since"
]
ChangedField: TypeAlias = ImportField | Literal["active"]


class PupilImportColumnChosen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    column: int = Field(ge=0, lt=2**31, description="Counts from 0, as in the file.")
    field: ImportField | None = Field(description="Null where the column is not used.")


class PupilImportPreviewBody(BaseModel):
    """What the columns are, and how the import is meant."""

    model_config = ConfigDict(extra="forbid")

    columns: Annotated[list[PupilImportColumnChosen], Field(max_length=100)]
    scope: Scope = Field(
        description="`partial` touches only pupils whom the file lists. With `full` the file is "
        "the whole roll: active pupils whom it does not list become inactive."
    )
    date_order: DateOrder | None = Field(
        default=None,
        description="The one order of all dates in the file; needed with a column of dates.",
    )
    classes: ClassesMeant | None = Field(
        default=None,
        description="Whether the classes in the file are added to those that a pupil is in, or "
        "take their place; needed with a column of classes.",
    )
    make_classes: bool = Field(
        default=False, description="Classes that are not here yet are made; else rows are rejected."
    )
    same_pupils: bool = Field(
        default=False,
        description="A row that only the names and the date of birth tie to one pupil here is that "
        "pupil; else it is rejected.",
    )
    keep_over_mis: bool = Field(
        default=False, description="What is imported is marked as set by hand (R13)."
    )


class PupilImportConfirmBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, description="Of the preview that was looked at.")
    make_many_inactive: bool = Field(
        default=False,
        description="Said once more, where more than 20 % of the roll would become inactive.",
    )


class PupilImportColumnView(BaseModel):
    column: int
    letter: str
    heading: str
    field: ImportField | None
    note: str | None = Field(
        description="Why a column that was recognised is not used: the school does not keep it."
    )
    samples: list[str] = Field(description="From the first rows of the file.")


class PupilImportCountsView(BaseModel):
    """`added`, `updated`, `unchanged` and `rejected` together are all rows of the file.

    `made_inactive` are pupils whom a full import does not list. `made_active` and `probable` are
    of the others: pupils who were inactive, and who are told by names and date of birth only.
    """

    added: int
    updated: int
    unchanged: int
    rejected: int
    made_inactive: int
    made_active: int
    probable: int


class PupilImportHowView(BaseModel):
    """As it was last looked through; before that, as the school chose for such a file before."""

    scope: Scope
    date_order: DateOrder | None
    classes: ClassesMeant | None
    make_classes: bool
    same_pupils: bool
    keep_over_mis: bool


class PupilImportProgressView(BaseModel):
    """Rows read, or pupils written, so far."""

    done: int
    total: int | None


class PupilImportUndoneView(BaseModel):
    """What undoing did. `changed_since` was left as it is; the rows of that outcome list it."""

    pupils_put_back: int
    pupils_made_inactive: int
    changed_since: int


class PupilImportView(BaseModel):
    """One file. Nothing of it is written until it is `confirmed`.

    `reading` and `applying` go on now, with their progress; `interrupted` was cut off while it was
    read, and is uploaded anew.
    """

    id: UUID
    file_name: str
    state: Literal[
        "reading",
        "interrupted",
        "uploaded",
        "previewed",
        "applying",
        "confirmed",
        "undone",
    ]
    version: int
    made_at: datetime
    kept_until: datetime
    confirmed_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None = Field(description="Null where it cannot be undone.")
    progress: PupilImportProgressView | None
    rows: int
    columns: list[PupilImportColumnView]
    fields: list[ImportField] = Field(
        description="What a column can be taken for; optional fields only where they are kept."
    )
    how: PupilImportHowView
    counts: PupilImportCountsView | None = Field(description="Null until it was looked through.")
    active_roll: int = Field(description="Active pupils when it was looked through.")
    makes_many_inactive: bool = Field(
        description="More than 20 % of the roll would become inactive: the confirmation has to say "
        "`make_many_inactive`."
    )
    new_classes: list[str] = Field(description="Classes that would be, or were, made.")
    missing_classes: list[str] = Field(description="Named in the file, not here, and not made.")
    refused_because: str | None = Field(
        description="Why it cannot be confirmed for now: year groups wait for the roll-up (R12)."
    )
    undone: PupilImportUndoneView | None

    @classmethod
    def of(cls, found: Found) -> PupilImportView:
        one, how = found.the_import, found.the_import.how
        return cls(
            id=one.import_id,
            file_name=one.file_name,
            state=found.state,
            version=one.version,
            made_at=one.made_at,
            kept_until=one.kept_until,
            confirmed_at=one.confirmed_at,
            undone_at=one.undone_at,
            undo_until=found.undo_until,
            progress=PupilImportProgressView(**vars(found.progress)) if found.progress else None,
            rows=one.row_count,
            columns=_columns(found),
            fields=[cast(ImportField, name) for name in found.fields],
            how=PupilImportHowView(**vars(how)),
            counts=PupilImportCountsView(**one.counts) if one.counts else None,
            active_roll=one.active_roll,
            makes_many_inactive=one.makes_many_inactive,
            new_classes=list(one.new_classes),
            missing_classes=list(one.missing_classes),
            refused_because=one.refused_because,
            undone=PupilImportUndoneView(**one.undone) if one.undone else None,
        )


class PupilImportsView(BaseModel):
    """The newest first, at most 20: confirmed ones for 7 days, others for 2."""

    items: list[PupilImportView]


class PupilImportChangeView(BaseModel):
    """`class_name` holds all classes of the pupil. `active` is `Active` or `Inactive`."""

    field: ChangedField
    before: str | None
    after: str | None
    by_hand: bool = Field(description="What is there now was set by hand, and stays marked (R13).")


class PupilImportRemarkView(BaseModel):
    detail: str
    field: ImportField | None
    column: str | None = Field(description="The column's letter and heading, such as `A, UPN`.")


class PupilImportRowView(BaseModel):
    """One row and what becomes of it; or a pupil whom the file does not list.

    Of `changed_since`, which there is once the import was undone, `before` is how the import left
    a field and `after` how it is now.
    """

    id: str
    row: int | None = Field(description="As the spreadsheet counts; null where it is in no row.")
    outcome: RowOutcome
    name: str
    upn: str | None
    pupil_id: UUID | None
    probable: bool = Field(description="Only the names and the date of birth tell who is meant.")
    changes: list[PupilImportChangeView]
    faults: list[PupilImportRemarkView] = Field(description="Why the row is rejected.")
    notes: list[PupilImportRemarkView] = Field(description="What is worth a look.")

    @classmethod
    def of(cls, row: Listed, of: PupilImport) -> PupilImportRowView:
        result = row.result
        return cls(
            id=str(row.place),
            row=result.number,
            outcome=row.outcome,
            name=result.name,
            upn=result.upn,
            pupil_id=result.pupil_id,
            probable=result.probable,
            changes=[
                PupilImportChangeView(
                    field=cast(ChangedField, change.field),
                    before=change.before,
                    after=change.after,
                    by_hand=change.by_hand,
                )
                for change in result.changes
            ],
            faults=[_remark(fault, of) for fault in result.faults],
            notes=[_remark(note, of) for note in result.notes],
        )


def _columns(found: Found) -> list[PupilImportColumnView]:
    return [
        PupilImportColumnView(
            column=heading.column,
            letter=letter(heading.column),
            heading=heading.text,
            field=_field(_column_field(found, heading.column)),
            note=found.column_notes.get(heading.column),
            samples=_samples(found, place, heading.column),
        )
        for place, heading in enumerate(found.the_import.headings)
    ]


def _column_field(found: Found, column: int) -> str | None:
    field = found.the_import.columns.get(column)
    return None if field in found.hidden_fields else field


def _samples(found: Found, place: int, column: int) -> list[str]:
    if column in found.hidden_columns:
        return []
    return [row.cells[place][:60] for row in found.the_import.samples if row.cells[place]]


def _remark(remark: Remark, of: PupilImport) -> PupilImportRemarkView:
    heading = of.column_of(remark.field) if remark.field else None
    column = None
    if heading is not None:
        place = letter(heading.column)
        column = f"{place}, {heading.text}" if heading.text else place
    return PupilImportRemarkView(detail=remark.detail, field=_field(remark.field), column=column)


def _field(name: str | None) -> ImportField | None:
    return cast(ImportField, name) if name in FIELD_NAMES else None
