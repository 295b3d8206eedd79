"""`./classroom`: the one command of an operator and of whoever works on the project."""

from __future__ import annotations

import sys

import typer

from deploy.local.commands import servers
from deploy.local.errors import OperatorError
from deploy.local.progress import console

__all__ = ["app", "main"]

app = typer.Typer(
    name="classroom",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sets up and runs the pupil tracker's administration on this machine.",
)
app.add_typer(servers.commands, name="servers")


def main() -> None:
    """Run the command line; a fault that the operator can act on is one sentence, exit code 1."""
    try:
        app()
    except OperatorError as error:
        console.print(f"[red]{error}[/red]", markup=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
