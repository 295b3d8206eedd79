"""Where kustomize is: the one that is installed, by itself or in kubectl, from version 5 on."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

__all__ = ["kustomize"]

OLDEST = 5


@cache
def kustomize() -> tuple[str, ...]:
    """The command that renders a folder."""
    if program := shutil.which("kustomize"):
        if _version([program, "version"]) >= OLDEST:
            return (program, "build")
    if program := shutil.which("kubectl"):
        if _version([program, "version", "--client"]) >= OLDEST:
            return (program, "kustomize")
    raise AssertionError("The manifests cannot be rendered: install kustomize 5 or a newer kubectl.")


def _version(command: list[str]) -> int:
    """The major one of kustomize; kubectl says which it has in it."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"(?:Kustomize Version: )?v(\d+)\.\d+\.\d+\s*$", done.stdout)
    return int(found[1]) if found else 0
