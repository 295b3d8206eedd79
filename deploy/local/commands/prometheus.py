"""`prometheus`: look at the stack's metrics, and at its alerts, with a Prometheus of its own."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import Annotated

import typer

from deploy.local.errors import OperatorError
from deploy.local.ports import is_free
from deploy.local.progress import console
from deploy.local.prometheus import arguments, find_prometheus
from deploy.local.state import State

__all__ = ["prometheus"]


def prometheus(
    port: Annotated[int, typer.Option(help="Where its own page is.")] = 9090,
) -> None:
    """Run Prometheus over the stack that is up, with the product's alerts, until Ctrl-C."""
    state = State.from_environment()
    if not is_free(port):
        raise OperatorError(f"Port {port} is taken: choose another with --port.")
    program = find_prometheus()
    command = [str(program), *arguments(state, port=port)]
    console.print(f"Prometheus is at http://127.0.0.1:{port}/alerts. Press Ctrl-C to stop it.")
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.run(command, check=False).returncode)
