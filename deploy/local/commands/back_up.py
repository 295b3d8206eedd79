"""`back-up` and `restore`: a copy of all that must not be lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.backup import back_up as make
from deploy.local.backup import restore as make_again
from deploy.local.backup import secrets_beside
from deploy.local.state import State

__all__ = ["back_up", "restore"]


def back_up(
    to: Annotated[Path, typer.Argument(help="The file to write, outside this machine if you can.")],
) -> None:
    """Copy databases and files into one file, and the secrets into another, while all runs."""
    make(State.from_environment(), to)
    print(f"{to} has children's names in it, {secrets_beside(to)} the secrets.")
    print("Encrypt both, and keep each where the other is not.")


def restore(
    copy: Annotated[Path, typer.Argument(help="What `back-up` wrote.", exists=True)],
    secrets: Annotated[
        Path | None, typer.Option(help="The secrets that belong to it, if not beside it.")
    ] = None,
) -> None:
    """Make a new stack of a copy, where there is none."""
    make_again(State.from_environment(), copy, secrets or secrets_beside(copy))
    print("Now ./classroom up --detach, and then, for each of identity, roster, mis_sync, reports:")
    print("    ./classroom republish SERVICE")
