"""Grafana knows every word of the dashboards, as its own types have them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

DASHBOARDS = sorted(
    (Path(__file__).parents[2] / "deploy/observability/grafana/dashboards").glob("*.json")
)
pytestmark = pytest.mark.filterwarnings("ignore:Prefer using dashboardv2")
register_default_plugins()  # what each kind of panel and each source of figures may be told


def as_grafana_reads(dashboard: dict[str, Any]) -> dict[str, Any]:
    """What it has no word for is not there any more."""
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
    return dict(read)


def unread(told: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where `read` does not say what was `told`. It may say more, which are defaults."""
    if isinstance(told, dict) and isinstance(read, dict):
        for name, value in told.items():
            yield from unread(value, read.get(name), f"{place}.{name}")
    elif isinstance(told, list) and isinstance(read, list) and len(told) == len(read):
        for number, (one, other) in enumerate(zip(told, read, strict=True)):
            yield from unread(one, other, f"{place}[{number}]")
    elif told != read:
        yield place


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_grafana_knows_every_word(path: Path) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    assert list(unread(told, as_grafana_reads(told))) == []


def test_a_word_that_grafana_does_not_know_is_found() -> None:
    told = json.loads(DASHBOARDS[0].read_text(encoding="utf-8"))
    panel = next(each for each in told["panels"] if each["type"] == "timeseries")
    panel["optionz"] = {}
    panel["fieldConfig"]["defaults"]["unitt"] = "s"
    panel["targets"][0]["exprr"] = "up"
    found = {place.rpartition(".")[2] for place in unread(told, as_grafana_reads(told))}
    assert found == {"optionz", "unitt", "exprr"}
