"""Pupils who come by a file: its columns, what becomes of each row, confirming and undoing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from gateway.schemas.parts import Shape, Written

__all__ = [
    "ChosenPupilColumn",
    "PupilImport",
    "PupilImportChange",
    "PupilImportColumn",
    "PupilImportConfirmation",
    "PupilImportCounts",
    "PupilImportHow",
    "PupilImportList",
    "PupilImportOutcome",
    "PupilImportProgress",
    "PupilImportRemark",
    "PupilImportRow",
    "PupilImportRowList",
    "PupilImportUndone",
    "PupilImportWanted",
]

PupilImportField: TypeAlias = Literal[
    "upn",
    "former_upns",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
    "class_name",
    "ethnicity",
    "first_language",
    "sen_provision",
    "free_school_meals",
    "pupil_premium",
    "in_care",
]
PupilImportOutcome: TypeAlias = Literal[
    "added", "updated", "unchanged", "made_inactive", "rejected", "changed_since"
]
PupilImportScope: TypeAlias = Literal["partial", "full"]
PupilDateOrder: TypeAlias = Literal["dmy", "ymd", "mdy"]
PupilClassesMeant: TypeAlias = Literal["add", "replace"]


class PupilImportColumn(Shape):
    column: int
    letter: str
    heading: str
    field: PupilImportField | None
    note: str | None = Field(
        description="Why a column that was recognised is not used: the school does not keep it."
    )
    samples: list[str] = Field(description="From the first rows of the file.")


class PupilImportCounts(Shape):
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


class PupilImportHow(Shape):
    """As it was last looked through; before that, as the school chose for such a file before."""

    scope: PupilImportScope
    date_order: PupilDateOrder | None
    classes: PupilClassesMeant | None
    make_classes: bool
    same_pupils: bool
    keep_over_mis: bool


class PupilImportProgress(Shape):
    """Rows read, or pupils written, so far."""

    done: int
    total: int | None


class PupilImportUndone(Shape):
    """What undoing did. `changed_since` was left as it is; the rows of that outcome list it."""

    pupils_put_back: int
    pupils_made_inactive: int
    changed_since: int


class PupilImport(Shape):
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
    progress: PupilImportProgress | None
    rows: int
    columns: list[PupilImportColumn]
    fields: list[PupilImportField] = Field(
        description="What a column can be taken for; optional fields only where they are kept."
    )
    how: PupilImportHow
    counts: PupilImportCounts | None = Field(description="Null until it was looked through.")
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
    undone: PupilImportUndone | None


class PupilImportList(Shape):
    """The newest first, at most 20: confirmed ones for 7 days, others for 2."""

    items: list[PupilImport]


class PupilImportChange(Shape):
    """`class_name` holds all classes of the pupil. `active` is `Active` or `Inactive`."""

    field: PupilImportField | Literal["active"]
    before: str | None
    after: str | None
    by_hand: bool = Field(description="What is there now was set by hand, and stays marked (R13).")


class PupilImportRemark(Shape):
    detail: str
    field: PupilImportField | None
    column: str | None = Field(description="The column's letter and heading, such as `A, UPN`.")


class PupilImportRow(Shape):
    """One row and what becomes of it; or a pupil whom the file does not list.

    Of `changed_since`, which there is once the import was undone, `before` is how the import left
    a field and `after` how it is now.
    """

    id: str
    row: int | None = Field(description="As the spreadsheet counts; null where it is in no row.")
    outcome: PupilImportOutcome
    name: str
    upn: str | None
    pupil_id: UUID | None
    probable: bool = Field(description="Only the names and the date of birth tell who is meant.")
    changes: list[PupilImportChange]
    faults: list[PupilImportRemark] = Field(description="Why the row is rejected.")
    notes: list[PupilImportRemark] = Field(description="What is worth a look.")


class PupilImportRowList(Shape):
    items: list[PupilImportRow]
    next_cursor: str | None
    total: int


class ChosenPupilColumn(Written):
    column: int
    field: PupilImportField | None = Field(description="Null where the column is not used.")


class PupilImportWanted(Written):
    """What the columns are, and how the import is meant."""

    columns: list[ChosenPupilColumn] = Field(max_length=100)
    scope: PupilImportScope = Field(
        description="`partial` touches only pupils whom the file lists. With `full` the file is "
        "the whole roll: active pupils whom it does not list become inactive."
    )
    date_order: PupilDateOrder | None = Field(
        default=None,
        description="The one order of all dates in the file; needed with a column of dates.",
    )
    classes: PupilClassesMeant | None = Field(
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


class PupilImportConfirmation(Written):
    expected_version: int = Field(description="Of the preview that was looked at.")
    make_many_inactive: bool = Field(
        default=False,
        description="Said once more, where more than 20 % of the roll would become inactive.",
    )
