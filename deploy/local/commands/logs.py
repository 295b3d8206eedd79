"""`logs`: what the processes have to say."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Annotated, TextIO

import typer

from deploy.local.errors import OperatorError
from deploy.local.state import State

__all__ = ["logs"]


def logs(
    service: Annotated[str | None, typer.Argument(help="One process; all without it.")] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of each.", min=0)] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Print the last lines of the logs."""
    files = _files(State.from_environment().logs, service)
    width = max((len(file.stem) for file in files), default=0)
    opened = {file.stem: file.open(errors="replace") for file in files}
    for name, stream in opened.items():
        for line in deque(stream, maxlen=lines):
            _print(name, line, width, several=len(files) > 1)
    while follow:
        for name, stream in opened.items():
            for line in _new_lines(stream):
                _print(name, line, width, several=len(files) > 1)
        time.sleep(0.3)


def _files(folder: Path, service: str | None) -> list[Path]:
    files = sorted(folder.glob("*.log"))
    if service is None:
        return files
    chosen = [file for file in files if file.stem == service]
    if not chosen:
        known = ", ".join(file.stem for file in files) or "none yet"
        raise OperatorError(f"There is no log of {service}. There are: {known}.")
    return chosen


def _new_lines(stream: TextIO) -> list[str]:
    """What was written since; from the start again when the log was rotated away."""
    if Path(stream.name).exists() and Path(stream.name).stat().st_size < stream.tell():
        stream.seek(0)
    return stream.readlines()


def _print(name: str, line: str, width: int, *, several: bool) -> None:
    print(f"{name:<{width}} | {line}" if several else line, end="")
