"""Where one local stack lives: its folder, and the files in it that outlive a command.

Several stacks stand side by side when each has its own `CLASSROOM_HOME`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.errors import OperatorError
from deploy.local.progress import console

__all__ = ["CHECKOUT", "NEXT", "State", "private_temporary_folder", "url_of", "write_atomically"]

CHECKOUT = Path(__file__).resolve().parents[2]

NEXT = ".next"
"""Ends the name of a secret that is on its way to take another's place."""

LONGEST_SOCKET_PATH = 90
"""AF_UNIX paths end at 104 (macOS) or 108 (Linux) bytes; the rest is left for suffixes."""


@dataclass(frozen=True)
class State:
    """The folder of one stack, `.classroom` in the checkout unless `CLASSROOM_HOME` names another.

    `logs/` one file per process; `run/` what is running (private: it holds passwords);
    `secrets/` made once and kept; `postgresql/`, `rabbitmq/`, `mail/`, `files/` the data.
    """

    home: Path

    @classmethod
    def from_environment(cls) -> State:
        named = os.environ.get("CLASSROOM_HOME")
        return cls(Path(named).resolve() if named else CHECKOUT / ".classroom")

    @property
    def logs(self) -> Path:
        return self._private_folder("logs")

    @property
    def run(self) -> Path:
        return self._private_folder("run")

    @property
    def secrets(self) -> Path:
        return self._private_folder("secrets")

    @property
    def mail(self) -> Path:
        """A Maildir, which is made by whoever opens it first."""
        return self.home / "mail"

    @property
    def files(self) -> Path:
        """Logos and the like, which reports keeps."""
        return self._private_folder("files")

    @property
    def handed_out(self) -> Path:
        """A folder for each process, with the secrets that it needs and no other."""
        return self._private_folder("handed-out")

    @property
    def mark(self) -> str:
        """What stands in the environment (`CLASSROOM_STACK`) of every process of this stack."""
        return str(self.home)

    @property
    def short_name(self) -> str:
        """A name for things outside the folder, such as a container, unique to the stack."""
        return "classroom-" + hashlib.sha256(self.mark.encode()).hexdigest()[:10]

    def socket_path(self, name: str) -> Path:
        """A path short enough for a Unix socket, in a folder that only we can enter."""
        path = self.run / f"{name}.sock"
        if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
            return path
        return private_temporary_folder(self.short_name) / f"{name}.sock"

    def secret(self, name: str) -> str:
        """A random secret of 256 bits, made at the first call and the same ever after."""
        return self.kept_secret(name, secrets.token_urlsafe(32))

    def kept_secret(self, name: str, new: str) -> str:
        """What the file has; `new` is written if there is none. Safe if two ask at once."""
        path = self.secrets / name
        if not path.exists():
            fresh = self.secrets / f".{name}.{secrets.token_hex(8)}"
            write_atomically(fresh, new, mode=0o600)
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text()

    def valid(self, name: str) -> tuple[str, ...]:
        """A secret, and before it the one that takes its place, if one is on its way."""
        coming = self.secrets / f"{name}{NEXT}"
        known = (self.secret(name),)
        return (coming.read_text(), *known) if coming.exists() else known

    def valid_if_any(self, name: str) -> tuple[str, ...]:
        """As above, of one that is not made here but taken in."""
        return self.valid(name) if (self.secrets / name).exists() else ()

    def replace_secret(self, name: str, new: str) -> None:
        """Written whole or not at all."""
        write_atomically(self.secrets / name, new, mode=0o600)

    def promote(self, name: str) -> None:
        """What was on its way is the secret from now on."""
        (self.secrets / f"{name}{NEXT}").replace(self.secrets / name)

    def read(self, name: str) -> dict[str, Any]:
        """A small JSON file of the stack; empty if it is not there or was cut off by a crash."""
        try:
            content = json.loads((self.home / f"{name}.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return content if isinstance(content, dict) else {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=2) + "\n"
        write_atomically(self.home / f"{name}.json", text, mode=0o600)

    def forget(self, name: str) -> None:
        (self.home / f"{name}.json").unlink(missing_ok=True)

    @contextmanager
    def lock(self, name: str = "stack") -> Iterator[None]:
        """Only one command changes the stack at a time; the lock ends with its process."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / f"{name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                console.print("Another ./classroom command is at work here; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _private_folder(self, name: str) -> Path:
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
        return path


def url_of(state: State) -> str:
    """The address of the stack that is up. Raises `OperatorError` if none is."""
    url = state.read("stack").get("url")
    if not isinstance(url, str):
        raise OperatorError("Nothing is up here: start it with ./classroom up --detach.")
    return url


def private_temporary_folder(name: str) -> Path:
    """A folder outside any stack that only we can enter. Raises `OperatorError` if it is not."""
    folder = Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077 or folder.is_symlink():
        raise OperatorError(f"{folder} is not ours alone: remove it and try again.")
    return folder


def write_atomically(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write next to it and rename, so that a reader or a crash never sees half a file."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
