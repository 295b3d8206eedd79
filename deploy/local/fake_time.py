"""libfaketime, for the tests in which real processes are told another time."""

from __future__ import annotations

import os
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import console, step
from deploy.local.servers.debian import can_install, install

__all__ = ["NAMED_BY", "find_fake_time", "installed_fake_time"]

NAMED_BY = "CLASSROOM_LIBFAKETIME"
LIBRARY = "faketime/libfaketimeMT.so.1"
"""The one for programs with several threads, below a folder of the machine's libraries."""


def find_fake_time() -> None:
    """Install it if it is missing and we may; where we may not, those tests are skipped."""
    if installed_fake_time() is None and can_install():
        try:
            with step("libfaketime") as say:
                install("libfaketime", because="The tests turn the clock", say=say)
        except OperatorError as error:
            console.print(f"{error}\nGoing on without the tests that turn the clock.")


def installed_fake_time() -> Path | None:
    """The library, if it is here or `CLASSROOM_LIBFAKETIME` names it."""
    named = os.environ.get(NAMED_BY)
    folders = [folder for lib in ("/usr/lib", "/usr/local/lib") for folder in _with_below(lib)]
    candidates = [Path(named)] if named else [folder / LIBRARY for folder in folders]
    return next((each for each in candidates if each.exists()), None)


def _with_below(folder: str) -> list[Path]:
    """A library folder and those of the machine's kind in it, such as `x86_64-linux-gnu`."""
    return [Path(folder), *sorted(Path(folder).glob("*-linux-gnu*"))]
