"""`up`: everything that is needed, started."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.local.demo_connector import keep_demo_connector
from deploy.local.foreground import brought_down_if_interrupted, stay
from deploy.local.progress import console
from deploy.local.stack import start_stack
from deploy.local.state import State

__all__ = ["Detach", "Port", "up"]

Detach = Annotated[bool, typer.Option("--detach", help="Return when everything is ready.")]
Port = Annotated[
    int | None,
    typer.Option(help="Of the page; without it 8400 or the next free one.", min=1, max=65535),
]


def up(detach: Detach = False, port: Port = None) -> None:
    """Start everything; without --detach it runs until Ctrl-C."""
    state = State.from_environment()
    with brought_down_if_interrupted(state, detach=detach):
        url = start_stack(state, port=port)
        keep_demo_connector(state)
    console.print(f"[bold]{url}[/bold]")
    if not detach:
        stay(state)
