"""`incident`: what is done at once when a school's data may be in the wrong hands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from uuid_utils.compat import uuid7

from deploy.local.errors import OperatorError
from deploy.local.services_client import ServicesClient, principal_of_admin
from deploy.local.state import State

__all__ = ["commands"]

commands = typer.Typer(no_args_is_help=True, help="When data may be in the wrong hands.")

SCHOOL = Annotated[str, typer.Option(help="Its id, or its whole name.")]
OPERATOR_NAME = "Operator at the command line"


@commands.callback()
def incident() -> None:
    """When data may be in the wrong hands."""


@commands.command()
def sign_everyone_out(school: SCHOOL) -> None:
    """End all sessions of a school's people at once. They can sign in again."""
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        ended = services.ask("DELETE", "identity", f"/schools/{school_id}/sessions")
    print(f"{ended['ended']} sessions were ended.")


@commands.command()
def cut_connector(school: SCHOOL) -> None:
    """Take a school's connector its credentials, and end its connections. Its admin links anew."""
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        admin = principal_of_admin(uuid7(), school_id, OPERATOR_NAME)
        link = services.ask("GET", "mis_sync", "/link", principal=admin)
        connector = link.get("connector")
        if not connector:
            raise OperatorError("That school has no connector.")
        seen = {"connector_id": connector["id"]}
        services.ask("POST", "mis_sync", "/link/revoke", principal=admin, body=seen)
    print(f"{connector['broker_user']} is cut off as soon as the provisioner hears, in a second.")


@commands.command()
def activity(
    school: SCHOOL,
    to: Annotated[Path, typer.Option(help="The CSV to write. There are names in it.")],
    first_day: Annotated[str | None, typer.Option(help="Such as 2026-11-01.")] = None,
    last_day: Annotated[str | None, typer.Option(help="That day is in it.")] = None,
) -> None:
    """Who did what at a school: its activity log, as its admin sees it."""
    days = {"first_day": first_day, "last_day": last_day}
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        admin = principal_of_admin(uuid7(), school_id, OPERATOR_NAME)
        wanted = {name: day for name, day in days.items() if day}
        content = services.text("identity", "/activity/export", principal=admin, params=wanted)
    to.touch(mode=0o600)
    to.write_text(content, encoding="utf-8")
    print(f"{to}: {max(0, len(content.splitlines()) - 1)} entries.")
