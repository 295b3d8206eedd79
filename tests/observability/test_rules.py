"""The rules themselves: their syntax, what they say of made-up figures, and their pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.local.prometheus import RULES
from deploy.observability.panels import queries
from tests.observability.prometheus import names_in, program

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations"
ALERTS = yaml.safe_load((RULES / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
RECORDED = yaml.safe_load((RULES / "recording.yml").read_text("utf-8"))["groups"][0]["rules"]
DECLARED = re.compile(r"^\| `(classroom_\w+)` \| (\w+) ", re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "../prometheus.yml"),
        ("check", "rules", "alerts.yml", "recording.yml"),
        ("test", "rules", "../tests/alerts_test.yml", "../tests/summer_test.yml"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_promtool_finds_nothing_wrong(words: tuple[str, ...]) -> None:
    program("prometheus")
    done = subprocess.run(
        ["promtool", *words], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_its_section_which_says_what_to_do() -> None:
    page = (DOCS / "alerts.md").read_text("utf-8")
    sections = {part.partition("\n")[0]: part for part in page.split("\n## ")[1:]}
    named = {alert["alert"] for alert in ALERTS}
    assert named == {title for title in sections if title[0].isupper() and " " not in title}
    for alert in ALERTS:
        assert alert["annotations"]["runbook_url"] == (
            f"docs/operations/alerts.md#{alert['alert'].lower()}"
        )
        section = sections[alert["alert"]]
        for part in ("**For a school:**", "**Look:**", "**Do:**"):
            assert part in section, f"{alert['alert']} does not say {part}"


def test_what_is_asked_for_is_in_the_table_of_metrics() -> None:
    """Also of what a run of a stack may not have shown."""
    kinds = dict(DECLARED.findall((DOCS / "metrics.md").read_text("utf-8")))
    known = {rule["record"] for rule in RECORDED}
    for name, kind in kinds.items():
        parts = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        known |= {f"{name}{part}" for part in parts}
    asked = [*queries().values(), *(rule["expr"] for rule in (*ALERTS, *RECORDED))]
    ours = {name for query in asked for name in names_in(query) if name.startswith("classroom")}
    assert ours <= known


def test_gauges_of_the_database_are_never_summed_over_replicas() -> None:
    """They are the same from each, so a sum of them would be as many times too high."""
    page = (DOCS / "metrics.md").read_text("utf-8")
    shared = set(re.findall(r"^\| `(classroom_\w+)` .*Of the database: ", page, re.MULTILINE))
    assert len(shared) > 10
    for query in [*queries().values(), *(rule["expr"] for rule in (*ALERTS, *RECORDED))]:
        for name in shared & names_in(query):
            assert re.search(rf"max( by \([\w, ]+\))? ?\({name}\b", query), query
