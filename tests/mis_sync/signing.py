"""Signs whatever a test likes with a connector's key, as nobody but that connector could."""

from __future__ import annotations

from datetime import UTC, datetime

from joserfc import jws
from joserfc.jwk import OKPKey

from services.mis_sync.connectors.credentials import Credentials
from shared.contracts.signatures import ALGORITHM, claims_of

__all__ = ["signature_of"]


def signature_of(
    credentials: Credentials,
    message_id: str,
    routing_key: str,
    body: bytes,
    *,
    username: str | None = None,
    time: datetime | None = None,
) -> str:
    """`username` and `time` say what is signed where that is not the truth."""
    claims = claims_of(
        username=username or credentials.username,
        message_id=message_id,
        time=time or datetime.now(UTC),
        routing_key=routing_key,
        body=body,
    )
    key = OKPKey.import_key({**credentials.signing_key.as_jwk()})
    header = {"alg": ALGORITHM}
    return jws.serialize_compact(header, claims.model_dump_json(), key, algorithms=[ALGORITHM])
