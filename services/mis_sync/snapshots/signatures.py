"""Whether a message was signed by the connector that the broker says it is of (R15).

Whoever can write to the queue, an administrator of the broker for one, has no connector's key, so
they can neither make a message nor change one. They can send one again that they have kept. That
is harmless: a snapshot is known by its id and told once, an older one than the last is passed over
(R16), and a report counts by the moment that it tells of. A message may wait in the queue for hours
while we are away, so its age is no reason to refuse it, up to the bound below.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from services.mis_sync.links.repository import Sender
from shared.contracts.envelope import Event
from shared.contracts.signatures import ALGORITHM, SIGNATURE_HEADER, SignedClaims, claims_of
from shared.messaging.subscription import Incoming, Refused

__all__ = ["OLDEST", "check_event", "signed_claims"]

OLDEST = timedelta(days=14)
"""More than a queue is ever left unread, and no end for what somebody has kept."""
_MAX_CHARACTERS = 2_000


def signed_claims(incoming: Incoming, sender: Sender, now: datetime) -> SignedClaims:
    """What the signature says of this very message. Raises `Refused`."""
    if sender.public_key is None:
        raise Refused("comes with credentials from before messages were signed: renew them")
    claims = _verified(incoming.headers.get(SIGNATURE_HEADER), sender.public_key)
    expected = claims_of(
        username=incoming.user_id or "",
        message_id=incoming.message_id or "",
        time=claims.iat,
        routing_key=incoming.routing_key,
        body=incoming.body,
    )
    if claims != expected:
        raise Refused("has the signature of another message")
    if now - claims.iat > OLDEST:
        raise Refused(
            f"was signed more than {OLDEST.days} days ago, or the clock beside the MIS is wrong"
        )
    return claims


def check_event(event: Event[Any], claims: SignedClaims) -> None:
    """The event is the one that was signed, from that moment. Raises `Refused`."""
    if str(event.id) != claims.jti or event.time != claims.iat:
        raise Refused("has the signature of another message")


def _verified(signature: object, public_jwk: Any) -> SignedClaims:
    if isinstance(signature, (bytes, bytearray)):
        signature = signature.decode("ascii", "replace")
    if not isinstance(signature, str) or len(signature) > _MAX_CHARACTERS:
        raise Refused("is not signed")
    try:
        key = OKPKey.import_key(dict(public_jwk))
        signed = jws.deserialize_compact(signature.encode(), key, algorithms=[ALGORITHM])
        return SignedClaims.model_validate_json(signed.payload)
    except (JoseError, ValidationError, ValueError, TypeError, KeyError):
        raise Refused("is not signed by its connector's key") from None
