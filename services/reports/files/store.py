"""Files of schools in an object store, each under its school; written whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from shared.web.problems import Unavailable

if TYPE_CHECKING:  # the type alone, which its module has no name for
    from obstore.store import S3Config

__all__ = ["FileGone", "FileStore", "FilesAway", "StoreAccess"]

log = structlog.get_logger(__name__)

_PIECE_BYTES = 256 * 1024


class FilesAway(Unavailable):
    """The store does not answer, or is full."""

    slug, title = "files-away", "Files cannot be reached just now"

    def __init__(self) -> None:
        super().__init__(
            "The place where files are kept does not answer. Please try again in a minute.",
            headers={"Retry-After": "5"},
        )


class FileGone(LookupError):
    """Nothing lies there."""


@dataclass(frozen=True)
class StoreAccess:
    """Where an S3 store is and what opens it; what is `None`, its own variables say (`AWS_…`)."""

    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)


class FileStore:
    """`url`: `file:///folder`, `s3://bucket/prefix` or what else obstore knows.

    Asked in threads: a process that ends just after one of obstore's own asynchronous answers is
    aborted now and then (0.12.1, one time in fifteen).
    """

    def __init__(self, url: str, access: StoreAccess | None = None) -> None:
        self._store = _opened(url, access or StoreAccess())

    async def put(self, school_id: UUID, name: str, content: bytes) -> None:
        """Raises `FilesAway`."""
        try:
            await asyncio.to_thread(obstore.put, self._store, _path(school_id, name), content)
        except (BaseError, OSError) as error:
            log.exception("file not kept", name=name)
            raise FilesAway from error

    async def get(self, school_id: UUID, name: str) -> bytes:
        """Raises `FileGone`, `FilesAway`."""
        try:
            return await asyncio.to_thread(self._read, _path(school_id, name))
        except (NotFoundError, FileNotFoundError) as error:
            raise FileGone(name) from error
        except (BaseError, OSError) as error:
            log.exception("file not read", name=name)
            raise FilesAway from error

    async def opened(self, school_id: UUID, name: str) -> Iterator[bytes]:
        """Its content, piece by piece, to be read in a thread. Raises `FileGone`, `FilesAway`."""
        try:
            return await asyncio.to_thread(self._pieces, _path(school_id, name))
        except (NotFoundError, FileNotFoundError) as error:
            raise FileGone(name) from error
        except (BaseError, OSError) as error:
            log.exception("file not read", name=name)
            raise FilesAway from error

    async def delete(self, school_id: UUID, name: str) -> None:
        """Nothing there is fine. Raises `FilesAway`."""
        try:
            with suppress(NotFoundError, FileNotFoundError):
                await asyncio.to_thread(obstore.delete, self._store, _path(school_id, name))
        except (BaseError, OSError) as error:
            log.exception("file not deleted", name=name)
            raise FilesAway from error

    async def delete_all(self, school_id: UUID, folder: str) -> None:
        """All that lies below it; nothing there is fine. Raises `FilesAway`."""
        try:
            await asyncio.to_thread(self._delete_all, _path(school_id, folder))
        except (BaseError, OSError) as error:
            log.exception("files not deleted", folder=folder)
            raise FilesAway from error

    async def delete_school(self, school_id: UUID) -> None:
        """All files of the school. Raises `FilesAway`."""
        await self.delete_all(school_id, "")

    def _pieces(self, path: str) -> Iterator[bytes]:
        return (bytes(piece) for piece in obstore.get(self._store, path).stream(_PIECE_BYTES))

    def _delete_all(self, folder: str) -> None:
        for some in obstore.list(self._store, folder):
            for one in some:
                with suppress(NotFoundError, FileNotFoundError):
                    obstore.delete(self._store, one["path"])

    def _read(self, path: str) -> bytes:
        return bytes(obstore.get(self._store, path).bytes())


def _opened(url: str, access: StoreAccess) -> ObjectStore:
    if url.startswith("file:"):
        return from_url(url, mkdir=True)
    if url.startswith("memory:"):
        return from_url(url)
    # obstore’s own patience is three minutes, longer than anybody waits for a page. Whether the way
    # is encrypted is the address’s to say.
    return from_url(
        url,
        config=_s3_options(access) if url.startswith("s3:") else None,
        client_options={"connect_timeout": "3s", "timeout": "10s", "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
    )


def _s3_options(access: StoreAccess) -> S3Config:
    options: S3Config = {}
    if access.endpoint is not None:
        options["endpoint"] = access.endpoint
    if access.access_key_id is not None and access.secret_access_key is not None:
        options["access_key_id"] = access.access_key_id
        options["secret_access_key"] = access.secret_access_key
    return options


def _path(school_id: UUID, name: str) -> str:
    return f"schools/{school_id}/{name}"
