"""`bench`: measures the product beside a peer and a limit, with servers of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import typer

from deploy.local.commands.servers import start_servers
from deploy.local.commands.test import NAMED_BY
from deploy.local.progress import step
from deploy.local.state import CHECKOUT, State
from deploy.local.supervision import Supervisor

__all__ = ["bench"]


def bench(context: typer.Context) -> None:
    """List the benchmarks, or measure NAME; --help tells more.

    The servers are a stack of their own, which is stopped again if it was not there before.
    """
    asked = [argument for argument in context.args if not argument.startswith("-")]
    if not asked or "--help" in context.args or NAMED_BY in os.environ:
        raise typer.Exit(_measure(context.args, {}))
    state = State(State.from_environment().home / "bench")
    was_up = Supervisor(state).is_up()
    try:
        returned = _measure(context.args, start_servers(state))
    finally:
        if not was_up and Supervisor(state).is_up():
            with step("Stopping the servers"):
                Supervisor(state).shut_down()
    raise typer.Exit(returned)


def _measure(arguments: list[str], servers: dict[str, str]) -> int:
    """The exit code. In a process of its own, since nothing that runs imports a benchmark."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=os.environ | servers, check=False).returncode
