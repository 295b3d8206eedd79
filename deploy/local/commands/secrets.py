"""`secrets`: which there are, how old they are, and another one in the place of each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from deploy.local import rotation
from deploy.local.errors import OperatorError
from deploy.local.progress import step
from deploy.local.state import State
from deploy.local.system import System

__all__ = ["commands_for"]


class Name(StrEnum):
    """What can be changed while everything runs."""

    DATABASE = "database"
    BROKER = "broker"
    PRINCIPALS = "principals"
    PEPPER = "pepper"
    TWO_STEP = "two-step"
    POSTGRESQL_ADMIN = "postgresql-admin"
    RABBITMQ_ADMIN = "rabbitmq-admin"
    WATCHER = "watcher"
    FILES = "files"
    MAIL = "mail"


def commands_for(system: Callable[[], System]) -> typer.Typer:
    """The commands for one kind of system."""
    app = typer.Typer(no_args_is_help=True, help="The secrets of this system, changed as it runs.")

    @app.command("list")
    def list_secrets() -> None:
        """Each with its age in days."""
        state = State.from_environment()
        for name in Name:
            made = rotation.made_at(state, name)
            age = f"{(datetime.now(UTC) - made).days} days" if made else "not kept here"
            told = (rotation.ROTATED.get(name) or rotation.PUT[name]).__doc__ or ""
            print(f"{name:<18}{age:<15}{told.splitlines()[0]}")

    @app.command()
    def rotate(
        name: Annotated[Name, typer.Argument(help="Which.")],
        seconds: Annotated[
            float,
            typer.Option(help="Of principals: how long what the old key signed is still taken."),
        ] = rotation.ENOUGH_SECONDS,
    ) -> None:
        """Put a new one in its place. Nobody is turned away, and the old one is of no use then."""
        if name not in rotation.ROTATED:
            raise OperatorError(f"{name} is made elsewhere. When it is: secrets put {name}")
        with State.from_environment().lock(), step(f"Changing {name}"):
            if name is Name.PRINCIPALS:
                rotation.principals(system(), seconds=seconds)
            else:
                rotation.ROTATED[name](system())
        if name in (Name.PEPPER, Name.TWO_STEP):
            print(f"If two are there now, the old one goes by: secrets finish {name}")

    @app.command()
    def put(
        name: Annotated[Name, typer.Argument(help="files or mail.")],
    ) -> None:
        """Take one in that somebody else has made, beside the old: as a line, `name:secret`."""
        if name not in rotation.PUT:
            raise OperatorError(f"{name} is made here: secrets rotate {name}")
        asked = sys.stdin.isatty()
        login = typer.prompt("name:secret", hide_input=True) if asked else sys.stdin.readline()
        with State.from_environment().lock(), step(f"Taking {name} in"):
            rotation.PUT[name](system(), login)
        print(f"Once that is used and the old one is no more, it goes by: secrets finish {name}")

    @app.command()
    def finish(
        name: Annotated[Name, typer.Argument(help="pepper, two-step, files or mail.")],
        unchecked: Annotated[
            bool, typer.Option(help="Whatever still needs the old one is left behind.")
        ] = False,
    ) -> None:
        """Take the old one away, if nobody needs it any more; else says who does."""
        if name not in rotation.FINISHED:
            raise OperatorError(f"{name} has no second step.")
        with State.from_environment().lock(), step(f"Taking the old {name} away"):
            rotation.FINISHED[name](system(), unchecked=unchecked)

    return app
