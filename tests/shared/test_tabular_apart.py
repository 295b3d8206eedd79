"""Files from outside are read in a process of its own, which is all that they can take down."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil
import pytest

from shared.tabular.apart import read_apart
from shared.tabular.table import Limits, Row, TableProblem
from tests.shared.tables import as_csv, as_xlsx, bomb, lying_bomb


async def read(folder: Path, content: bytes, limits: Limits | None = None) -> list[Row]:
    path = folder / "upload"
    path.write_bytes(content)
    async with read_apart(path, limits) as table:
        assert table.headings
        return [row async for batch in table.batches for row in batch]


async def refused(folder: Path, content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(TableProblem) as caught:
        await read(folder, content, limits)
    return caught.value.slug


async def test_rows_come_in_their_order(tmp_path: Path) -> None:
    rows = [[f"Jo {n}", "Smith\r\n–Łuk", "x" * 5_000] for n in range(450)]
    found = await read(tmp_path, as_csv([["A", "B", "C"], *rows]))
    assert [list(row.cells) for row in found] == rows
    assert [row.number for row in found] == list(range(2, 452))


async def test_what_is_wrong_comes_across(tmp_path: Path) -> None:
    assert await refused(tmp_path, b"") == "empty-file"
    content = as_csv([["A"], *[["1"]] * 300])
    assert await refused(tmp_path, content, Limits(rows=299)) == "too-many-rows"


async def test_a_bomb_is_seen_before_it_is_unpacked(tmp_path: Path) -> None:
    content = bomb(70)
    assert len(content) < 2_000_000
    assert await refused(tmp_path, content) == "too-large"


@pytest.mark.parametrize("content", ["lies", "far away"])
async def test_one_that_hides_stops_its_reader_and_nothing_else(
    tmp_path: Path, content: str
) -> None:
    """A part that is larger than it says; a cell so far away that the sheet fills all memory."""
    hostile = (
        lying_bomb(70)
        if content == "lies"
        else as_xlsx([["A"]], lambda _, sheet: sheet.write_string(1_048_575, 60, "z"))
    )
    began = time.monotonic()
    slug, others = await asyncio.gather(
        refused(tmp_path, hostile), asyncio.sleep(0, result="go on meanwhile")
    )
    assert slug == ("broken-workbook" if content == "lies" else "unreadable")
    assert others == "go on meanwhile"
    assert time.monotonic() - began < 40


async def test_a_reader_that_was_stopped_is_not_the_last(tmp_path: Path) -> None:
    """Whatever ends the process that makes readers, the next file has one; and nobody's secrets."""
    assert len(await read(tmp_path, as_csv([["A"], ["1"]]))) == 1
    (makes_readers,) = [
        one
        for one in psutil.Process().children()
        if "shared.tabular.reader" in " ".join(one.cmdline())
    ]
    assert set(makes_readers.environ()) <= {"PYTHONIOENCODING", "LC_CTYPE"}
    makes_readers.kill()
    makes_readers.wait()
    assert len(await read(tmp_path, as_csv([["A"], ["1"]]))) == 1
