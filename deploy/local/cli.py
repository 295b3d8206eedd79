"""`./classroom`: the one command of an operator and of whoever works on the project."""

from __future__ import annotations

import sys

import typer

from deploy.local.commands import connector, dead_letters, incident, school, secrets, servers
from deploy.local.commands.back_up import back_up, restore
from deploy.local.commands.bench import bench
from deploy.local.commands.demo import demo
from deploy.local.commands.down import down
from deploy.local.commands.logs import logs
from deploy.local.commands.mail import mail
from deploy.local.commands.prometheus import prometheus
from deploy.local.commands.republish import republish
from deploy.local.commands.status import status
from deploy.local.commands.test import AS_GIVEN, test
from deploy.local.commands.up import up
from deploy.local.errors import OperatorError
from deploy.local.progress import console
from deploy.local.running_system import running_system

__all__ = ["app", "main"]

app = typer.Typer(
    name="classroom",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sets up and runs the pupil tracker's administration on this machine.",
)
for command in (demo, up, down, status, logs, mail, republish, back_up, restore, prometheus):
    app.command()(command)
for passed_on in (test, bench):
    app.command(context_settings=AS_GIVEN)(passed_on)
app.add_typer(school.commands, name="school")
app.add_typer(connector.commands, name="connector")
app.add_typer(secrets.commands_for(running_system), name="secrets")
app.add_typer(incident.commands, name="incident")
app.add_typer(dead_letters.commands, name="dead-letters")
app.add_typer(servers.commands, name="servers")


def main() -> None:
    """Run the command line; a fault that the operator can act on is one sentence, exit code 1."""
    try:
        app(prog_name="./classroom")
    except OperatorError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
