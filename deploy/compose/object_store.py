"""The object store of Compose: whom it knows, and the bucket for what reports keeps.

SeaweedFS reads whom it knows from a file; the bucket is made by S3's own words, as of any store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from deploy.compose import addresses
from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import FILE_KEYS, FileKey, file_keys
from deploy.local.state import State

__all__ = ["Keys", "identities", "keys_of", "make_bucket"]


_TRIAL = "set-up/trial"


@dataclass(frozen=True)
class Keys:
    """Those that are valid, the newest first."""

    admin: Sequence[FileKey]
    """Makes buckets; only the step `set-up` has it."""
    reports: Sequence[FileKey]
    """Reads and writes what lies in its bucket."""


def keys_of(state: State) -> Keys:
    admin, reports = (file_keys(state, name) for name in FILE_KEYS)
    return Keys(admin, reports)


def identities(keys: Keys) -> dict[str, Any]:
    """In SeaweedFS' form."""
    own = [f"{action}:{addresses.FILES_BUCKET}" for action in ("Read", "Write", "List")]
    known = {"set-up": (keys.admin, ["Admin"]), "reports": (keys.reports, own)}
    return {
        "identities": [
            {
                "name": name,
                "credentials": [{"accessKey": key.id, "secretKey": key.secret} for key in valid],
                "actions": actions,
            }
            for name, (valid, actions) in known.items()
        ]
    }


def make_bucket(key: FileKey, endpoint: str, bucket: str) -> None:
    """Make it, or leave the one that is there, and see that it keeps files.

    Raises `OperatorError`.
    """
    store = S3Store(
        bucket,
        endpoint=endpoint,
        region="us-east-1",
        access_key_id=key.id,
        secret_access_key=key.secret,
        client_options={"allow_http": True},
    )
    # A signed address of the bucket itself; obstore knows no call of its own for this.
    address = obstore.sign(store, "PUT", "", timedelta(minutes=1))
    answer = httpx.put(address, timeout=30, trust_env=False)
    ours = answer.status_code == httpx.codes.CONFLICT and "BucketAlreadyOwnedByYou" in answer.text
    if answer.is_error and not ours:
        raise OperatorError(
            f"The object store did not let us make the bucket {bucket}: "
            f"{answer.status_code} {answer.text[:300]}"
        )
    # The first file in a new bucket takes some seconds, since the store makes room for more.
    try:
        obstore.put(store, _TRIAL, b"")
        obstore.delete(store, _TRIAL)
    except (BaseError, OSError) as error:
        raise OperatorError(f"The object store keeps no files: {error}") from error
