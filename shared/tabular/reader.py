"""The process that reads one file and is done: `python -m shared.tabular.reader PATH LIMITS`.

It answers in lines of JSON: the headings, rows in batches, and at the end `{"end": true}` or what
is wrong with the file.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.tabular.apart import MEMORY_BYTES, SECONDS
from shared.tabular.opening import open_table
from shared.tabular.table import Limits, Row, TableProblem

__all__ = ["main"]

_ROWS_AT_ONCE = 200
_CHARACTERS_AT_ONCE = 1_000_000


def main() -> None:
    path, limits = Path(sys.argv[1]), Limits(**json.loads(sys.argv[2]))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for message in _messages(path, limits):
        sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _messages(path: Path, limits: Limits) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            table = open_table(file, limits)
            yield {"headings": [[heading.column, heading.text] for heading in table.headings]}
            for rows in _batches(table.rows):
                yield {"rows": [[row.number, row.cells, row.surplus] for row in rows]}
    except TableProblem as problem:
        yield {"problem": {"slug": problem.slug, "detail": problem.detail}}
    else:
        yield {"end": True}


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row.cells))
        if len(batch) >= _ROWS_AT_ONCE or characters >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


if __name__ == "__main__":
    main()
