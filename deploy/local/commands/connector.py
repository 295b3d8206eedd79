"""`connector push`: hands over to the connectors' own command line."""

from __future__ import annotations

import os
import sys

import typer

__all__ = ["commands"]

commands = typer.Typer(no_args_is_help=True, help="What runs near a school's MIS.")

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@commands.callback()
def connector() -> None:
    """What runs near a school's MIS."""


@commands.command(context_settings=AS_GIVEN)
def push(context: typer.Context) -> None:
    """Publish an export: --credentials FILE --kind oneroster-csv PATH (see --help)."""
    module = "services.mis_sync.connectors"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, "push", *context.args])  # noqa: S606
