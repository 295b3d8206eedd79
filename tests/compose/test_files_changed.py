"""The keys of Compose's object store are changed while files are written and read; files that lie
elsewhere are brought into it; and a school that leaves takes its own along (R27)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.compose.addresses import FILES_BUCKET
from deploy.compose.handing_out import hand_out
from deploy.compose.object_store import Keys, keys_of, make_bucket
from deploy.local import rotation, school_files
from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import FileKey
from deploy.local.state import NEXT, State
from deploy.local.system import System
from services.reports.files.store import FileStore, StoreKey, paired
from services.reports.settings import Settings
from tests.compose.object_store import RunningStore, object_store, store_here
from tests.eventually import eventually

pytestmark = pytest.mark.skipif(store_here() is None, reason="SeaweedFS is not here")

URL = f"s3://{FILES_BUCKET}/files"


@dataclass
class Shop:
    """A store, the operator's folder, and reports as its container sees the store."""

    state: State
    store: RunningStore
    files: FileStore
    handed: Path

    def system(self, *, ours: bool = True) -> System:
        return System(
            state=self.state,
            database=lambda: "",
            management=lambda: "",
            hand_out=lambda: hand_out(self.state, self.handed),
            in_identity=None,
            opens_files=lambda key_id, secret: self.opens(FileKey(key_id, secret)),
            files_are_ours=ours,
        )

    def opens(self, key: FileKey) -> bool:
        return school_files.opens(self.state, key)


