"""`python -m deploy.compose`: the steps of `docker-compose.yml`, and what an operator does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.compose.addresses import CONNECTORS_BROKER, http
from deploy.compose.handing_out import hand_out
from deploy.compose.running_system import running_system
from deploy.compose.set_up import set_up
from deploy.local.broker_setup import topology
from deploy.local.commands import connector, dead_letters, incident, school
from deploy.local.commands.secrets import commands_for
from deploy.local.demo import Doors, make_demo
from deploy.local.errors import OperatorError
from deploy.local.progress import console
from deploy.local.school_files import bring
from deploy.local.state import State, url_of
from deploy.local.welcome import welcome

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What is done to the system that docker-compose.yml runs.",
)
app.add_typer(school.commands, name="school")
app.add_typer(commands_for(running_system), name="secrets")
app.add_typer(incident.commands, name="incident")
app.add_typer(dead_letters.commands, name="dead-letters")
app.add_typer(connector.commands, name="connector")


@app.command("hand-out")
def hand_secrets_out(
    folder: Annotated[Path, typer.Argument(help="It has a folder for each process.")],
) -> None:
    """Make the secrets that are missing, and hand each process its own."""
    hand_out(State.from_environment(), folder)


@app.command("set-up")
def set_servers_up(
    url: Annotated[str, typer.Option(help="The address that people see.")],
) -> None:
    """Make databases, roles, vhosts, queues, rights and the bucket; again and again alike."""
    set_up(State.from_environment(), url)


@app.command("bring-files")
def bring_files(
    folder: Annotated[Path, typer.Argument(help="It has a folder `schools` in it.")],
) -> None:
    """Copy the files of schools from a folder or an older volume to where they are kept now."""
    copied, there = bring(State.from_environment(), folder)
    print(f"{copied} files copied, {there} were there already.")  # noqa: T201


@app.command()
def definitions() -> None:
    """Print the broker's vhosts, exchanges, queues, bindings and policies, for RabbitMQ to load."""
    print(json.dumps(topology(), indent=2))  # noqa: T201


@app.command()
def demo(
    mail: Annotated[str, typer.Option(help="Where people find the mail.")],
) -> None:
    """A made-up school, linked to a made-up MIS and synchronised once. Tells how to sign in."""
    state = State.from_environment()
    url = url_of(state)
    made = make_demo(state, Doors(url, http("gateway"), CONNECTORS_BROKER))
    welcome(url, made, f"{mail} shows what was sent, docker compose stop stops everything.")


def main() -> None:
    """Run the command line; a fault that the operator can act on is one sentence, exit code 1."""
    try:
        app(prog_name="operator")
    except OperatorError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
