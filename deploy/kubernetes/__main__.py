"""`python -m deploy.kubernetes`: the step that sets a cluster up, and what is done by hand."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.compose.addresses import http
from deploy.kubernetes import addresses
from deploy.kubernetes.keeping import keep, make
from deploy.kubernetes.set_up import set_up
from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.commands import dead_letters, incident, school
from deploy.local.errors import OperatorError
from deploy.local.progress import console
from deploy.local.state import State
from shared.database.provision import SERVICES, doors_of

__all__ = ["app", "main"]

SECRETS = Path(os.environ.get("CLASSROOM_SECRETS_DIR", "/run/secrets"))
ADMINISTRATORS = Path("/run/administrators")
OPERATORS = ("principal-private.json", "principal-public.json")
DOORS = ("service", "relay")
"""A school's rows are read as its service, dead letters as its relay."""
PROCESSES = ("identity", "roster", "mis_sync", "reports", "gateway")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What is done to a system that runs in Kubernetes.",
)


@app.command("secrets")
def make_secrets(
    folder: Annotated[Path, typer.Argument(help="Where they are made, a file each, and kept.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print all of them, as one key.")] = False,
) -> None:
    """Make the secrets that are missing, outside of the cluster, to be put into its store."""
    made = make(folder)
    print(
        json.dumps(made, indent=2) if as_json else f"{len(made)} secrets are in {folder}/secrets."
    )


@app.command("set-up")
def set_servers_up() -> None:
    """Make databases, roles, vhosts, queues and rights; again and again alike."""
    state = State.from_environment()
    roles = [f"{service}-{part}" for service in SERVICES for part in ("owner", "service", "relay")]
    keep(state, SECRETS, [*roles, *(f"broker-{user.key}" for user in broker_users(BrokerNames()))])
    dsns = {
        s: addresses.database(s, _administrators(f"{s.replace('_', '-')}-db")) for s in SERVICES
    }
    management = addresses.management(
        _administrators("broker-user"), _administrators("broker-password")
    )
    set_up(state, dsns, management, int(os.environ.get("CLASSROOM_BROKER_NODES", "1")))


def _as_operator() -> None:
    """With the secrets that are mounted, and where everything is."""
    state = State.from_environment()
    keep(state, SECRETS, [*OPERATORS, *(f"{s}-{part}" for s in SERVICES for part in DOORS)])
    found = {s: doors_of(addresses.database(s, ""), s, _passwords(state, s)) for s in SERVICES}
    state.write(
        "stack",
        {
            "url": os.environ["CLASSROOM_PUBLIC_URL"],
            "addresses": {process: http(process) for process in PROCESSES},
            "relay_dsns": {service: each.relay for service, each in found.items()},
            "service_dsns": {service: each.service for service, each in found.items()},
        },
    )


def _passwords(state: State, service: str) -> dict[str, str]:
    """Of the roles that an operator comes as: no owner, who could change the tables."""
    return {"owner": "", **{part: state.secret(f"{service}-{part}") for part in DOORS}}


def _administrators(name: str) -> str:
    return (ADMINISTRATORS / name).read_text()


app.add_typer(school.commands, name="school", callback=_as_operator, help="The schools here.")
app.add_typer(
    incident.commands,
    name="incident",
    callback=_as_operator,
    help="When data may be in the wrong hands.",
)
app.add_typer(
    dead_letters.commands,
    name="dead-letters",
    callback=_as_operator,
    help="Messages that could not be applied.",
)


def main() -> None:
    """Run the command line; a fault that the operator can act on is one sentence, exit code 1."""
    try:
        app(prog_name="operator")
    except OperatorError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