@pytest.fixture(scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    handed, state = folder / "handed-out", State(folder / "home")
    handed.mkdir()
    hand_out(state, handed)
    (folder / "store").mkdir()
    # What the step hands out is what the store reads.
    (folder / "store" / "secrets").symlink_to(handed / "object-store")
    keys = keys_of(state)
    async with object_store(keys, folder / "store") as store:
        make_bucket(keys.admin[0], store.address, FILES_BUCKET)
        where = {"url": URL, "endpoint": store.address, "region": "us-east-1"}
        state.write("stack", {"url": "http://localhost", "files": where})
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("CLASSROOM_SECRETS_DIR", str(handed / "reports"))
            patched.setenv("AWS_REGION", "us-east-1")
            settings = Settings(
                files_url=URL, files_endpoint=store.address, principal_public_key_file=Path("keys")
            )
            yield Shop(state, store, FileStore(URL, settings.files_access), handed)


@asynccontextmanager
async def files_in_use(shop: Shop) -> AsyncIterator[None]:
    """Written, read and deleted all the while, and the store looked after; nothing ever fails."""
    times = 0

    async def use() -> None:
        nonlocal times
        school = uuid4()
        while True:
            await shop.files.put(school, "jobs/1/file.pdf", b"a report")
            assert await shop.files.get(school, "jobs/1/file.pdf") == b"a report"
            await shop.files.delete_all(school, "jobs/1")
            times += 1

    tasks = [asyncio.create_task(use()) for _ in range(3)]
    looking = asyncio.create_task(shop.store.keep_looking_after())
    try:
        yield
        enough = times + 4  # some of which may have begun before
        while times < enough:
            done, _ = await asyncio.wait(tasks, timeout=0.05)
            assert not done, [task.exception() for task in done]
    finally:
        for task in (*tasks, looking):
            task.cancel()
        ended = await asyncio.gather(*tasks, looking, return_exceptions=True)
    assert [each for each in ended if not isinstance(each, asyncio.CancelledError)] == []


async def test_the_keys_of_our_store_are_changed_while_files_are_in_use(shop: Shop) -> None:
    before = keys_of(shop.state)
    async with files_in_use(shop):
        await asyncio.to_thread(rotation.ROTATED["files"], shop.system())
    after = keys_of(shop.state)
    for old, new in zip(_every(before), _every(after), strict=True):
        assert await asyncio.to_thread(shop.opens, new)
        assert not await asyncio.to_thread(shop.opens, old)
    assert after.reports[0].secret in (shop.handed / "object-store/identities.json").read_text()
    assert before.reports[0].secret not in _all_that_was_handed_out(shop)


@pytest.mark.parametrize("left", ["begun", "half begun", "half put in its place"])
async def test_a_change_that_was_interrupted_goes_on_where_it_was(shop: Shop, left: str) -> None:
    """Files can be used meanwhile, whatever of it is there."""
    before, state = keys_of(shop.state), shop.state
    state.replace_secret(f"files-reports-key-id{NEXT}", "another")
    if left != "half begun":
        state.replace_secret(f"files-reports-secret{NEXT}", "its secret")
    if left == "half put in its place":
        hand_out(state, shop.handed)
        await shop.store.look_after()
        state.promote("files-reports-key-id")
    async with files_in_use(shop):
        hand_out(state, shop.handed)
        await asyncio.to_thread(rotation.ROTATED["files"], shop.system())
    assert not await asyncio.to_thread(shop.opens, before.reports[0])
    assert await asyncio.to_thread(shop.opens, keys_of(state).reports[0])


async def test_the_key_of_somebody_else_s_store_is_put_then_the_old_one_taken_away(
    shop: Shop,
) -> None:
    """The store is theirs: they make the new key, and take the old one away when we are done."""
    theirs, [old] = shop.system(ours=False), keys_of(shop.state).reports
    with pytest.raises(OperatorError, match="no object store of ours"):
        rotation.ROTATED["files"](theirs)
    with pytest.raises(OperatorError, match="does not open"):
        await asyncio.to_thread(rotation.PUT["files"], theirs, "unknown:guessed")
    with pytest.raises(OperatorError, match="is ours"):
        rotation.PUT["files"](shop.system(), "theirs:secret")
    identities = shop.handed / "object-store" / "identities.json"
    known = identities.read_text()
    both = known.replace(
        f'"accessKey": "{old.id}"',
        f'"accessKey": "theirs", "secretKey": "secret" }}, {{ "accessKey": "{old.id}"',
    )
    async with files_in_use(shop):
        identities.chmod(0o600)
        identities.write_text(both)
        theirs_opens = partial(asyncio.to_thread, shop.opens, FileKey("theirs", "secret"))
        await eventually(theirs_opens)
        await asyncio.to_thread(rotation.PUT["files"], theirs, "theirs:secret\n")
        assert len(keys_of(shop.state).reports) == 2
        with pytest.raises(OperatorError, match="put already"):
            rotation.PUT["files"](theirs, "theirs:secret")
        await asyncio.to_thread(rotation.FINISHED["files"], theirs)
    assert keys_of(shop.state).reports == (FileKey("theirs", "secret"),)
    await shop.store.look_after()
    assert not await asyncio.to_thread(shop.opens, old)


async def test_a_school_takes_its_files_along_out_of_the_store(shop: Shop, tmp_path: Path) -> None:
    school, other = uuid4(), uuid4()
    large = bytes(range(256)) * 4096 * 12
    await shop.files.put(school, "logos/a.png", b"a logo")
    await shop.files.put(school, "jobs/1/file.pdf", large)
    await shop.files.put(other, "logos/b.png", b"another's")
    found = {
        name: b"".join(pieces) for name, pieces in school_files.files_of_school(shop.state, school)
    }
    assert found == {"logos/a.png": b"a logo", "jobs/1/file.pdf": large}


async def test_files_of_an_older_volume_are_brought_and_nothing_is_written_over(
    shop: Shop, tmp_path: Path
) -> None:
    school = uuid4()
    older = FileStore(tmp_path.as_uri())
    for name in ("logos/a.png", "logos/b.png", "jobs/1/file.pdf"):
        await older.put(school, name, name.encode())
    await shop.files.put(school, "logos/b.png", b"a newer one")
    assert await asyncio.to_thread(school_files.bring, shop.state, tmp_path) == (2, 1)
    assert await asyncio.to_thread(school_files.bring, shop.state, tmp_path) == (0, 3)
    assert await shop.files.get(school, "logos/a.png") == b"logos/a.png"
    assert await shop.files.get(school, "logos/b.png") == b"a newer one"
    with pytest.raises(OperatorError, match="no schools/"):
        school_files.bring(shop.state, tmp_path / "schools")


def test_keys_are_paired_also_while_one_of_two_files_is_new() -> None:
    assert paired(["b", "a"], ["2", "1"]) == [StoreKey("b", "2"), StoreKey("a", "1")]
    assert StoreKey("a", "1") in paired(["b", "a"], ["1"])
    assert StoreKey("b", "2") in paired(["b"], ["2", "1"])


def _every(keys: Keys) -> list[FileKey]:
    return [*keys.admin, *keys.reports]


def _all_that_was_handed_out(shop: Shop) -> str:
    return "".join(path.read_text() for path in shop.handed.rglob("*") if path.is_file())
