"""`republish`: a service tells everything it owns once more."""

from __future__ import annotations

import os
import subprocess
import sys
from enum import StrEnum
from typing import Annotated

import typer

from deploy.local.services_client import ServicesClient
from deploy.local.state import State, url_of

__all__ = ["republish"]


class Owner(StrEnum):
    """The services that publish what they own."""

    IDENTITY = "identity"
    ROSTER = "roster"
    MIS_SYNC = "mis_sync"
    REPORTS = "reports"


def republish(
    service: Annotated[Owner, typer.Argument(help="Whose state.")],
    school: Annotated[str | None, typer.Option(help="One school, by its id or its name.")] = None,
) -> None:
    """Send the full state again through the service's outbox, so that read models are made anew."""
    state = State.from_environment()
    url_of(state)
    arguments = []
    if school:
        with ServicesClient(state) as services:
            arguments = ["--school", str(services.school_id_of(school))]
    done = subprocess.run(
        [sys.executable, "-m", f"services.{service}.republish", *arguments],
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "CLASSROOM_DATABASE_URL": state.read("stack")["service_dsns"][service],
        },
        check=False,
    )
    raise typer.Exit(done.returncode)
