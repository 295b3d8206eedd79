"""`connector`: hands over to the connectors' own command line, and builds what schools install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from deploy.local.errors import OperatorError
from deploy.local.state import CHECKOUT

__all__ = ["TRUSTING", "build_wheel", "commands"]

TRUSTING = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
"""uv trusts whom this machine trusts, such as a school's filter, by either of the names."""

commands = typer.Typer(no_args_is_help=True, help="What runs near a school's MIS.")

AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@commands.callback()
def connector() -> None:
    """What runs near a school's MIS."""


@commands.command(context_settings=AS_GIVEN)
def push(context: typer.Context) -> None:
    """Publish an export: --credentials FILE --kind oneroster-csv PATH (see --help)."""
    _hand_over("push", context)


@commands.command(context_settings=AS_GIVEN)
def run(context: typer.Context) -> None:
    """Stay, and publish it whenever it is asked for: as `push` (see --help)."""
    _hand_over("run", context)


@commands.command()
def wheel(
    folder: Annotated[Path, typer.Argument(help="Where to put it.")] = Path("dist"),
) -> None:
    """Build the connector alone, as a wheel that a school's technician installs with pip or uv."""
    typer.echo(str(build_wheel(folder)))


def build_wheel(folder: Path) -> Path:
    """The wheel's path. Raises `OperatorError`."""
    ours = CHECKOUT / ".classroom/tools/uv/bin/uv"
    uv = shutil.which("uv") or (str(ours) if ours.exists() else None)
    if uv is None:
        raise OperatorError("uv is needed to build it: run ./classroom from a checkout.")
    command = [uv, "build", "--wheel", str(CHECKOUT / "deploy/connector"), "--out-dir"]
    done = subprocess.run(
        [*command, str(folder)],
        env={**os.environ, **TRUSTING},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"It could not be built: {done.stderr.strip()[-1500:]}")
    return max(folder.glob("classroom_connector-*.whl"), key=lambda path: path.stat().st_mtime)


def _hand_over(command: str, context: typer.Context) -> NoReturn:
    module = "services.mis_sync.connectors"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, command, *context.args])  # noqa: S606
