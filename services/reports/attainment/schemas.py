"""The shapes of attainment and progress over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.reports.attainment.characteristics import Comparison
from services.reports.attainment.figures import NOT_RECORDED, Step
from services.reports.attainment.repository import TermOfSchool
from services.reports.attainment.service import (
    AttainmentTable,
    Choices,
    ProgressTable,
    PupilTable,
)
from services.reports.attainment.tables import Figures, Row
from services.reports.scale.band import Band
from shared.contracts.vocabulary import GroupKind, YearGroup
from shared.school.year_groups import year_group_label

__all__ = ["AttainmentView", "ChoicesView", "ProgressView", "PupilsView", "Share"]


class Share(BaseModel):
    """`per_cent` is of the pupils that the row says, rounded; `None` of nobody."""

    pupils: int
    per_cent: int | None

    @classmethod
    def of(cls, pupils: int, whole: int) -> Share:
        return cls(pupils=pupils, per_cent=(200 * pupils + whole) // (2 * whole) if whole else None)


class AttainmentTermView(BaseModel):
    id: UUID
    name: str
    academic_year: str
    first_day: date
    last_day: date
    marked: bool = Field(description="Whether anything was recorded in it")

    @classmethod
    def of(cls, term: TermOfSchool) -> AttainmentTermView:
        return cls.model_validate(term, from_attributes=True)


class AttainmentGroupChoice(BaseModel):
    id: UUID
    name: str
    kind: GroupKind
    year_group: YearGroup | None
    pupils: int


class AttainmentYearGroupChoice(BaseModel):
    code: YearGroup
    label: str


class AttainmentSubjectChoice(BaseModel):
    id: UUID
    name: str
    active: bool


class ComparisonView(BaseModel):
    name: str
    label: str
    sides: tuple[str, str]

    @classmethod
    def all_of(cls, comparisons: Iterable[Comparison]) -> list[ComparisonView]:
        return [cls.model_validate(one, from_attributes=True) for one in comparisons]


class ChoicesView(BaseModel):
    """What one can ask for: a teacher their groups, senior leaders the school too (R14)."""

    whole_school: bool
    academic_year: str | None
    year_groups: list[AttainmentYearGroupChoice]
    groups: list[AttainmentGroupChoice]
    terms: list[AttainmentTermView]
    subjects: list[AttainmentSubjectChoice]
    comparisons: list[ComparisonView]

    @classmethod
    def of(cls, choices: Choices) -> ChoicesView:
        years = choices.year_groups
        return cls(
            whole_school=choices.whole_school,
            academic_year=choices.academic_year,
            year_groups=[
                AttainmentYearGroupChoice(code=y, label=year_group_label(y)) for y in years
            ],
            groups=[
                AttainmentGroupChoice.model_validate(g, from_attributes=True)
                for g in choices.groups
            ],
            terms=[AttainmentTermView.of(term) for term in choices.terms],
            subjects=[
                AttainmentSubjectChoice(id=one.id, name=one.name, active=one.active)
                for one in choices.subjects
            ],
            comparisons=ComparisonView.all_of(choices.comparisons),
        )


class AttainmentBandView(BaseModel):
    id: UUID
    code: str
    name: str
    at_or_above: bool = Field(description="Whether it meets the year's expectation")


class Attained(BaseModel):
    """Per cents are of `recorded`; that of `not_recorded` of `pupils`."""

    pupils: int
    recorded: int
    bands: list[Share] = Field(description="In the order of the table's bands")
    at_or_above: Share
    not_recorded: Share


class Moved(BaseModel):
    """Per cents are of `compared`: those with a mark in both terms."""

    pupils: int
    compared: int
    up: Share
    same: Share
    down: Share
    not_compared: Share


class AttainedRow(BaseModel):
    """`compared`: a comparison's name → its two sides; null where a group would be too small."""

    subject_id: UUID
    subject: str
    total: Attained
    compared: dict[str, tuple[Attained, Attained] | None]


