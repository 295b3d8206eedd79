"""`demo`: a school to look at."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from deploy.local.commands.up import Detach, Port
from deploy.local.demo import make_demo
from deploy.local.foreground import brought_down_if_interrupted, stay
from deploy.local.progress import console
from deploy.local.stack import start_stack
from deploy.local.state import State

__all__ = ["demo"]


def demo(detach: Detach = False, port: Port = None) -> None:
    """Start everything with a made-up school in it, linked to a made-up MIS."""
    state = State.from_environment()
    with brought_down_if_interrupted(state, detach=detach):
        url = start_stack(state, port=port)
        made = make_demo(state, url)
    _tell(url, made)
    if not detach:
        stay(state)


def _tell(url: str, made: dict[str, Any]) -> None:
    sign_ins = Table("role", "username", "password", box=None, pad_edge=False)
    for account in made["accounts"]:
        password = account["password"] or "one of their own"
        sign_ins.add_row(account["role"], account["username"], password)
    console.print()
    console.print(f"[bold]{made['school']}[/bold] is at [bold]{url}[/bold]")
    console.print(sign_ins)
    console.print(
        "\nWhat there is to do: sign in as the admin. The home page has an alert, since the "
        "classes of the MIS are not mapped yet. Its OK leads to Data Management › MIS Mapping: "
        "create or map the classes there, and their pupils and teachers follow. Then sign in as "
        "one of those teachers, with the same default password, and see their class.\n"
        "./classroom mail shows what was sent, ./classroom down stops everything."
    )
