"""Reports are made in the background: all of a class, in order, tagged, once (R27)."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID

import pikepdf
import pytest

from tests.reports.generation import ReportingSchool, names_in, pages_of
from tests.roster.door import Door

CLASS = ["Zoë Adams", "Bo Baker", "Cy Carr"]


@pytest.fixture
async def school(reports: Door) -> ReportingSchool:
    school = ReportingSchool(reports)
    await school.begins_reports()
    return school


@pytest.fixture
async def blue(school: ReportingSchool) -> UUID:
    """A class with marks, whose pupils were told of in another order."""
    pupils = await school.children(*reversed(CLASS))
    await school.marks(pupils)
    return await school.group("3 Blue", *pupils)


class TestOneFile:
    async def test_has_every_pupil_once_in_order_and_is_tagged(
        self, school: ReportingSchool, blue: UUID
    ) -> None:
        teacher = school.as_teacher(await school.teacher(blue))
        job = await school.made(school.body("group", blue), teacher)
        answer = await school.file(job["id"], teacher)
        assert answer.headers["content-type"] == "application/pdf"
        pages = pages_of(answer.content)
        assert [name for page in pages for name in CLASS if name in page] == CLASS
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.Lang == "en-GB"
            assert pdf.Root.StructTreeRoot.K
            assert "3 Blue" in str(pdf.docinfo["/Title"])


class TestOneEach:
    async def test_is_a_zip_called_by_the_pupils(self, school: ReportingSchool, blue: UUID) -> None:
        teacher = school.as_teacher(await school.teacher(blue))
        job = await school.made(school.body("group", blue, "zip"), teacher)
        answer = await school.file(job["id"], teacher)
        assert answer.headers["content-type"] == "application/zip"
        assert names_in(answer.content) == ["Adams, Zoë.pdf", "Baker, Bo.pdf", "Carr, Cy.pdf"]
        with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
            for name, entry in zip(CLASS, opened.infolist(), strict=True):
                assert name in "".join(pages_of(opened.read(entry)))
