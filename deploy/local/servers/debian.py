"""Installs a package of Debian or Ubuntu when we may, and says so before it does."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import Say, console

__all__ = ["can_install", "install"]

POLICY = Path("/usr/sbin/policy-rc.d")
"""Asked by Debian's packages whether they may start a service; exit code 101 means no."""

REFUSE = "#!/bin/sh\nexit 101\n"


def can_install() -> bool:
    """Whether `apt-get` is here and we are root, or sudo asks for no password."""
    return shutil.which("apt-get") is not None and _as_root() is not None


def install(package: str, *, because: str, say: Say) -> None:
    """Install it, starting no service of it. Raises `OperatorError` with apt's last words."""
    prefix = _as_root()
    if prefix is None:
        raise OperatorError(f"{package} can only be installed by root.")
    console.print(f"{because}: installing the package [bold]{package}[/bold] with apt-get.")
    with _no_service_starts(prefix):
        say("reading the package lists")
        try:
            _apt_get(prefix, "update", "-q")
        except OperatorError as error:
            # One unreachable source of many is no reason to stop: what is known may do.
            console.print(f"{error}\nGoing on with the package lists that are here.")
        say(f"installing {package}")
        _apt_get(prefix, "install", "-y", "-q", "--no-install-recommends", package)


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    done = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if done.returncode == 0 else None


def _apt_get(prefix: list[str], *arguments: str) -> None:
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    command += ["-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        last_words = "\n".join(done.stdout.splitlines()[-5:])
        raise OperatorError(f"apt-get {arguments[0]} failed:\n{last_words}")


@contextmanager
def _no_service_starts(prefix: list[str]) -> Iterator[None]:
    """The package would start a broker for the whole machine, which nobody asked for."""
    if POLICY.exists():
        yield
        return
    with tempfile.NamedTemporaryFile("w", suffix=".policy") as file:
        file.write(REFUSE)
        file.flush()
        subprocess.run(
            [*prefix, "install", "-m", "0755", file.name, str(POLICY)],
            check=True,
            capture_output=True,
        )
    try:
        yield
    finally:
        subprocess.run([*prefix, "rm", "-f", str(POLICY)], check=False, capture_output=True)
