"""`status`: what runs, and whether it is ready."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.stack import Health, health
from deploy.local.state import State
from deploy.local.wiring import METRICS

__all__ = ["status"]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show the address, every process, and whether it is ready."""
    state = State.from_environment()
    found = health(state)
    if as_json:
        print(json.dumps(_as_json(state, found)))
        return
    if not found:
        print("Nothing is up here.")
        return
    table = Table("process", "ready", "pid", "", box=None, pad_edge=False)
    for each in found:
        ready = "[green]yes[/green]" if each.ready else "[red]no[/red]"
        table.add_row(each.name, ready, str(each.pid or "–"), each.complaint or "")
    out = Console(highlight=False)
    out.print(state.read("stack").get("url"))
    out.print(table)


def _as_json(state: State, found: list[Health]) -> dict[str, Any]:
    stack = state.read("stack")
    ports = stack.get("ports", {})
    answer: dict[str, Any] = {
        "url": stack.get("url"),
        "ready": bool(found) and all(each.well for each in found),
        "services": [{"name": e.name, "ready": e.ready, "pid": e.pid} for e in found],
        "metrics": {
            name: f"http://127.0.0.1:{ports[port]}/metrics"
            for name, port in METRICS.items()
            if port in ports
        },
    }
    demo = state.read("demo")
    if "accounts" in demo:
        answer["demo"] = {"school": demo["school"]["name"], "accounts": demo["accounts"]}
    return answer
