"""How an import stands in its table."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from services.roster.imports.pupil_import import How, Planned, PupilImport
from shared.tabular.table import Heading

__all__ = ["COLUMNS", "STATE", "import_of", "state_of"]

STATE = (
    "state, version, headings, columns, how, row_count, counts, active_roll, new_classes, "
    "missing_classes, refused_because, fingerprint, planned, confirmed_at, undone_at, undone"
)
COLUMNS = f"import_id, school_id, file_name, made_at, {STATE}"


def state_of(one: PupilImport) -> tuple[Any, ...]:
    """The values of `STATE`."""
    return (
        one.state,
        one.version,
        json.dumps([[heading.column, heading.text] for heading in one.headings]),
        json.dumps(one.columns),
        json.dumps(asdict(one.how)),
        one.row_count,
        json.dumps(one.counts),
        one.active_roll,
        list(one.new_classes),
        list(one.missing_classes),
        one.refused_because,
        one.fingerprint,
        json.dumps(asdict(one.planned)) if one.planned else None,
        one.confirmed_at,
        one.undone_at,
        json.dumps(one.undone),
    )


def import_of(row: Any) -> PupilImport:
    """From the `COLUMNS`."""
    values = dict(row)
    values["headings"] = tuple(Heading(*heading) for heading in json.loads(row["headings"]))
    values["columns"] = {int(c): field for c, field in json.loads(row["columns"]).items()}
    values["how"] = How(**json.loads(row["how"]))
    values["planned"] = Planned(**json.loads(row["planned"])) if row["planned"] else None
    values["counts"] = json.loads(row["counts"])
    values["undone"] = json.loads(row["undone"])
    for names in ("new_classes", "missing_classes"):
        values[names] = tuple(row[names])
    return PupilImport(**values)
