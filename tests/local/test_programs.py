"""What is written of a program can be read again, whichever version wrote it."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.local.programs import Program


def test_a_program_is_read_as_it_was_written(tmp_path: Path) -> None:
    program = Program(
        "roster", ("python", "-m", "services.roster"), {"A": "1"}, (5, 6), clearing=(("rm", "x"),)
    )
    (tmp_path / "roster.json").write_text(program.to_json())
    assert Program.read(tmp_path / "roster.json") == program


def test_a_program_of_another_version_is_read_all_the_same(tmp_path: Path) -> None:
    written = {"name": "roster", "argv": ["python"], "user": None, "before": [["old", "words"]]}
    (tmp_path / "roster.json").write_text(json.dumps(written))
    assert Program.read(tmp_path / "roster.json") == Program("roster", ("python",))
