"""Reports as PDF: for eyes, for screen readers, for machines; the same bytes each time (R27)."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from services.reports.documents.document import Report
from services.reports.documents.press import print_one, print_pages, print_together
from services.reports.documents.presses import Presses, PrintingFailed
from services.reports.templates.template import Attainment, Page, Signatures, TemplateKind, Text
from shared.typesetting.fonts import not_printable, printable
from tests.reports.reporting import LOGOS, PUPIL, SCHOOL, report, with_marks
from tests.slips import pages_of

MARKUP = '#let x = 1 #panic("no") $a$ *bold* _it_ \\ `raw` <tag> @ref = head // no {pupil.forename}'
LATIN, ARABIC, HEBREW = "Zoë O’Neill-Ŵyn", "محمد", "שרה"
HOSTILE = {
    "markup": MARKUP,
    "long": "W" * 3_000,
    "emoji": "😀 👍🏽 👩‍👩‍👧 🇬🇧 ❤️",
    "right-to-left": f"{ARABIC} {HEBREW} in 3 Blue",
    "turned": "a\u202eb\u202dc\u2066d",
    "combining": "Z̷̢̛a̐l̴g̶o̸ é̐",
    "unknown": "李小龙 ꙮ \U0001f6d8 𝓗ello",
    "controls": "a\x01b\x7fc\u2028d",
    "empty": " ",
}


def elements(node: Any, inside: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each tag of a PDF in reading order, with its element; `P` of a table as `Table/TR/TD/P`."""
    here = (*inside, str(node.S).strip("/")) if "/S" in node else inside
    if "/S" in node:
        yield "/".join(here), node
    kids = node.get("/K")
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid, here)


def tags(pdf: pikepdf.Pdf) -> list[str]:
    """The last part of each."""
    return [path.rpartition("/")[2] for path, _ in elements(pdf.Root.StructTreeRoot)]


def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(made))


def plain(made: bytes) -> str:
    """All its words in their order; where lines end is the page's business."""
    return " ".join(" ".join(pages_of(made)).replace("\u200b", "").split())


