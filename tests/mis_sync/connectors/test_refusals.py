"""What cannot be trusted is refused as a whole, and the refusal names file, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.oneroster_csv import read_oneroster_csv
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder


@dataclass(frozen=True)
class Case:
    """In `file`, `old` becomes `new`; the refusal then is at this place and says `reason`."""

    name: str
    file: str
    old: str
    new: str
    at: tuple[str, int | None, str | None]
    reason: str
    version: str = "1.2"


CASES = [
    Case(
        "a required column is missing",
        "users.csv", "familyName", "surname",
        ("users.csv", 1, "familyName"), "missing",
    ),
    Case(
        "a 1.1 export has no roles",
        "users.csv", ",role,", ",job,",
        ("users.csv", 1, "role"), "missing",
        "1.1",
    ),
    Case(
        "a required cell is empty",
        "enrollments.csv", "e2,c1,org,p2", "e2,c1,org,",
        ("enrollments.csv", 3, "userSourcedId"), "empty",
    ),
    Case(
        "an id is there twice",
        "users.csv", "p2,true", "p1,true",
        ("users.csv", 3, "sourcedId"), "on line 2",
    ),
    Case(
        "a class is of a school that is not there",
        "classes.csv", "homeroom,org", "homeroom,gro",
        ("classes.csv", 2, "schoolSourcedId"), "gro is not in orgs.csv",
    ),
    Case(
        "a quotation mark is never closed",
        "users.csv", "u2,,Łukasz", 'u2,,"Łukasz',
        ("users.csv", 3, "givenName"), "quotation marks are broken",
    ),
    Case(
        "something follows a closed quotation mark",
        "users.csv", "Łukasz,Nowak", 'Łukasz,"No"wak',
        ("users.csv", 3, "familyName"), "quotation marks are broken",
    ),
    Case(
        "an enrolment's end is no date",
        "enrollments.csv", "e2,c1,org,p2,student,,,", "e2,c1,org,p2,student,,,soon",
        ("enrollments.csv", 3, "endDate"), "soon is not a date",
    ),
    Case(
        "a line has too few cells",
        "demographics.csv", "p2,2017-09-01,male", "p2,2017-09-01",
        ("demographics.csv", 3, "birthdate"), "3 columns",
    ),
    Case(
        "a line has too many cells",
        "demographics.csv", "p2,2017-09-01,male", "p2,2017-09-01,male,x",
        ("demographics.csv", 3, "sex"), "this line has 4",
    ),
    Case(
        "a column is there twice",
        "demographics.csv", "birthDate,sex", "sex,sex",
        ("demographics.csv", 1, "sex"), "twice",
    ),
    Case(
        "the columns are parted by semicolons",
        "demographics.csv", "sourcedId,birthDate,sex", "sourcedId;birthDate;sex",
        ("demographics.csv", 1, "sourcedId;birthDate;sex"), "commas",
    ),
    Case(
        "a status is unknown",
        "demographics.csv", "birthDate,sex", "birthDate,status",
        ("demographics.csv", 2, "status"), "female is not one of 'active'",
    ),
    Case(
        "a role is unknown",
        "roles.csv", "r2,p2,primary,student", "r2,p2,primary,pupil",
        ("roles.csv", 3, "role"), "pupil is not a role",
    ),
    Case(
        "a class type is unknown",
        "classes.csv", "homeroom", "form",
        ("classes.csv", 2, "classType"), "form is not one of",
    ),
    Case(
        "the school year is named by its start",
        "academicSessions.csv", ",2027\n", ",2026\n",
        ("academicSessions.csv", 2, "schoolYear"), "the year it ends",
    ),
    Case(
        "the school year is no year",
        "academicSessions.csv", ",2027\n", ",2026/27\n",
        ("academicSessions.csv", 2, "schoolYear"), "2026/27 is not a year",
    ),
    Case(
        "a session ends before it starts",
        "academicSessions.csv", "2027-08-31", "2025-08-31",
        ("academicSessions.csv", 2, "endDate"), "before it starts",
    ),
    Case(
        "the manifest's version is unknown",
        "manifest.csv", "manifest.version,1.0", "manifest.version,2.0",
        ("manifest.csv", 2, "value"), "only 1.0 is known",
    ),
    Case(
        "OneRoster's version is unknown",
        "manifest.csv", "oneroster.version,1.2", "oneroster.version,1.0",
        ("manifest.csv", 3, "value"), "only 1.1 and 1.2",
    ),
    Case(
        "a promised file is missing",
        "manifest.csv", "file.results,absent", "file.results,bulk",
        ("manifest.csv", 11, "propertyName"), "promises results.csv",
    ),
    Case(
        "a file is neither bulk nor delta nor absent",
        "manifest.csv", "file.users,bulk", "file.users,full",
        ("manifest.csv", 7, "value"), "file.users is full",
    ),
    Case(
        "the manifest is silent about a file that is there",
        "manifest.csv", "file.users,bulk\r\n", "",
        ("users.csv", None, None), "does not say",
    ),
    Case(
        "the manifest says a thing twice",
        "manifest.csv", "file.results,absent", "file.users,delta",
        ("manifest.csv", 11, "propertyName"), "twice",
    ),
    Case(
        "there is a NUL character",
        "users.csv", "Nowak", "No\x00wak",
        ("users.csv", 3, "familyName"), "NUL",
    ),
]  # fmt: skip


def _refusal(files: dict[str, str] | dict[str, bytes], folder: Path) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        read_oneroster_csv(write_folder(files, folder), NOW)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_with_its_place(case: Case, tmp_path: Path) -> None:
    files = small_export(case.version)
    assert case.old in files[case.file], "the case changes nothing"
    files[case.file] = files[case.file].replace(case.old, case.new)
    problem = _refusal(files, tmp_path).problems[0]
    assert (problem.file, problem.line, problem.column) == case.at
    assert case.reason in problem.reason


class TestEncoding:
    def test_windows_1252_is_refused_where_it_shows(self, tmp_path: Path) -> None:
        files = {name: text.encode() for name, text in small_export().items()}
        files["users.csv"] = small_export()["users.csv"].replace("Łukasz", "").encode("cp1252")
        problem = _refusal(files, tmp_path).problems[0]
        assert (problem.file, problem.line, problem.column) == ("users.csv", 2, "givenName")
        assert "0xEB is not UTF-8" in problem.reason
        assert "CSV UTF-8" in problem.reason

    def test_utf_16_is_refused_by_its_name(self, tmp_path: Path) -> None:
        files = {name: text.encode() for name, text in small_export().items()}
        files["users.csv"] = small_export()["users.csv"].encode("utf-16")
        problem = _refusal(files, tmp_path).problems[0]
        assert (problem.file, problem.line) == ("users.csv", 1)
        assert "UTF-16" in problem.reason

    def test_an_empty_file_is_refused(self, tmp_path: Path) -> None:
        problem = _refusal({**small_export(), "users.csv": ""}, tmp_path).problems[0]
        assert (problem.file, problem.line) == ("users.csv", 1)


class TestTheWhole:
    def test_all_problems_are_told_at_once(self, tmp_path: Path) -> None:
        files = small_export()
        files["enrollments.csv"] = files["enrollments.csv"].replace(
            "e2,c1,org,p2,student,,,", "e2,c1,org,p2,student,,soon,later"
        )
        files["classes.csv"] = files["classes.csv"].replace("homeroom", "form")
        places = {(p.file, p.line, p.column) for p in _refusal(files, tmp_path).problems}
        assert places == {
            ("enrollments.csv", 3, "beginDate"),
            ("enrollments.csv", 3, "endDate"),
            ("classes.csv", 2, "classType"),
        }

    def test_reading_stops_after_fifty_problems(self, tmp_path: Path) -> None:
        files = small_export()
        files["demographics.csv"] = "sourcedId,status\n" + "\n".join(
            f"x{number},soon" for number in range(5_000)
        )
        problems = _refusal(files, tmp_path).problems
        assert len(problems) == 51
        assert "There may be more" in problems[-1].reason

    def test_a_place_reads_as_a_sentence(self, tmp_path: Path) -> None:
        files = small_export()
        files["enrollments.csv"] = files["enrollments.csv"].replace(
            "e2,c1,org,p2,student,,,", "e2,c1,org,p2,student,,,31.8.2018"
        )
        assert str(_refusal(files, tmp_path)) == (
            "enrollments.csv, line 3, column endDate: "
            "31.8.2018 is not a date; dates are written YYYY-MM-DD."
        )

    def test_an_export_of_nobody_is_refused(self, tmp_path: Path) -> None:
        files = small_export()
        for name in ("users.csv", "roles.csv", "classes.csv", "enrollments.csv"):
            files[name] = files[name].splitlines()[0]
        files["demographics.csv"] = "sourcedId\n"
        assert "no pupil, no staff" in str(_refusal(files, tmp_path))
