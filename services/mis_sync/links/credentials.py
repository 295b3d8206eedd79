"""A connector's name and password on the broker (R15).

The password stands in the credentials file, once; the broker and we keep its salted hash only.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID

__all__ = ["BrokerCredentials", "new_broker_credentials", "password_hash"]

_PASSWORD_BYTES = 32
_SALT_BYTES = 4


@dataclass(frozen=True)
class BrokerCredentials:
    username: str
    password: str = field(repr=False)
    password_hash: str = field(repr=False)


def new_broker_credentials(connector_id: UUID) -> BrokerCredentials:
    """The name holds `[a-z0-9_]` only: the broker puts it into a pattern as it stands."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    salt = secrets.token_bytes(_SALT_BYTES)
    return BrokerCredentials(f"c_{connector_id.hex}", password, password_hash(password, salt))


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's `rabbit_password_hashing_sha256`. Source: rabbitmq.com/docs/passwords."""
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()
