"""The secrets of a cluster: made once outside of it, kept in a store, and seen inside as files.

Each is called as on one machine (`deploy/local/secrets_kept.py`), so that what reads them there
reads them here.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import broker_passwords, keys, role_passwords
from deploy.local.state import State, write_atomically
from shared.database.provision import SERVICES

__all__ = ["keep", "make"]


def make(folder: Path) -> dict[str, str]:
    """Make those that are missing in `folder`, a file each; all of them, by name."""
    state = State(folder)
    for service in SERVICES:
        role_passwords(state, service)
    broker_passwords(state)
    keys(state)
    return {path.name: path.read_text() for path in sorted(state.secrets.iterdir())}


def keep(state: State, folder: Path, names: Collection[str]) -> None:
    """Take what is mounted at `folder`. Raises `OperatorError` if one of `names` is not there: a
    password that is made up here would be nobody else's."""
    missing = sorted(name for name in names if not (folder / name).is_file())
    if missing:
        raise OperatorError(f"There is no secret {', '.join(missing)} in {folder}.")
    for name in names:
        write_atomically(state.secrets / name, (folder / name).read_text(), mode=0o600)
