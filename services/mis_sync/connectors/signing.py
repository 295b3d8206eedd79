"""Signs what is published with the connector's own key, which no broker knows (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from services.mis_sync.connectors.messages import Outgoing
from shared.contracts.envelope import Payload
from shared.contracts.signatures import ALGORITHM, claims_of

__all__ = ["Signer"]


class Signer:
    """Holds the private key, a JSON Web Key. Raises `ValueError` if it is none."""

    def __init__(self, private_jwk: Mapping[str, Any]) -> None:
        self._key = OKPKey.import_key(dict(private_jwk))
        if not self._key.is_private or self._key.curve_name != ALGORITHM:
            raise ValueError(f"signing needs a private key of {ALGORITHM}")

    def sign(self, message: Outgoing[Payload], username: str, routing_key: str) -> str:
        """A compact JWS; the same message has the same one, as often as it is sent."""
        claims = claims_of(
            username=username,
            message_id=message.message_id,
            time=message.event.time,
            routing_key=routing_key,
            body=message.body,
        )
        payload = claims.model_dump_json().encode()
        return jws.serialize_compact({"alg": ALGORITHM}, payload, self._key, algorithms=[ALGORITHM])
