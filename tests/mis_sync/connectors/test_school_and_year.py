"""Which school of an export is read, and which school year it is in, is never guessed (R22)."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.oneroster_csv import Options, read_oneroster_csv
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder


class TestSchools:
    TWO = "sourcedId,name,type,identifier\norg,Heron Park,school,1\norg2,Otter Lane,school,2\n"

    def test_several_schools_are_refused_with_their_list(self, tmp_path: Path) -> None:
        folder = write_folder({**small_export(), "orgs.csv": self.TWO}, tmp_path)
        with pytest.raises(ExportRefused) as caught:
            read_oneroster_csv(folder, NOW)
        refusal = caught.value
        assert "--org" in str(refusal)
        assert "org (Heron Park); org2 (Otter Lane)" in str(refusal)

    def test_a_school_that_is_not_there_is_refused_with_the_list(self, tmp_path: Path) -> None:
        folder = write_folder({**small_export(), "orgs.csv": self.TWO}, tmp_path)
        with pytest.raises(ExportRefused, match=r"No school is called Mill.*org2 \(Otter Lane\)"):
            read_oneroster_csv(folder, NOW, Options(org="Mill"))

    @pytest.mark.parametrize("wanted", ["org", "1", "heron park"])
    def test_one_is_chosen_by_id_identifier_or_name(self, wanted: str, tmp_path: Path) -> None:
        files = {**small_export(), "orgs.csv": self.TWO}
        files["users.csv"] += "p3,true,u4,,Ada,Moss,\n"
        files["roles.csv"] += "r4,p3,primary,student,,,org2\n"
        files["classes.csv"] += "c3,Otters,,course,homeroom,org2,year\n"
        files["enrollments.csv"] += "e5,c3,org2,p3,student,,,\n"
        snapshot = read_oneroster_csv(write_folder(files, tmp_path), NOW, Options(org=wanted))
        assert list(snapshot.counts().values()) == [2, 1, 2, 3, 1, 0, 0]


class TestSchoolYears:
    def _read(self, tmp_path: Path, sessions: str, terms: str = "year") -> str | None:
        files = small_export()
        files["academicSessions.csv"] = (
            "sourcedId,title,type,startDate,endDate,schoolYear\n" + sessions
        )
        files["classes.csv"] = files["classes.csv"].replace(",year\n", f',"{terms}"\n')
        return read_oneroster_csv(write_folder(files, tmp_path), NOW).academic_year

    def test_of_several_it_is_the_one_of_the_classes(self, tmp_path: Path) -> None:
        years = (
            "year,,schoolYear,2025-09-01,2026-08-31,2026\n"
            "next,,schoolYear,2026-09-01,2027-08-31,2027\n"
        )
        assert self._read(tmp_path, years) == "2025/26"

    def test_else_it_is_the_one_that_is_now(self, tmp_path: Path) -> None:
        years = (
            "year,,schoolYear,2025-09-01,2026-08-31,2026\n"
            "next,,schoolYear,2026-09-01,2027-08-31,2027\n"
        )
        assert self._read(tmp_path, years, "year,next") == "2026/27"

    def test_none_that_is_now_is_refused(self, tmp_path: Path) -> None:
        years = (
            "year,,schoolYear,2023-09-01,2024-08-31,2024\n"
            "next,,schoolYear,2024-09-01,2025-08-31,2025\n"
        )
        with pytest.raises(ExportRefused, match="none of them is now"):
            self._read(tmp_path, years, "year,next")
