"""`python -m services.mis_sync.connectors.demo_school OUTPUT`: write the made-up school's export.

With `--day N` it is the export of N nights later; `--expectations` tells what must come of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from services.mis_sync.connectors.demo_school.expectations import demo_expectations
from services.mis_sync.connectors.demo_school.export import write_export
from services.mis_sync.connectors.demo_school.school import demo_school

app = typer.Typer(add_completion=False)


def _starts(academic_year: str) -> int:
    found = re.fullmatch(r"(20\d\d)/(\d\d)", academic_year)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise typer.BadParameter("an academic year is written like 2026/27")
    return int(found[1])


@app.command()
def write(
    output: Annotated[Path, typer.Argument(help="The folder to write, or with --zip the file.")],
    seed: Annotated[int, typer.Option(help="Another seed gives other pupils.")] = 2026,
    zipped: Annotated[bool, typer.Option("--zip", help="Write one ZIP file.")] = False,
    academic_year: Annotated[str, typer.Option(help="Such as 2026/27.")] = "2026/27",
    day: Annotated[int, typer.Option(help="How many nights later.", min=0, max=40)] = 0,
    expectations: Annotated[
        Path | None, typer.Option(help="Also write, as JSON, what must come of the export.")
    ] = None,
) -> None:
    """Write a OneRoster 1.2 export of a made-up primary school."""
    starts = _starts(academic_year)
    write_export(demo_school(seed, starts, day), output, zipped=zipped)
    if expectations is not None:
        expectations.parent.mkdir(parents=True, exist_ok=True)
        content = demo_expectations(seed, starts, day).model_dump_json(indent=2)
        expectations.write_text(f"{content}\n", encoding="utf-8")


if __name__ == "__main__":
    app(prog_name="demo_school")
