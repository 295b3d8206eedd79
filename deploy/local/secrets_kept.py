"""The secrets of one stack, made once: passwords of roles and broker users, keys, the pepper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from deploy.local.broker_users import BrokerNames, broker_users
from deploy.local.state import State
from shared.security.principals import new_signing_key, public_keys

__all__ = ["Keys", "broker_passwords", "keys", "role_passwords"]


@dataclass(frozen=True)
class Keys:
    """Files that processes read; each is given the path of those it needs and of no other."""

    private: Path
    """The gateway's signing key, a JSON Web Key (Ed25519)."""
    public: Path
    """The services' JSON Web Key set."""
    pepper: Path
    two_step: Path
    """Fernet keys that seal the secrets of authenticators, the newest first."""


def role_passwords(state: State, service: str) -> dict[str, str]:
    """Of the three roles of one service's database, by part."""
    return {part: state.secret(f"{service}-{part}") for part in ("owner", "service", "relay")}


def broker_passwords(state: State) -> dict[str, str]:
    return {user.key: state.secret(f"broker-{user.key}") for user in broker_users(BrokerNames())}


def keys(state: State) -> Keys:
    private = state.kept_secret("principal-private.json", json.dumps(new_signing_key()))
    state.kept_secret("principal-public.json", json.dumps(public_keys(json.loads(private))))
    state.secret("pepper")
    state.kept_secret("two-step-keys", Fernet.generate_key().decode())
    folder = state.secrets
    return Keys(
        private=folder / "principal-private.json",
        public=folder / "principal-public.json",
        pepper=folder / "pepper",
        two_step=folder / "two-step-keys",
    )
