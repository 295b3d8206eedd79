"""The system of `docker-compose.yml` as what is rotated, from the container `operator`."""

from __future__ import annotations

from pathlib import Path

from deploy.compose import addresses
from deploy.compose.handing_out import (
    broker_admin_password,
    database_admin_password,
    databases,
    hand_out,
)
from deploy.local.school_files import opens
from deploy.local.secrets_kept import FileKey
from deploy.local.state import State, url_of
from deploy.local.system import System

__all__ = ["HANDED_OUT", "running_system"]

HANDED_OUT = Path("/run/handed-out")


def running_system() -> System:
    """Raises `OperatorError` if nothing has been set up."""
    state = State.from_environment()
    url_of(state)
    return System(
        state=state,
        database=lambda: addresses.database(database_admin_password(state)),
        management=lambda: addresses.management(
            addresses.BROKER_ADMIN, broker_admin_password(state)
        ),
        hand_out=lambda: _hand_out(state),
        in_identity=None,
        opens_files=lambda key_id, secret: opens(state, FileKey(key_id, secret)),
        files_are_ours=addresses.files()["endpoint"] == addresses.OBJECT_STORE,
    )


def _hand_out(state: State) -> None:
    """Also to the operator's own commands, which find their way by `stack.json`."""
    hand_out(state, HANDED_OUT)
    found = databases(state)
    doors = {
        "relay_dsns": {name: each.relay for name, each in found.items()},
        "service_dsns": {name: each.service for name, each in found.items()},
    }
    state.write("stack", {**state.read("stack"), **doors})
