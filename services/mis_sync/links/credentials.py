"""A connector's name and password on the broker, and the key that it signs with (R15).

Password and private key stand in the credentials file, once. The broker and we keep the password's
salted hash only, and we the public key; the broker is never told of any key.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from joserfc.jwk import OKPKey

__all__ = ["BrokerCredentials", "new_broker_credentials", "password_hash"]

_PASSWORD_BYTES = 32
_SALT_BYTES = 4


@dataclass(frozen=True)
class BrokerCredentials:
    username: str
    password: str = field(repr=False)
    password_hash: str = field(repr=False)
    signing_key: Mapping[str, str] = field(repr=False)
    """The private key, a JSON Web Key."""

    @property
    def public_key(self) -> dict[str, str]:
        """What signatures are checked with."""
        return {name: self.signing_key[name] for name in ("kty", "crv", "x")}


def new_broker_credentials(connector_id: UUID) -> BrokerCredentials:
    """The name holds `[a-z0-9_]` only: the broker puts it into a pattern as it stands."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    salt = secrets.token_bytes(_SALT_BYTES)
    key = OKPKey.generate_key("Ed25519").as_dict(private=True)
    return BrokerCredentials(
        f"c_{connector_id.hex}",
        password,
        password_hash(password, salt),
        {name: str(key[name]) for name in ("kty", "crv", "x", "d")},
    )


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's `rabbit_password_hashing_sha256`. Source: rabbitmq.com/docs/passwords."""
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()
