"""Every command of the operators' pages has been run, by a test or by a hand that is named; and
every secret that there is, is in their table, with the test that changes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.compose.handing_out import hand_out
from deploy.local.rotation import PUT, ROTATED
from deploy.local.state import State
from gateway.settings import Settings as GatewaySettings
from services.identity.settings import Settings as IdentitySettings
from services.mis_sync.settings import ProvisionerSettings
from services.mis_sync.settings import Settings as MisSyncSettings
from services.reports.settings import Settings as ReportsSettings
from services.roster.settings import Settings as RosterSettings
from tests.operations.commands import SHOWN, Typed

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = CHECKOUT / "docs/operations"
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
OF_A_CLUSTER = "kubernetes.md"  # whose commands need one
NO_SECRET = {"rabbitmq.conf"}
SETTINGS = (
    GatewaySettings,
    IdentitySettings,
    MisSyncSettings,
    ProvisionerSettings,
    ReportsSettings,
    RosterSettings,
)


def commands() -> Iterator[tuple[str, str]]:
    """Each with the page that it stands on."""
    for page in sorted(PAGES.glob("*.md")):
        if page.name == OF_A_CLUSTER:
            continue
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in re.sub(r"\\\n\s*", "", block).splitlines():
                command = re.sub(r"(^|\s+)#.*$", "", line.strip())
                if command:
                    yield page.name, command


def test_every_command_has_been_run() -> None:
    found = list(commands())
    unknown = [each for each in found if not any(re.fullmatch(p, each[1]) for p in SHOWN)]
    assert unknown == [], "run it, then say so in tests/operations/commands.py"
    gone = [p for p in SHOWN if not any(re.fullmatch(p, command) for _, command in found)]
    assert gone == [], "no page says this any more"


@pytest.mark.parametrize("pattern", [p for p, shown in SHOWN.items() if isinstance(shown, Typed)])
def test_a_test_that_shows_a_command_types_it(pattern: str) -> None:
    shown = SHOWN[pattern]
    assert isinstance(shown, Typed)
    text = (CHECKOUT / "tests" / shown.test).read_text(encoding="utf-8")
    assert [word for word in shown.words if f'"{word}"' not in text] == []


def test_every_secret_is_in_the_table_with_the_test_that_changes_it(tmp_path: Path) -> None:
    section = (PAGES / "secrets.md").read_text(encoding="utf-8").partition("## Every secret")[2]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")][1:]
    told = {name for what, _, _ in rows for name in re.findall(r"`([^`]+)`", what)}

    handed = tmp_path / "handed-out"
    handed.mkdir()
    hand_out(State(tmp_path / "home"), handed)
    files = {path.name for path in handed.rglob("*") if path.is_file()}
    settings = {
        f"classroom_{name}"
        for each in SETTINGS
        for name, field in each.model_fields.items()
        if SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
    }
    assert (files | settings) - NO_SECRET - told == set()
    for what, by, shown in rows:
        for name in re.findall(r"`([^`]+)`", by):
            assert name in ROTATED | PUT, what
        for test in re.findall(r"`([^`]+)`", shown):
            assert (CHECKOUT / "tests" / test).is_file(), what
