"""Files of schools in an object store, each under its school; written whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import obstore
import structlog
from obstore.exceptions import (
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import ObjectStore, from_url

from shared.web.problems import Unavailable

if TYPE_CHECKING:  # the type alone, which its module has no name for
    from obstore.store import S3Config

__all__ = ["FileGone", "FileStore", "FilesAway", "StoreAccess", "StoreKey", "paired"]

T = TypeVar("T")

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
class StoreKey:
    """A key of an S3 store."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class StoreAccess:
    """Where an S3 store is and what opens it; what is `None`, its own variables say (`AWS_…`)."""

    endpoint: str | None = None
    keys: Callable[[], Sequence[StoreKey]] | None = None
    """What is valid at this moment, the newest first."""


def paired(ids: Sequence[str], secrets: Sequence[str]) -> list[StoreKey]:
    """Each id with its secret; any with any, where only one of two files has been replaced yet."""
    pairs = zip(ids, secrets, strict=True) if len(ids) == len(secrets) else product(ids, secrets)
    return [StoreKey(*pair) for pair in pairs]


class FileStore:
    """`url`: `file:///folder`, `s3://bucket/prefix` or what else obstore knows.

    Asked in threads: a process that ends just after one of obstore's own asynchronous answers is
    aborted now and then (0.12.1, one time in fifteen).
    """

    def __init__(self, url: str, access: StoreAccess | None = None) -> None:
        self._url = url
        self._access = access or StoreAccess()
        self._open: dict[StoreKey | None, ObjectStore] = {}
        self._stores()

    async def put(self, school_id: UUID, name: str, content: bytes) -> None:
        """Raises `FilesAway`."""
        try:
            await asyncio.to_thread(
                self._let_in, lambda store: obstore.put(store, _path(school_id, name), content)
            )
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
                await asyncio.to_thread(
                    self._let_in, lambda store: obstore.delete(store, _path(school_id, name))
                )
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
        found = self._let_in(lambda store: obstore.get(store, path))
        return (bytes(piece) for piece in found.stream(_PIECE_BYTES))

    def _delete_all(self, folder: str) -> None:
        self._let_in(lambda store: _delete_below(store, folder))

    def _read(self, path: str) -> bytes:
        return bytes(self._let_in(lambda store: obstore.get(store, path)).bytes())

    def _let_in(self, ask: Callable[[ObjectStore], T]) -> T:
        """What the store answers to the first key that it lets in, else its last refusal."""
        *others, last = self._stores()
        for store in others:
            with suppress(PermissionDeniedError, UnauthenticatedError):
                return ask(store)
        return ask(last)

    def _stores(self) -> list[ObjectStore]:
        """One for each key that is valid now. Those of older keys are let go."""
        keys: Sequence[StoreKey | None] = self._access.keys() if self._access.keys else (None,)
        if list(self._open) != list(keys):
            self._open = {
                key: self._open.get(key) or _opened(self._url, self._access.endpoint, key)
                for key in keys
            }
        return list(self._open.values())


def _delete_below(store: ObjectStore, folder: str) -> None:
    # A list that is refused does not say so by its class (obstore 0.12.1), a look at a file does.
    with suppress(NotFoundError, FileNotFoundError):
        obstore.head(store, f"{folder.rstrip('/')}/none")
    for some in obstore.list(store, folder):
        for one in some:
            with suppress(NotFoundError, FileNotFoundError):
                obstore.delete(store, one["path"])


def _opened(url: str, endpoint: str | None, key: StoreKey | None) -> ObjectStore:
    if url.startswith("file:"):
        return from_url(url, mkdir=True)
    if url.startswith("memory:"):
        return from_url(url)
    # obstore’s own patience is three minutes, longer than anybody waits for a page. Whether the way
    # is encrypted is the address’s to say.
    return from_url(
        url,
        config=_s3_options(endpoint, key) if url.startswith("s3:") else None,
        client_options={"connect_timeout": "3s", "timeout": "10s", "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
    )


def _s3_options(endpoint: str | None, key: StoreKey | None) -> S3Config:
    options: S3Config = {}
    if endpoint is not None:
        options["endpoint"] = endpoint
    if key is not None:
        options["access_key_id"] = key.id
        options["secret_access_key"] = key.secret
    return options


def _path(school_id: UUID, name: str) -> str:
    return f"schools/{school_id}/{name}"