class MovedRow(BaseModel):
    subject_id: UUID
    subject: str
    total: Moved
    compared: dict[str, tuple[Moved, Moved] | None]


class AttainmentView(BaseModel):
    of: str
    term: AttainmentTermView
    bands: list[AttainmentBandView]
    comparisons: list[ComparisonView]
    subjects: list[AttainedRow]

    @classmethod
    def made(cls, table: AttainmentTable) -> AttainmentView:
        def attained(figures: Figures) -> Attained:
            missing = figures.counts[NOT_RECORDED]
            recorded = figures.pupils - missing
            met = sum(figures.counts.get(band, 0) for band in table.at_or_above)
            counts = [figures.counts.get(str(band.id), 0) for band in table.bands]
            return Attained(
                pupils=figures.pupils,
                recorded=recorded,
                bands=[Share.of(count, recorded) for count in counts],
                at_or_above=Share.of(met, recorded),
                not_recorded=Share.of(missing, figures.pupils),
            )

        def row(said: Row) -> AttainedRow:
            return AttainedRow(
                subject_id=said.subject_id,
                subject=said.subject,
                total=attained(said.total),
                compared={
                    name: (attained(sides[0]), attained(sides[1])) if sides else None
                    for name, sides in said.compared.items()
                },
            )

        return cls(
            of=table.of,
            term=AttainmentTermView.of(table.term),
            bands=[_band(band, str(band.id) in table.at_or_above) for band in table.bands],
            comparisons=ComparisonView.all_of(table.comparisons),
            subjects=[row(one) for one in table.rows],
        )


class ProgressView(BaseModel):
    of: str
    earlier: AttainmentTermView
    later: AttainmentTermView
    comparisons: list[ComparisonView]
    subjects: list[MovedRow]

    @classmethod
    def made(cls, table: ProgressTable) -> ProgressView:
        def row(said: Row) -> MovedRow:
            return MovedRow(
                subject_id=said.subject_id,
                subject=said.subject,
                total=_moved(said.total),
                compared={
                    name: (_moved(sides[0]), _moved(sides[1])) if sides else None
                    for name, sides in said.compared.items()
                },
            )

        return cls(
            of=table.of,
            earlier=AttainmentTermView.of(table.earlier),
            later=AttainmentTermView.of(table.later),
            comparisons=ComparisonView.all_of(table.comparisons),
            subjects=[row(one) for one in table.rows],
        )


class PupilLine(BaseModel):
    """`bands` are of the table's terms; `step` is from the first of these to the last."""

    id: UUID
    forename: str
    surname: str
    bands: list[AttainmentBandView | None]
    step: Literal["up", "same", "down"] | None


class PupilsView(BaseModel):
    of: str
    subject: str
    terms: list[AttainmentTermView]
    pupils: list[PupilLine]

    @classmethod
    def made(cls, table: PupilTable) -> PupilsView:
        return cls(
            of=table.of,
            subject=table.subject.name,
            terms=[AttainmentTermView.of(term) for term in table.terms],
            pupils=[
                PupilLine(
                    id=row.pupil.id,
                    forename=row.pupil.forename,
                    surname=row.pupil.surname,
                    bands=[
                        band and _band(band, str(band.id) in table.at_or_above)
                        for band in row.bands
                    ],
                    step=_word(row.step),
                )
                for row in table.rows
            ],
        )


def _band(band: Band, at_or_above: bool) -> AttainmentBandView:
    return AttainmentBandView(id=band.id, code=band.code, name=band.name, at_or_above=at_or_above)


def _moved(figures: Figures) -> Moved:
    missing = figures.counts[NOT_RECORDED]
    compared = figures.pupils - missing
    up, same, down = (Share.of(figures.counts[step], compared) for step in Step)
    return Moved(
        pupils=figures.pupils,
        compared=compared,
        up=up,
        same=same,
        down=down,
        not_compared=Share.of(missing, figures.pupils),
    )


def _word(step: Step | None) -> Literal["up", "same", "down"] | None:
    return step.value if step else None
