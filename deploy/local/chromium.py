"""The browser for the tests in a browser: the one that is there, or Debian's package."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import step
from deploy.local.servers.debian import can_install, install

__all__ = ["find_chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> Path:
    """Its program; installed if it is missing and we may. Raises `OperatorError` if we may not."""
    found = _installed()
    if found is None and can_install():
        with step("Chromium") as say:
            install("chromium", because="The tests need a browser", say=say)
        found = _installed()
    if found is None:
        raise OperatorError(
            "The tests need Chromium. Install it (Debian: `apt-get install chromium`), or name it "
            "in CLASSROOM_CHROMIUM, or leave those tests out: ./classroom test --ignore "
            "tests/browser."
        )
    return found


def _installed() -> Path | None:
    named = os.environ.get("CLASSROOM_CHROMIUM")
    candidates = [named, *map(shutil.which, NAMES), str(MAC)]
    return next((Path(each) for each in candidates if each and Path(each).exists()), None)
