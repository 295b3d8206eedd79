"""Files in the object store of Compose, run here: whom it lets in, and to what (R24, R27)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from deploy.compose.addresses import FILES_BUCKET
from deploy.compose.object_store import Keys, keys_of, make_bucket
from deploy.local.errors import OperatorError
from deploy.local.state import State
from services.reports.files.store import (
    FileGone,
    FilesAway,
    FileStore,
    StoreAccess,
    StoreKey,
)
from tests.compose.object_store import object_store, store_here

pytestmark = pytest.mark.skipif(store_here() is None, reason="SeaweedFS is not here")

URL = f"s3://{FILES_BUCKET}/files"
LARGE = bytes(range(256)) * 4096 * 12  # more than a piece, more than one part of the store's own


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return keys_of(State(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
async def store(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StoreAccess]:
    """With a bucket, as reports opens it."""
    async with object_store(keys, tmp_path_factory.mktemp("store")) as running:
        make_bucket(keys.admin[0], running.address, FILES_BUCKET)
        [key] = keys.reports
        yield _opened(running.address, key.id, key.secret)


def _opened(endpoint: str | None, key_id: str, secret: str) -> StoreAccess:
    return StoreAccess(endpoint, lambda: [StoreKey(key_id, secret)])


async def test_files_are_kept_read_in_pieces_and_deleted_with_their_folder(
    store: StoreAccess,
) -> None:
    """R27: of one school only, whatever another's is called."""
    files, school, other = FileStore(URL, store), uuid4(), uuid4()
    for owner in (school, other):
        await files.put(owner, "jobs/1/file.pdf", LARGE)
        await files.put(owner, "logos/a.png", b"a logo")
    assert b"".join(await files.opened(school, "jobs/1/file.pdf")) == LARGE
    await files.delete_all(school, "jobs/1")
    with pytest.raises(FileGone):
        await files.get(school, "jobs/1/file.pdf")
    assert await files.get(school, "logos/a.png") == b"a logo"
    assert await files.get(other, "jobs/1/file.pdf") == LARGE


async def test_the_bucket_is_made_once_by_whoever_may(keys: Keys, store: StoreAccess) -> None:
    assert store.endpoint is not None
    make_bucket(keys.admin[0], store.endpoint, FILES_BUCKET)
    with pytest.raises(OperatorError, match="403"):
        make_bucket(keys.reports[0], store.endpoint, "another")


@pytest.mark.parametrize("way", ["another bucket", "another's key", "a wrong secret", "no key"])
async def test_nothing_else_is_opened(way: str, keys: Keys, store: StoreAccess) -> None:
    assert store.endpoint is not None
    make_bucket(keys.admin[0], store.endpoint, "backups")
    [admin], [reports] = keys.admin, keys.reports
    url, access = {
        "another bucket": ("s3://backups/files", store),
        "another's key": (URL, _opened(store.endpoint, admin.id, reports.secret)),
        "a wrong secret": (URL, _opened(store.endpoint, reports.id, "guessed")),
        "no key": (URL, _opened(store.endpoint, "", "")),
    }[way]
    with pytest.raises(FilesAway):
        await FileStore(url, access).put(uuid4(), "logos/a.png", b"a logo")


async def test_a_store_that_is_away_is_told(store: StoreAccess) -> None:
    away = replace(store, endpoint="http://127.0.0.1:1")
    with pytest.raises(FilesAway):
        await FileStore(URL, away).get(uuid4(), "logos/a.png")


async def test_a_key_is_never_printed(keys: Keys, store: StoreAccess) -> None:
    [key] = keys.reports
    assert key.secret not in repr(keys) + repr(store) + repr(StoreKey("id", key.secret))
