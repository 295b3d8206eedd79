"""Migrations only add: what runs goes on working with them, and waits for none of them for long.

Read by squawk. What it would not let pass, and is there all the same, stands here with its reason;
a new migration is to be made otherwise (https://squawkhq.com/docs/rules), or to join the list.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SQUAWK = shutil.which("squawk", path=str(Path(sys.executable).parent))

NOT_ASKED = (
    "prefer-bigint-over-int",  # our integers count what a school has
    "prefer-bigint-over-smallint",
    "require-lock-timeout",  # migrate.py sets both for all of them
    "require-statement-timeout",
)

NOT_READ = re.compile(r"(?<!SET) STORAGE EXTERNAL\b")
"""It does not know these words, and would then read nothing else of the file."""

BEFORE_THE_FIRST_RELEASE = {
    "identity/0002_links": {"ban-drop-function"},
    "identity/0030_activity": {"require-concurrent-index-creation"},
    "identity/0040_school_settings": {"ban-drop-constraint", "constraint-missing-not-valid"},
    "identity/0041_starting_codes": {"constraint-missing-not-valid"},
    "identity/0042_parents": {"constraint-missing-not-valid", "require-concurrent-index-creation"},
    "identity/0044_admin_email": {"constraint-missing-not-valid"},
    "identity/0045_activity_names": {
        "adding-not-nullable-field",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
    },
    "identity/0049_old_mails": {"require-concurrent-index-creation"},
    "identity/0050_nothing_for_ever": {"require-concurrent-index-creation"},
    "identity/0051_mis_contacts": {"constraint-missing-not-valid"},
    "identity/0054_measures": {"require-concurrent-index-creation"},
    "identity/0056_open_links": {"require-concurrent-index-creation"},
    "mis_sync/0002_overnight": {"ban-drop-constraint", "constraint-missing-not-valid"},
    "mis_sync/0003_people": {"ban-drop-constraint", "constraint-missing-not-valid"},
    "mis_sync/0004_signatures": {
        "ban-drop-constraint",
        "ban-drop-function",
        "constraint-missing-not-valid",
    },
    "mis_sync/0007_progress": {"require-concurrent-index-creation"},
    "reports/0008_attainment": {"require-concurrent-index-creation"},
    "roster/0002_roll_up": {"require-concurrent-index-creation"},
    "roster/0004_groups": {
        "adding-foreign-key-constraint",
        "constraint-missing-not-valid",
        "require-concurrent-index-creation",
    },
    # A list of words gets longer: each table has few rows, and is looked through in no time.
    "reports/0009_texts_due": {"ban-drop-constraint", "constraint-missing-not-valid"},
    "mis_sync/0012_guards": {"ban-drop-constraint", "constraint-missing-not-valid"},
    "roster/0006_rolling_in_sql": {"ban-drop-table"},
    "roster/0007_importing_in_sql": {"ban-drop-table", "renaming-table"},
    "roster/0009_previews_in_sql": {
        "ban-drop-constraint",
        "changing-column-type",
        "constraint-missing-not-valid",
    },
}
"""Made while no system had a school in it, so that nobody waited and nothing ran that used them."""


def migrations() -> list[Path]:
    return sorted(ROOT.glob("services/*/migrations/versions/*.sql"))


def found_in(sql: str) -> set[str]:
    """The rules that it breaks."""
    assert SQUAWK, "squawk-cli is not installed"
    done = subprocess.run(
        [SQUAWK, "--reporter", "json", "--pg-version", "17", "--assume-in-transaction"]
        + [f"--exclude={rule}" for rule in NOT_ASKED],
        input=NOT_READ.sub("", sql),
        capture_output=True,
        text=True,
        check=False,
    )
    return {found["rule_name"] for found in json.loads(done.stdout)}


def test_every_migration_only_adds() -> None:
    broken = {
        f"{path.parts[-4]}/{path.stem}": found_in(path.read_text(encoding="utf-8"))
        for path in migrations()
    }
    assert {name: rules for name, rules in broken.items() if rules} == BEFORE_THE_FIRST_RELEASE


def test_what_all_services_have_of_messaging_only_adds() -> None:
    for path in sorted((ROOT / "shared/messaging/sql").glob("*.sql")):
        assert found_in(path.read_text(encoding="utf-8").replace("{service}", "roster")) == set()


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("ALTER TABLE pupils DROP COLUMN upn;", "ban-drop-column"),
        ("ALTER TABLE pupils RENAME COLUMN upn TO number;", "renaming-column"),
        ("ALTER TABLE pupils ALTER COLUMN upn TYPE char(13);", "changing-column-type"),
        ("DROP TABLE pupils;", "ban-drop-table"),
        ("ALTER TABLE pupils ALTER COLUMN upn SET NOT NULL;", "adding-not-nullable-field"),
        ("CREATE INDEX pupils_by_upn ON pupils (upn);", "require-concurrent-index-creation"),
    ],
)
def test_what_would_stop_the_version_that_runs_is_found(sql: str, rule: str) -> None:
    assert rule in found_in(sql)
