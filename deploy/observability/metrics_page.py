"""The table of all metrics in `docs/operations/metrics.md`, as they are declared in the code.

What is around it is written by hand; between the two marks everything is written anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["PAGE", "PRINT", "with_table"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations" / "metrics.md"
BEGIN, END = (
    "<!-- the table: written by deploy.documentation -->\n",
    "<!-- the end of the table -->\n",
)

PRINT = """
import dataclasses, json
import gateway.app, services.identity.app, services.mis_sync.app, services.reports.app
import services.roster.app
from shared.observability.metrics.registry import DECLARED
print(json.dumps([dataclasses.asdict(each) for each in DECLARED.values()]))
"""

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Requests, of the gateway and of each service's role `http`": ("http_",),
    "Messages, of the roles `consumer` and `printer`": ("message", "batch_", "inbox_"),
    "Outbox and dead letters, of the role `relay`": ("outbox_", "dead_letters"),
    "Connections to the database, of every process of a service": ("database_",),
    "Signing in, sessions and e-mail, of identity": ("sign_ins", "sessions_", "mails"),
    "The sync, of mis_sync": ("mis_",),
    "Reports that are made, of reports": ("report_",),
    "Every process": ("process_", "build_", "measures_"),
}


def with_table(declared: str) -> str:
    """The page with its table made anew of what `PRINT` prints."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}{_table(json.loads(declared))}{END}{rest.split(END)[1]}"


def _table(declared: Sequence[Mapping[str, Any]]) -> str:
    parts, left = [], {each["name"]: each for each in declared}
    for title, beginnings in _SECTIONS.items():
        begun = tuple(f"classroom_{beginning}" for beginning in beginnings)
        rows = [left.pop(name) for name in sorted(left) if name.startswith(begun)]
        parts.append(
            f"\n### {title}\n\n| metric | kind | labels | what it says |\n|---|---|---|---|\n"
        )
        parts.extend(_row(row) for row in rows)
    if left:
        raise ValueError(f"in no section of the page: {', '.join(left)}")
    return "".join(parts) + "\n"


def _row(said: Mapping[str, Any]) -> str:
    labels = ", ".join(f"`{label}`" for label in said["labels"]) or "–"
    return f"| `{said['name']}` | {said['kind']} | {labels} | {said['meaning']} |\n"
