"""`test`: every test, with the servers, the pages and the browser that they need."""

from __future__ import annotations

import os
import subprocess
import sys

import typer

from deploy.local.chromium import find_chromium
from deploy.local.commands.servers import start_servers
from deploy.local.fake_time import find_fake_time
from deploy.local.frontend_build import build_frontend
from deploy.local.progress import console, step
from deploy.local.prometheus import find_for_tests
from deploy.local.state import CHECKOUT, State
from deploy.local.supervision import Supervisor

__all__ = ["AS_GIVEN", "test"]

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
WORKERS = ("-n", "3")
TOGETHER = ("--dist", "loadscope", "--no-loadscope-reorder")
"""How they are spread, and in which order, is in `tests/conftest.py`: what shares a running stack
is one worker's."""

NAMED_BY = "CLASSROOM_TEST_DATABASE_URL"
ENGINE_SECONDS = 20


def test(context: typer.Context) -> None:
    """Run the tests; whatever is given goes to pytest as it is.

    Their servers are containers where an engine runs and has the images; else a stack of their own,
    which is stopped again if it was not there before.
    """
    state = State(State.from_environment().home / "test")
    ignored = "tests/browser" in " ".join(context.args) and "--ignore" in " ".join(context.args)
    environment = dict(os.environ)
    if not ignored:
        environment["CLASSROOM_CHROMIUM"] = str(find_chromium())
    find_fake_time()
    find_for_tests()
    build_frontend()
    was_up = Supervisor(state).is_up()
    try:
        environment.update(_servers(state))
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *_spread(context.args), *context.args],
            cwd=CHECKOUT,
            env=environment,
            check=False,
        )
    finally:
        if not was_up and Supervisor(state).is_up():
            with step("Stopping the tests' servers"):
                Supervisor(state).shut_down()
    raise typer.Exit(done.returncode)


def _servers(state: State) -> dict[str, str]:
    """What the tests must be told to find their servers: nothing where they start containers."""
    if NAMED_BY in os.environ:
        return {}
    if "DATABASE_URL" in os.environ or "RABBITMQ_URL" in os.environ:
        return start_servers(state)
    containers = _ask_for_containers()
    if containers.returncode == 0:
        console.print(f"The tests' servers are containers: {containers.stdout.strip()}.")
        return {}
    reason = (containers.stderr.strip().splitlines() or ["no reason was given"])[-1]
    console.print(f"The tests' servers are local ones, not containers: {reason}.")
    return start_servers(state)


def _ask_for_containers() -> subprocess.CompletedProcess[str]:
    """Whether the tests can have them at once, asked of what would start them."""
    command = [sys.executable, "-m", "tests.containers"]
    try:
        return subprocess.run(
            command,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=ENGINE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"the engine did not answer in {ENGINE_SECONDS} s"
        return subprocess.CompletedProcess(command, 1, stderr=reason)


def _spread(arguments: list[str]) -> tuple[str, ...]:
    """Over three workers, unless told otherwise; a debugger needs all in one process."""
    if any(argument.startswith(("--pdb", "--trace", "--dist")) for argument in arguments):
        return ()
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return TOGETHER if chosen else (*WORKERS, *TOGETHER)
