"""How an import stands in its table."""

from __future__ import annotations

from typing import Any

import orjson

from services.roster.imports.pupil_import import How, Planned, PupilImport, StagedRow
from shared.tabular.table import Heading

__all__ = ["COLUMNS", "STATE", "import_of", "state_of"]

STATE = (
    "state, version, headings, columns, how, row_count, samples, counts, active_roll, new_classes, "
    "missing_classes, refused_because, fingerprint, planned, confirmed_at, undone_at, undone"
)
COLUMNS = f"import_id, school_id, file_name, made_at, {STATE}"


def state_of(one: PupilImport) -> tuple[Any, ...]:
    """The values of `STATE`."""
    return (
        one.state,
        one.version,
        _json([[heading.column, heading.text] for heading in one.headings]),
        _json(one.columns),
        _json(vars(one.how)),
        one.row_count,
        orjson.dumps([[row.number, row.cells, row.surplus] for row in one.samples]).decode(),
        _json(one.counts),
        one.active_roll,
        list(one.new_classes),
        list(one.missing_classes),
        one.refused_because,
        one.fingerprint,
        _json(vars(one.planned)) if one.planned else None,
        one.confirmed_at,
        one.undone_at,
        _json(one.undone),
    )


def import_of(row: Any) -> PupilImport:
    """From the `COLUMNS`."""
    values = dict(row)
    values["headings"] = tuple(Heading(*heading) for heading in orjson.loads(row["headings"]))
    values["columns"] = {int(c): field for c, field in orjson.loads(row["columns"]).items()}
    values["how"] = How(**orjson.loads(row["how"]))
    values["samples"] = tuple(StagedRow(*sample) for sample in orjson.loads(row["samples"]))
    values["planned"] = Planned(**orjson.loads(row["planned"])) if row["planned"] else None
    values["counts"] = orjson.loads(row["counts"])
    values["undone"] = orjson.loads(row["undone"])
    for names in ("new_classes", "missing_classes"):
        values[names] = tuple(row[names])
    return PupilImport(**values)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
