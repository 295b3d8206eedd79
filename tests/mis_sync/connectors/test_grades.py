"""OneRoster's grades are US ones, and are read as UK year groups only when that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.oneroster_csv import Grades, Options, read_oneroster_csv
from services.mis_sync.connectors.snapshot import Snapshot
from services.mis_sync.connectors.values import year_group_of
from services.roster.imports.words import year_group_of as by_import
from shared.contracts.mis import GroupRecord, PupilRecord
from shared.contracts.vocabulary import YearGroup
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder


def _graded(grade: str, folder: Path, grades: Grades | None) -> Snapshot:
    """The small school with this grade in every cell of the column."""
    files = small_export()
    files["classes.csv"] = files["classes.csv"].replace("3 Blue,", f'3 Blue,"{grade}"')
    heading, *users = files["users.csv"].splitlines()
    files["users.csv"] = "\n".join([f"{heading},grades", *(f'{user},"{grade}"' for user in users)])
    return read_oneroster_csv(write_folder(files, folder), NOW, Options(grades=grades))


def _year_group(snapshot: Snapshot) -> YearGroup | None:
    return next(r.year_group for r in snapshot.records if isinstance(r, PupilRecord))


def test_grades_are_american_unless_said_otherwise(tmp_path: Path) -> None:
    assert _year_group(_graded("3", tmp_path, None)) is None


@pytest.mark.parametrize("grade", ["3", "03", "Year 3", "Y3"])
def test_uk_year_groups_are_read_when_asked_for(grade: str, tmp_path: Path) -> None:
    snapshot = _graded(grade, tmp_path, Grades.UK)
    assert _year_group(snapshot) is YearGroup.Y3
    groups = [r for r in snapshot.records if isinstance(r, GroupRecord)]
    assert groups[0].year_group is YearGroup.Y3


def test_a_class_of_two_years_has_none(tmp_path: Path) -> None:
    snapshot = _graded("3,4", tmp_path, Grades.UK)
    assert all(r.year_group is None for r in snapshot.records if isinstance(r, GroupRecord))


def test_american_grades_are_found_out(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="KG is a US grade"):
        _graded("KG", tmp_path, Grades.UK)


@pytest.mark.parametrize("word", [
    "3", "03", "Year 3", "Yr 3", "Y03", "Year group 3", "NC year 11", "13", "14", "0", "-1", "3.0",
    "N1", "N2", "Nursery", "Nursery first year", "N", "FS1", "F1", "Foundation 2", "R", "Rec",
    "Year R", "YR", "Reception class", "FS2", "Pre-school", "X",
])  # fmt: skip
def test_a_connector_knows_a_year_group_by_the_same_words_as_an_import(word: str) -> None:
    """A school that changes from the one to the other must not lose year groups for it."""
    assert year_group_of(word) == by_import(word)
