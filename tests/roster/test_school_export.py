"""What an operator hands over when a school leaves: the same care as with its own exports."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from deploy.local.school_export import export_school
from deploy.local.state import State
from tests.roster.door import SchoolInTest


async def test_no_cell_is_a_formula(school: SchoolInTest, tmp_path: Path) -> None:
    """A name that a spreadsheet would run came in by a form, and must not run at the school's."""
    name = '=HYPERLINK("https://elsewhere.example";"Amy")'
    await school.by_hand("POST", "/pupils", {"legal_forename": name, "legal_surname": "Adams"})
    state = State(tmp_path)
    state.write("stack", {"service_dsns": {"roster": school.door.service_dsn}})
    exported = tmp_path / "school.zip"
    assert export_school(state, school.id, exported) > 0
    with zipfile.ZipFile(exported) as archive:
        text = archive.read("roster/pupils.csv").decode()
    (pupil,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (pupil["legal_forename"], pupil["legal_surname"]) == (f"'{name}", "Adams")
    assert pupil["version"] == "1"
