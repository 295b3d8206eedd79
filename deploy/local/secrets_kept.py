"""The secrets of one stack, made once: passwords of roles and broker users, keys, the pepper.

Each can be changed while everything runs (`rotation.py`); for as long as that takes there are two.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.state import State
from shared.security.principals import new_signing_key, public_keys

__all__ = [
    "PARTS",
    "PRINCIPALS",
    "Keys",
    "broker_passwords",
    "keys",
    "publish_keys",
    "role_passwords",
    "valid_broker_passwords",
    "valid_role_passwords",
]

PARTS = ("owner", "service", "relay")
PRINCIPALS = "principal-private.json"
PUBLIC = "principal-public.json"


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


def publish_keys(state: State, private: Sequence[str]) -> None:
    """Let the services know the public halves of these signing keys, and of no other."""
    known = public_keys(*(json.loads(key) for key in private))
    state.replace_secret(PUBLIC, json.dumps(known))