class TestForScreenReaders:
    def test_it_is_pdf_ua_with_title_and_language(self) -> None:
        with opened(print_one(report(), LOGOS)) as pdf:
            assert pdf.Root.Lang == "en-GB"
            assert bool(pdf.Root.MarkInfo.Marked)
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            metadata = pdf.open_metadata()
            assert metadata["dc:title"] == "Report for Maya Patel"
            assert metadata["pdfuaid:part"] == "1"

    def test_headings_follow_each_other_and_none_is_skipped(self) -> None:
        with opened(print_one(report(), LOGOS)) as pdf:
            levels = [int(tag[1]) for tag in tags(pdf) if re.fullmatch(r"H[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_tables_say_what_their_columns_are(self) -> None:
        made = report(None, Attainment(earlier_terms=1))
        with opened(print_one(made, {})) as pdf:
            found = list(elements(pdf.Root.StructTreeRoot))
        heads = [node for path, node in found if path.endswith("/TH")]
        assert len(heads) == 5, "subject, attainment, expectation, effort, the term before"
        scopes = {str(each.Scope) for head in heads for each in head.A if "/Scope" in each}
        assert scopes == {"/Column"}
        rows = [path for path, _ in found if path.endswith("/TR")]
        assert len(rows) == 1 + len(SCHOOL.subjects)

    def test_the_logo_is_a_figure_with_words_for_it(self) -> None:
        with opened(print_one(report(), LOGOS)) as pdf:
            figures = [n for p, n in elements(pdf.Root.StructTreeRoot) if p.endswith("Figure")]
            assert [str(figure.Alt) for figure in figures] == [f"Logo of {SCHOOL.name}"]
        with opened(print_one(report(), {})) as pdf:
            assert "Figure" not in tags(pdf), "it is lost, or there is none"

    def test_lines_to_sign_on_and_running_heads_are_furniture(self) -> None:
        """A screen reader that reads the text hears each word once."""
        made = print_one(report(None, Signatures(lines=("Head teacher",))), {})
        with opened(made) as pdf:
            assert not {"Figure", "Table"} & set(tags(pdf))
            marked = pdf.pages[0].Contents.read_bytes()
        assert marked.count(b"/Artifact") >= 3


class TestPages:
    def test_are_a4_and_numbered_for_each_pupil_by_themselves(self) -> None:
        reports = [report(with_marks(replace(PUPIL, forename=name))) for name in ("Ana", "Bo")]
        reports.append(report(replace(PUPIL, forename="Cy"), Text(text="Short"), page=Page()))
        made = print_together("Reports of 3 Blue", reports, LOGOS)
        texts = pages_of(made)
        assert [found for text in texts for found in re.findall(r"Page \d+ of \d+", text)] == [
            *(f"Page {number} of 2" for number in (1, 2)),
            *(f"Page {number} of 2" for number in (1, 2)),
            "Page 1 of 1",
        ]
        assert [name for text in texts for name in ("Ana", "Bo", "Cy") if name in text] == [
            "Ana", "Ana", "Bo", "Bo", "Cy",
        ]  # fmt: skip
        headed = [bool(re.match(r"\w+ Patel\W+Autumn 2026/27", text)) for text in texts]
        assert headed == [False, True, False, True, False], "a first page says it by itself"
        with opened(made) as pdf:
            assert pdf.open_metadata()["dc:title"] == "Reports of 3 Blue"
            assert tags(pdf).count("H1") == 3
            for page in pdf.pages:
                width, height = (float(length) / 72 * 25.4 for length in page.mediabox[2:])
                assert (round(width), round(height)) == (210, 297)

    def test_say_what_the_template_wants_of_them_and_nothing_else(self) -> None:
        page = Page(logo=False, school_name=False, footer="Call {school.name}", page_numbers=False)
        [text] = pages_of(print_one(report(None, Text(text="Short"), page=page), LOGOS))
        assert f"Call {SCHOOL.name}" in text
        assert text.count(SCHOOL.name) == 1
        assert "Page 1" not in text

    def test_a_table_over_two_pages_has_its_head_on_both(self) -> None:
        many = [replace(s, id=replace(s).id, name=f"{s.name} {n}") for n in range(4)
                for s in SCHOOL.subjects]  # fmt: skip
        school = replace(SCHOOL, subjects=many)
        made = print_one(report(with_marks(school=school), Attainment(), school=school), {})
        texts = pages_of(made)
        assert len(texts) == 2
        assert all("Attainment" in text and "Effort" in text for text in texts)


class TestTheSameBytes:
    @pytest.mark.parametrize("kind", TemplateKind)
    def test_for_the_same_report_whatever_was_printed_before(self, kind: TemplateKind) -> None:
        made = print_one(report(kind=kind), LOGOS)
        print_one(report(with_marks(replace(PUPIL, forename="Else"))), {})
        assert print_one(report(kind=kind), LOGOS) == made

    async def test_in_another_process(self) -> None:
        presses = Presses(seconds=60)
        try:
            assert await presses.one(report(), LOGOS) == print_one(report(), LOGOS)
        finally:
            await asyncio.to_thread(presses.close)


class TestTexts:
    @pytest.mark.parametrize("name", HOSTILE, ids=list(HOSTILE))
    def test_are_data_whatever_they_hold_and_the_pdf_stays_accessible(self, name: str) -> None:
        text = HOSTILE[name]
        pupil = replace(PUPIL, forename=text[:60], surname=text[:60], legal_name=text)
        made = print_one(
            report(
                with_marks(pupil, comment=text, class_teacher=text, head_teacher=text),
                school=replace(SCHOOL, name=text[:60]),
            ),
            LOGOS,
        )
        with opened(made) as pdf:
            assert pdf.open_metadata()["pdfuaid:part"] == "1"

    def test_are_printed_as_they_were_written(self) -> None:
        pupil = with_marks(replace(PUPIL, forename=LATIN), class_teacher=MARKUP)
        made = plain(print_one(report(pupil), LOGOS))
        assert MARKUP in made
        assert f"Report for {LATIN} Patel" in made

    def test_letters_that_cannot_be_printed_are_told(self) -> None:
        """Those for which a box is printed, and no other: what is left out says nothing."""
        for name, text in HOSTILE.items():
            told = not_printable(text)
            assert told == ("李小龙" if name == "unknown" else ""), name
            assert printable(text).count("□") == sum(text.count(one) for one in told)

    def test_keep_within_the_page(self) -> None:
        """Nothing is drawn in the margins but the running head and foot."""
        long = "W" * 400
        bands = [replace(band, name=long[:60]) for band in SCHOOL.bands]
        subjects = [replace(s, name=long[: 40 + n]) for n, s in enumerate(SCHOOL.subjects)]
        school = replace(SCHOOL, bands=bands, subjects=subjects, name=long[:200])
        pupil = replace(PUPIL, forename=long[:100], class_name=long[:60], class_teachers=(long,))
        made = report(with_marks(pupil, school, comment=long), school=school)
        for page in pypdfium2.PdfDocument(print_one(made, LOGOS)):
            picture = page.render(scale=1).to_pil().convert("L")
            width, height = picture.size
            for margin in ((0, 0, 40, height), (width - 40, 0, width, height)):
                assert picture.crop(margin).getextrema() == (255, 255)


class TestPresses:
    async def test_one_that_takes_too_long_is_stopped_and_another_takes_its_place(self) -> None:
        presses = Presses(seconds=60)
        try:
            with pytest.raises(PrintingFailed, match=r"longer than 0\.01 seconds"):
                await presses.together("Too many", [report()] * 300, LOGOS, seconds=0.01)
            assert await presses.one(report(), LOGOS)
        finally:
            await asyncio.to_thread(presses.close)

    async def test_one_that_is_killed_while_it_does_nothing_is_replaced(self) -> None:
        """As where the machine has no memory left."""
        others = {process.pid for process in multiprocessing.active_children()}
        presses = Presses(seconds=60)
        try:
            assert await presses.one(report(), LOGOS)
            ours = [each for each in multiprocessing.active_children() if each.pid not in others]
            assert ours
            for press in ours:
                press.kill()
                await asyncio.to_thread(press.join)
            made = [presses.one(report(), LOGOS) for _ in range(3)]
            lost = await asyncio.gather(*made, return_exceptions=True)
            assert all(isinstance(one, bytes | PrintingFailed) for one in lost)
            assert await presses.one(report(), LOGOS)
        finally:
            await asyncio.to_thread(presses.close)


def test_pictures_of_pages_are_pngs_of_a4() -> None:
    made: Report = report()
    pictures = [Image.open(io.BytesIO(page)) for page in print_pages(made, LOGOS, 72)]
    assert len(pictures) == len(pages_of(print_one(made, LOGOS)))
    assert {picture.size for picture in pictures} == {(595, 842)}
