"""The sheet of slips: what stands on it, for eyes and for screen readers, the same each time."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import pikepdf
import pytest

from services.identity.starting_codes.press import MOST_SLIPS, PressBusy, Sheet, SlipPress, SlipText
from tests.slips import codes_on, pages_of

SLIP = SlipText(
    name="Zoë O’Neill-Ŵyn",
    username="ng75pn_oneillwyn",
    label="Starting code",
    secret="KQ7M-3XHD-W9TP",
    is_code=True,
    until="9 December 2026 at 14:00",
    hint="The code works once.",
)


def a_sheet(count: int, name: str = SLIP.name) -> Sheet:
    slips = [replace(SLIP, username=f"ng75pn_{number}", name=name) for number in range(count)]
    return Sheet("Signing in", "Heron Park", "https://classroom.example/sign-in", slips)


async def printed(sheet: Sheet) -> bytes:
    press = SlipPress()
    try:
        return await press.press(sheet)
    finally:
        press.close()


async def test_each_slip_says_who_where_with_what_and_until_when() -> None:
    [page] = pages_of(await printed(a_sheet(1)))
    for said in (
        "Heron Park",
        SLIP.name,
        "https://classroom.example/sign-in",
        "ng75pn_0",
        SLIP.secret,
        SLIP.until,
        SLIP.hint,
    ):
        assert said in page


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
async def test_four_stand_on_a_page_of_a4_and_none_is_cut_in_two(count: int, pages: int) -> None:
    made = await printed(a_sheet(count))
    assert len(codes_on(made)) == count
    texts = pages_of(made)
    assert len(texts) == pages
    assert [text.count("Works until") for text in texts[:-1]] == [4] * (pages - 1)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for page in pdf.pages:
            width, height = (float(length) / 72 * 25.4 for length in page.mediabox[2:])
            assert (round(width), round(height)) == (210, 297)


async def test_it_is_tagged_and_has_title_and_language() -> None:
    with pikepdf.open(io.BytesIO(await printed(a_sheet(2)))) as pdf:
        assert pdf.Root.Lang == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.docinfo.Title == "Signing in"
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == "Signing in"
        assert metadata["pdfuaid:part"] == "1"
        assert "H1" in roles(pdf.Root.StructTreeRoot)
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.resources.Font.values()}
        assert all("AtkinsonHyperlegible" in font for font in fonts), fonts


def roles(node: pikepdf.Object) -> set[str]:
    """What the parts of a tagged PDF are."""
    found = {str(node.S).strip("/")} if "/S" in node else set()
    inside = node.get("/K")
    children = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
    for child in children:
        if isinstance(child, pikepdf.Dictionary):
            found |= roles(child)
    return found


async def test_the_same_slips_are_the_same_bytes() -> None:
    assert await printed(a_sheet(5)) == await printed(a_sheet(5))


async def test_names_are_text_and_never_markup() -> None:
    name = '#let x = 1; *bold* $a$ \\ "quoted" <tag> `raw`'
    [page] = pages_of(await printed(a_sheet(1, name=name)))
    assert name in page


@pytest.mark.parametrize("name", ["Ольга Παπαδόπουλος", "李小龙", "😀", "J" * 200, "a\u202eb"])
async def test_a_name_that_the_fonts_do_not_have_stops_no_slip(name: str) -> None:
    made = await printed(a_sheet(2, name=name))
    assert set(codes_on(made).values()) == {SLIP.secret}
    assert len(pages_of(made)) == 1


async def test_sheets_are_set_beside_the_event_loop_and_few_wait() -> None:
    press = SlipPress(waiting=1)
    try:
        setting = [asyncio.create_task(press.press(a_sheet(MOST_SLIPS))) for _ in range(3)]
        turns = 0
        while not all(task.done() for task in setting):
            await asyncio.sleep(0)
            turns += 1
        refused = [task for task in setting if isinstance(task.exception(), PressBusy)]
        assert len(refused) == 1
        assert len(pages_of(setting[0].result())) == MOST_SLIPS / 4
        assert turns > 100, "the loop was held up"
    finally:
        press.close()
