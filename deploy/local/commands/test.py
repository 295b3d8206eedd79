"""`test`: every test, with the servers, the pages and the browser that they need."""

from __future__ import annotations

import os
import subprocess
import sys

import typer

from deploy.local.chromium import find_chromium
from deploy.local.commands.servers import start_servers
from deploy.local.frontend_build import build_frontend
from deploy.local.progress import step
from deploy.local.state import CHECKOUT, State
from deploy.local.supervision import Supervisor

__all__ = ["AS_GIVEN", "test"]

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
WORKERS = ("-n", "2")
TOGETHER = ("--dist", "loadgroup")
"""Tests of one `xdist_group` run in one worker, since they share a running stack."""


def test(context: typer.Context) -> None:
    """Run the tests; whatever is given goes to pytest as it is.

    Their servers are a stack of their own, which is stopped again if it was not there before.
    """
    state = State(State.from_environment().home / "test")
    ignored = "tests/browser" in " ".join(context.args) and "--ignore" in " ".join(context.args)
    environment = dict(os.environ)
    if not ignored:
        environment["CLASSROOM_CHROMIUM"] = str(find_chromium())
    build_frontend()
    was_up = Supervisor(state).is_up()
    try:
        environment.update(start_servers(state))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *_spread(context.args), *context.args],
            cwd=CHECKOUT,
            env=environment,
            check=False,
        )
    finally:
        if not was_up:
            with step("Stopping the tests' servers"):
                Supervisor(state).shut_down()
    raise typer.Exit(done.returncode)


def _spread(arguments: list[str]) -> tuple[str, ...]:
    """Over two workers, unless something else is asked for; a debugger needs all in one process."""
    if any(argument.startswith(("--pdb", "--trace", "--dist")) for argument in arguments):
        return ()
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return TOGETHER if chosen else (*WORKERS, *TOGETHER)
