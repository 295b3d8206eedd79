"""What the operator sees while something takes its time: a spinner, or lines where no one watches.

Everything goes to standard error, so that `--json` on standard output stays clean.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

__all__ = ["Say", "console", "step"]

console = Console(stderr=True, highlight=False, soft_wrap=True)

Say = Callable[[str], None]
"""Replaces the words beside the step, such as `12 of 30`."""


@contextmanager
def step(title: str) -> Iterator[Say]:
    """Show that `title` is going on, for how long, and how it ended."""
    started = time.monotonic()
    with _moving(title) if console.is_terminal else _printed(title) as say:
        try:
            yield say
        except BaseException:
            console.print(f"  [red]✗[/red] {title}")
            raise
    seconds = time.monotonic() - started
    console.print(f"  [green]✓[/green] {title} [dim]({seconds:.1f} s)[/dim]")


@contextmanager
def _moving(title: str) -> Iterator[Say]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title)
        yield lambda words: progress.update(task, description=f"{title}: {words}")


@contextmanager
def _printed(title: str) -> Iterator[Say]:
    console.print(f"  … {title}")
    last = [""]

    def say(words: str) -> None:
        if words != last[0]:
            console.print(f"    {title}: {words}")
            last[0] = words

    yield say
