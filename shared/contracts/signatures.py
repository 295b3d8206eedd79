"""How a connector signs what it sends: a JSON Web Signature in the AMQP header `signature` (R15).

A compact JWS (RFC 7515) by Ed25519 (RFC 9864) with the key that stands in the connector's
credentials file alone. What is signed are these claims and not the body itself, so that the body
stays as it is. Whoever runs the broker, or takes it over, can so neither make a message nor turn
one into another.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract

__all__ = ["ALGORITHM", "AUDIENCE", "SIGNATURE_HEADER", "SignedClaims", "claims_of"]

SIGNATURE_HEADER = "signature"
ALGORITHM = "Ed25519"
AUDIENCE = "mis_sync"


class SignedClaims(Contract):
    """What the signature binds together, under the names that RFC 7519 gives them."""

    iss: str
    """The connector's broker user, which is of one school for ever."""
    aud: str
    jti: str
    """The AMQP message id, which is the event's id."""
    iat: AwareDatetime
    """The event's time; of a snapshot's messages, when it was taken."""
    key: str
    """The routing key."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the body."""


def claims_of(
    *, username: str, message_id: str, time: datetime, routing_key: str, body: bytes
) -> SignedClaims:
    """The same on both sides: what the sender signs, and what the receiver must find signed."""
    return SignedClaims(
        iss=username,
        aud=AUDIENCE,
        jti=message_id,
        iat=time.astimezone(UTC),
        key=routing_key,
        sha256=hashlib.sha256(body).hexdigest(),
    )
