"""Grafana's dashboards, as it reads them, from the few words for each panel in `dashboards/`.

There `lines` are time series and a `figure` is one number, red from `warn` on; each has its
queries, and a sentence `about` it where its title does not say all. `python -m
deploy.documentation` writes them to `grafana/dashboards/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

__all__ = ["WRITTEN", "dashboards", "queries"]

_HERE = Path(__file__).resolve().parent
WRITTEN = _HERE / "grafana" / "dashboards"

_WIDTH = 24
_HEIGHT = 7
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_SCHEMA = 39
"""Grafana 10 and newer."""


def dashboards() -> dict[Path, str]:
    """Each dashboard's JSON, by where it is kept."""
    found = {source.stem: yaml.safe_load(source.read_text("utf-8")) for source in _sources()}
    return {
        WRITTEN / f"{name}.json": json.dumps(_dashboard(said), indent=2, ensure_ascii=False) + "\n"
        for name, said in found.items()
    }


def queries() -> dict[str, str]:
    """Every query, under the names of its dashboard, its panel and its place in it."""
    found = {}
    for source in _sources():
        for row in yaml.safe_load(source.read_text("utf-8"))["rows"]:
            for panel in row["panels"]:
                for number, query in enumerate(panel["queries"]):
                    found[f"{source.stem}: {_title(panel)} ({number})"] = query["expr"]
    return found


def _sources() -> Sequence[Path]:
    return sorted((_HERE / "dashboards").glob("*.yml"))


def _title(panel: Mapping[str, Any]) -> str:
    return str(panel.get("lines") or panel["figure"])


def _dashboard(said: Mapping[str, Any]) -> dict[str, Any]:
    source = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    others = {"type": "dashboards", "tags": ["classroom"], "title": "Others", "asDropdown": True}
    return {
        "uid": said["uid"],
        "title": said["title"],
        "tags": ["classroom"],
        "timezone": "Europe/London",
        "schemaVersion": _SCHEMA,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [source]},
        "links": [others],
        "panels": _placed(said["rows"]),
    }


def _placed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Row under row, each panel of a row as wide as the others."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in rows:
        place = {"x": 0, "y": top, "w": _WIDTH, "h": 1}
        panels.append({"type": "row", "title": row["row"], "gridPos": place, "panels": []})
        top += 1
        width = _WIDTH // len(row["panels"])
        for number, panel in enumerate(row["panels"]):
            place = {"x": number * width, "y": top, "w": width, "h": _HEIGHT}
            panels.append(_panel(panel, place))
        top += _HEIGHT
    return [{"id": number, **panel} for number, panel in enumerate(panels, start=1)]


def _panel(panel: Mapping[str, Any], place: Mapping[str, int]) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.get("unit", "short"), "min": 0}
    if "warn" in panel:
        steps = [{"color": "green", "value": None}, {"color": "red", "value": panel["warn"]}]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    if panel.get("stacked"):
        defaults["custom"] = {"stacking": {"mode": "normal"}, "fillOpacity": 30}
    made: dict[str, Any] = {
        "type": "stat" if "figure" in panel else "timeseries",
        "title": _title(panel),
        "description": panel.get("about", ""),
        "gridPos": place,
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _SOURCE,
                "expr": query["expr"],
                "legendFormat": query.get("legend", "__auto"),
            }
            for number, query in enumerate(panel["queries"])
        ],
    }
    if "figure" in panel:
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value"}
    return made
