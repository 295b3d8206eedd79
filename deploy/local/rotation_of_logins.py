"""Changes what opens the object store, the mail server and PostgreSQL's figures.

Where the server is ours, in one step, as in `rotation.py`. Where it is somebody else's, who makes
its logins, in two: `put_` takes the new one in before the old, `finish_` takes the old one away.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence

from deploy.local.errors import OperatorError
from deploy.local.rest import wait_for
from deploy.local.secrets_kept import FILE_KEYS, MAIL_LOGIN, WATCHER, FileKey, file_keys
from deploy.local.state import NEXT, State
from deploy.local.system import System
from shared.database.provision import provision_watcher

__all__ = ["files", "finish_files", "finish_mail", "put_files", "put_mail", "watcher"]

STORE_SECONDS = 60
"""The store looks every few seconds whom it knows (its health check in `docker-compose.yml`)."""


def files(system: System) -> None:
    """The keys of the object store, where it is ours: its administrator's and that of reports."""
    opens = system.opens_files
    if opens is None or not system.files_are_ours:
        raise OperatorError(
            "Files lie in no object store of ours. If they lie in somebody else's, make another "
            "key there, then: secrets put files"
        )
    state = system.state
    before = [key for name in FILE_KEYS for key in file_keys(state, name)]
    for name in FILE_KEYS:
        if len(file_keys(state, name)) == 1:
            _begin(state, name, secrets.token_urlsafe(16), secrets.token_urlsafe(32))
    system.hand_out()
    coming = [file_keys(state, name)[0] for name in FILE_KEYS]
    _all(coming, lambda key: opens(key.id, key.secret), "The object store learning the new keys")
    for name in FILE_KEYS:
        _promote(state, name)
    system.hand_out()
    gone = [key for key in before if key not in coming]
    _all(gone, lambda key: not opens(key.id, key.secret), "The object store forgetting the old")


def put_files(system: System, login: str) -> None:
    """The key of somebody else's object store, `id:secret`: it is tried before the old one."""
    if system.files_are_ours:
        raise OperatorError("The object store is ours: secrets rotate files")
    _must_be_one(file_keys(system.state, "files-reports"), "files")
    key = _parted(login)
    if system.opens_files is not None and not system.opens_files(*key):
        raise OperatorError("That key does not open the object store.")
    _begin(system.state, "files-reports", *key)
    system.hand_out()


def finish_files(system: System, *, unchecked: bool = False) -> None:
    """Takes the old key of the object store away, once the new one has been put."""
    del unchecked  # only its provider knows who uses it
    _promote(system.state, "files-reports")
    system.hand_out()


def put_mail(system: System, login: str) -> None:
    """The login of the mail server, `name:password`: it is tried before the one that is there."""
    name, password = _parted(login)
    state, written = system.state, f"{name}:{password}"
    known = state.valid_if_any(MAIL_LOGIN)
    _must_be_one(known, "mail")
    state.replace_secret(f"{MAIL_LOGIN}{NEXT}" if known else MAIL_LOGIN, written)
    system.hand_out()


def finish_mail(system: System, *, unchecked: bool = False) -> None:
    """Takes the old login of the mail server away, once the new one has been put."""
    del unchecked  # only the mail server knows who uses it
    if len(system.state.valid_if_any(MAIL_LOGIN)) > 1:
        system.state.promote(MAIL_LOGIN)
    system.hand_out()


def watcher(system: System) -> None:
    """The password of the exporter of PostgreSQL's figures, which must be started anew."""
    state = system.state
    if not (state.secrets / WATCHER).exists():
        raise OperatorError("Nobody watches PostgreSQL here.")
    coming = state.kept_secret(f"{WATCHER}{NEXT}", secrets.token_urlsafe(32))
    asyncio.run(provision_watcher(system.database(), coming))
    state.promote(WATCHER)
    system.hand_out()


def _begin(state: State, name: str, key_id: str, secret: str) -> None:
    """The id first, so that half of it is known for what it is (`file_keys`). One that is half in
    its place already goes the rest of the way before."""
    _promote(state, name)
    state.replace_secret(f"{name}-key-id{NEXT}", key_id)
    state.replace_secret(f"{name}-secret{NEXT}", secret)


def _promote(state: State, name: str) -> None:
    """The id first, as above. One that was not begun, or has been promoted, is left as it is."""
    keys = file_keys(state, name)
    for part in ("key-id", "secret"):
        if len(keys) > 1 or (
            part == "secret" and (state.secrets / f"{name}-secret{NEXT}").exists()
        ):
            state.promote(f"{name}-{part}")


def _parted(login: str) -> tuple[str, str]:
    login = login.strip()
    name, _, secret = login.partition(":")
    if not name or not secret or len(login.split("\n")) != 1:
        raise OperatorError("One line is asked for: the name or the key's id, a colon, the secret.")
    return name, secret


def _must_be_one(known: Iterable[object], name: str) -> None:
    if len(list(known)) > 1:
        raise OperatorError(f"Another has been put already: secrets finish {name}, then this.")


def _all(keys: Sequence[FileKey], holds: Callable[[FileKey], bool], what: str) -> None:
    wait_for(lambda: all(map(holds, keys)), what, seconds=STORE_SECONDS)
