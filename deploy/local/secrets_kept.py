"""The secrets of one stack, made once: passwords of roles and broker users, keys, the pepper.

Each can be changed while everything runs (`rotation.py`); for as long as that takes there are two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.state import NEXT, State
from shared.security.principals import new_signing_key, public_keys

__all__ = [
    "FILE_KEYS",
    "MAIL_LOGIN",
    "PARTS",
    "PRINCIPALS",
    "WATCHER",
    "FileKey",
    "Keys",
    "broker_passwords",
    "file_keys",
    "keys",
    "publish_keys",
    "role_passwords",
    "valid_broker_passwords",
    "valid_role_passwords",
]

PARTS = ("owner", "service", "relay")
PRINCIPALS = "principal-private.json"
PUBLIC = "principal-public.json"
FILE_KEYS = ("files-admin", "files-reports")
"""Of the object store: who makes buckets, and who reads and writes in one."""
MAIL_LOGIN = "mail-login"
"""Of a mail server that asks for one: `name:password`. Taken in, never made."""
WATCHER = "postgresql-watcher"
"""Of who reads PostgreSQL's own figures."""


@dataclass(frozen=True)
class FileKey:
    """A key of the object store."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Keys:
    """Files that processes read; each is given the path of those it needs and of no other."""

    private: Path
    """The gateway's signing key, a JSON Web Key (Ed25519)."""
    public: Path
    """The services' JSON Web Key set."""
    pepper: Path
    """One line, but while another takes its place: the newest first."""
    two_step: Path
    """Fernet keys that seal the secrets of authenticators, the newest first."""


def role_passwords(state: State, service: str) -> dict[str, str]:
    """Of the three roles of one service's database, by part."""
    return {part: state.secret(f"{service}-{part}") for part in PARTS}


def valid_role_passwords(state: State, service: str) -> dict[str, tuple[str, ...]]:
    """As above, with those that are on their way: the newest first."""
    return {part: state.valid(f"{service}-{part}") for part in PARTS}


def broker_passwords(state: State) -> dict[str, str]:
    return {user.key: state.secret(f"broker-{user.key}") for user in broker_users(BrokerNames())}


def valid_broker_passwords(state: State) -> dict[str, tuple[str, ...]]:
    """As above, with those that are on their way: the newest first."""
    return {user.key: state.valid(f"broker-{user.key}") for user in broker_users(BrokerNames())}


def keys(state: State) -> Keys:
    private = state.kept_secret(PRINCIPALS, json.dumps(new_signing_key()))
    state.kept_secret(PUBLIC, json.dumps(public_keys(json.loads(private))))
    state.secret("pepper")
    state.kept_secret("two-step-keys", Fernet.generate_key().decode())
    folder = state.secrets
    return Keys(
        private=folder / PRINCIPALS,
        public=folder / PUBLIC,
        pepper=folder / "pepper",
        two_step=folder / "two-step-keys",
    )


def file_keys(state: State, name: str) -> tuple[FileKey, ...]:
    """Those that are valid of one of `FILE_KEYS`: before it the one that takes its place, if all
    of that is here. Its id is written first, and first takes the other's place."""
    now = FileKey(state.secret(f"{name}-key-id"), state.secret(f"{name}-secret"))
    key_id, secret = (state.secrets / f"{name}-{part}{NEXT}" for part in ("key-id", "secret"))
    if not secret.exists():
        return (now,)
    if not key_id.exists():
        return (FileKey(now.id, secret.read_text()),)
    return (FileKey(key_id.read_text(), secret.read_text()), now)


def publish_keys(state: State, private: Sequence[str]) -> None:
    """Let the services know the public halves of these signing keys, and of no other."""
    known = public_keys(*(json.loads(key) for key in private))
    state.replace_secret(PUBLIC, json.dumps(known))
