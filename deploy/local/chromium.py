"""The browser for the tests in a browser: the one that is there, or Debian's package."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import console, step
from deploy.local.servers.debian import can_install, install

__all__ = ["find_chromium"]

SHELL = "chromium-headless-shell"
"""Chromium without its window: the same pages for a third of the processor time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> Path:
    """Its program; installed if it is missing and we may. Raises `OperatorError` if we may not."""
    found = _installed()
    if (found is None or found.name != SHELL) and "CLASSROOM_CHROMIUM" not in os.environ:
        found = _install() or found
    if found is None:
        raise OperatorError(
            f"The tests need Chromium. Install it (Debian: `apt-get install {SHELL}`), or name it "
            "in CLASSROOM_CHROMIUM, or leave those tests out: ./classroom test --ignore "
            "tests/browser."
        )
    return found


def _install() -> Path | None:
    """What could be installed: the shell, or where there is no such package, all of it."""
    if not can_install():
        return None
    wanted = (SHELL,) if _installed() else (SHELL, "chromium")
    with step("Chromium") as say:
        for package in wanted:
            try:
                install(package, because="The tests need a browser", say=say)
            except OperatorError as error:
                console.print(str(error))
            else:
                break
    return _installed()


def _installed() -> Path | None:
    named = os.environ.get("CLASSROOM_CHROMIUM")
    candidates = [named, *map(shutil.which, NAMES), str(MAC)]
    return next((Path(each) for each in candidates if each and Path(each).exists()), None)
