"""`python -m benchmarks [NAME]`, for `./classroom bench`, which starts the servers it needs."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from benchmarks.catalogue import BENCHMARKS
from benchmarks.servers import Servers
from benchmarks.sizes import Size

__all__ = ["app"]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(help="Which; without one they are listed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    runs: Annotated[int, typer.Option(min=1, help="How often each side is measured.")] = 3,
    quick: Annotated[
        bool, typer.Option(help="Tiny sizes, to see it run: the figures mean nothing.")
    ] = False,
    full: Annotated[
        bool, typer.Option(help="The sizes that the targets name, where they are larger.")
    ] = False,
) -> None:
    """Measure the product, its peer and its limit, one after the other in one run."""
    if name is None:
        for known, benchmark in BENCHMARKS.items():
            print(f"{known:14}{benchmark.about}")
        return
    if name not in BENCHMARKS:
        raise typer.BadParameter(f"there are {', '.join(BENCHMARKS)}")
    size = Size.QUICK if quick else Size.FULL if full else Size.USUAL
    measure = BENCHMARKS[name].measure
    for line in asyncio.run(measure(Servers.from_environment(), runs, size)):
        print(line.as_json() if as_json else line.as_text(), flush=True)


if __name__ == "__main__":
    app()
