"""The school's logo: made anew from what may be one, and never lost to what may not (R24)."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from services.reports.logo import apart
from tests.reports.hostile import bomb, crest, declared, gps, saved, text_bomb, with_text
from tests.roster.door import Door, SchoolInTest, problem_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
FILM = {"save_all": True, "append_images": [crest("#800000")], "duration": 100}
PNG, JPEG = saved(crest(), "PNG"), saved(crest(), "JPEG")


def refused() -> dict[str, tuple[bytes, str]]:
    """Each with why; made when they are wanted, since some are large."""
    return {
        "svg": (SVG, "no-picture"),
        "svg-with-declaration": (b'<?xml version="1.0"?>\n' + SVG, "no-picture"),
        "html": (HTML, "no-picture"),
        "html-before-png": (HTML + PNG, "no-picture"),
        "gif": (saved(crest(), "GIF"), "no-picture"),
        "pdf": (b"%PDF-1.7\n%%EOF", "no-picture"),
        "zip": (b"PK\x03\x04" + PNG, "no-picture"),
        "empty": (b"", "no-picture"),
        "signature-alone": (PNG[:8], "no-picture"),
        "truncated-png": (saved(crest().effect_spread(40), "PNG")[:-3000], "broken"),
        "truncated-jpeg": (JPEG[: len(JPEG) // 2], "broken"),
        "truncated-webp": (saved(crest(), "WEBP", lossless=True)[:-60], "broken"),
        "bomb": (bomb(), "too-many-pixels"),
        "huge-declared": (declared(100_000, 100_000), "too-many-pixels"),
        "just-too-many": (declared(5001, 5000), "too-many-pixels"),
        "text-bomb": (text_bomb(), "broken"),
        "broken-exif": (saved(crest(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05no"), "broken"),
        "animated-png": (saved(crest(), "PNG", **FILM), "moving"),
        "animated-webp": (saved(crest(), "WEBP", **FILM), "moving"),
        "one-pixel": (saved(crest(size=(1, 1)), "PNG"), "too-small"),
        "a-line": (saved(crest(size=(2000, 20)), "PNG"), "too-narrow"),
    }


@pytest.fixture
def school(reports: Door) -> SchoolInTest:
    return SchoolInTest(reports)


async def upload(
    school: SchoolInTest, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    who = headers or school.as_admin()
    return await school.door.client.post("/logo", content=content, headers=who)


async def uploaded(school: SchoolInTest, content: bytes) -> dict[str, Any]:
    answer = await upload(school, content)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def picture(
    school: SchoolInTest, version: int, headers: dict[str, str] | None = None
) -> httpx.Response:
    path = f"/logo/{version}/school-logo.png"
    return await school.door.client.get(path, headers=headers or school.as_admin())


async def png_of(school: SchoolInTest) -> bytes:
    """The one in use."""
    answer = await picture(school, (await school.get("/logo"))["logo"]["version"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    return answer.content


async def opened(school: SchoolInTest) -> Image.Image:
    return Image.open(io.BytesIO(await png_of(school)))


async def logged(school: SchoolInTest) -> list[tuple[str, Any, Any]]:
    events = await school.told("activity.recorded.v1")
    entries = [entry for event in events for entry in event["data"]["entries"]]
    return [(entry["action"], entry["before"], entry["after"]) for entry in entries]


class TestWhatIsRefused:
    async def test_each_says_why_and_the_old_logo_stays(self, school: SchoolInTest) -> None:
        """One school and one logo, since each of these has a process of its own to start."""
        before, png = await uploaded(school, PNG), await png_of(school)
        for name, (content, why) in refused().items():
            answer = await upload(school, content)
            assert problem_of(answer) == (422, "logo-refused"), name
            assert answer.json()["problem"] == why, f"{name}: {answer.json()['detail']}"
            assert await school.get("/logo") == {"logo": before}, name
        assert await png_of(school) == png
        assert len(await logged(school)) == 1

    @pytest.mark.parametrize(("content", "named"), [(SVG, "an SVG drawing"), (b"", "is empty")])
    async def test_it_is_named_by_what_it_holds(
        self, school: SchoolInTest, content: bytes, named: str
    ) -> None:
        detail = (await upload(school, content)).json()["detail"]
        assert named in detail
        assert "Choose a PNG, JPEG or WebP file" in detail

    async def test_over_5_mib_is_not_even_looked_at(self, school: SchoolInTest) -> None:
        before = await uploaded(school, PNG)
        answer = await upload(school, PNG + bytes(5 * 1024 * 1024))
        assert problem_of(answer) == (413, "too-large")
        assert "larger than 5 MB" in answer.json()["detail"]
        assert await school.get("/logo") == {"logo": before}

    async def test_what_takes_too_much_ends_its_own_process_alone(
        self, school: SchoolInTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """16 megapixels with memory for fewer; with what it has by right, it is made."""
        large = saved(Image.new("RGBA", (4000, 4000), "#14506b80"), "PNG")
        before = await uploaded(school, PNG)
        with monkeypatch.context() as patch:
            patch.setattr(apart, "MEMORY_BYTES", 90 * 1024 * 1024)
            answer = await upload(school, large)
        assert problem_of(answer) == (422, "logo-refused")
        assert answer.json()["problem"] == "unreadable"
        assert await school.get("/logo") == {"logo": before}
        made = await uploaded(school, large)
        assert (made["width"], made["height"]) == (1200, 1200)

    async def test_what_takes_too_long_is_ended(
        self, school: SchoolInTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(apart, "SECONDS", 0)
        answer = await upload(school, PNG)
        assert (answer.status_code, answer.json()["problem"]) == (422, "unreadable")


class TestWhatIsTaken:
    @pytest.mark.parametrize(
        ("content", "size"),
        [
            (PNG, (320, 200)),
            (JPEG, (320, 200)),
            (saved(crest(), "WEBP", lossless=True), (320, 200)),
            (saved(crest(size=(3000, 1500)), "PNG"), (1200, 600)),
            (saved(crest().convert("P"), "PNG", transparency=0), (320, 200)),
            (saved(crest().convert("CMYK"), "JPEG"), (320, 200)),
            (
                saved(crest(), "MPO", save_all=True, append_images=[crest().convert("RGB")]),
                (320, 200),
            ),
        ],
        ids=["png", "jpeg", "webp", "large", "palette", "cmyk", "photo-of-a-phone"],
    )
    async def test_is_told_by_content_and_made_small(
        self, school: SchoolInTest, content: bytes, size: tuple[int, int]
    ) -> None:
        logo = await uploaded(school, content)
        assert (logo["width"], logo["height"]) == size
        made = await opened(school)
        assert (made.format, made.size) == ("PNG", size)

    async def test_keeps_its_colours_and_what_is_seen_through(self, school: SchoolInTest) -> None:
        await uploaded(school, PNG)
        made = await opened(school)
        assert made.getpixel((160, 20)) == (0x14, 0x50, 0x6B, 255)
        assert made.getpixel((0, 199)) == (0, 0, 0, 0)
        await uploaded(school, saved(Image.new("I;16", (100, 100), 0x8080), "PNG"))
        assert (await opened(school)).convert("RGB").getpixel((5, 5)) == (0x80, 0x80, 0x80)

    @pytest.mark.parametrize(
        ("content", "size"),
        [
            (PNG + b"PK\x03\x04 a secret ZIP file", (320, 200)),
            (PNG + HTML.replace(b"alert", b"secret"), (320, 200)),
            (JPEG + b"<?php secret ?>", (320, 200)),
            (with_text("a secret text"), (320, 200)),
            (gps(), (200, 320)),
        ],
        ids=["png-and-zip", "png-and-html", "jpeg-and-php", "text", "exif-with-gps"],
    )
    async def test_loses_all_but_its_pixels(
        self, school: SchoolInTest, content: bytes, size: tuple[int, int]
    ) -> None:
        """Polyglots, texts, and where a photograph was taken. It also stands the right way up."""
        assert b"secret" in content.lower()
        await uploaded(school, content)
        png = await png_of(school)
        assert b"secret" not in png.lower()
        made = Image.open(io.BytesIO(png))
        made.load()
        assert (made.size, made.info, dict(made.getexif())) == (size, {}, {})
        assert png.endswith(b"IEND\xaeB`\x82")


class TestOneAfterAnother:
    async def test_each_is_a_version_and_a_line_of_the_log(self, school: SchoolInTest) -> None:
        """R9. An earlier picture stays, so that a report can be made again as it was."""
        assert await school.get("/logo") == {"logo": None}
        first = await uploaded(school, PNG)
        png = await png_of(school)
        assert await uploaded(school, PNG) == first, "the same again is no change"
        second = await uploaded(school, saved(crest("#800000", (400, 400)), "WEBP"))
        assert (first["version"], second["version"]) == (1, 2)
        assert second["uploaded_by"] == "Sam Reed"
        assert (await picture(school, 1)).content == png
        assert await png_of(school) != png
        for _ in range(2):
            assert (await school.by_hand("DELETE", "/logo")).status_code == 204
        assert await school.get("/logo") == {"logo": None}
        assert problem_of(await picture(school, 3)) == (404, "no-logo")
        assert (await uploaded(school, PNG))["version"] == 4
        small, large = {"size": "320 × 200 pixels"}, {"size": "400 × 400 pixels"}
        assert await logged(school) == [
            ("logo.changed", None, small),
            ("logo.changed", small, large),
            ("logo.taken_away", large, None),
            ("logo.changed", None, small),
        ]

    async def test_of_two_at_once_one_is_in_use(self, school: SchoolInTest) -> None:
        files = [saved(crest("#800000", (n, n)), "PNG") for n in (100, 110, 120)]
        answers = await asyncio.gather(*[upload(school, file) for file in files])
        made = [answer.json() for answer in answers if answer.status_code == 201]
        assert made
        assert {a.status_code for a in answers} <= {201, 409}
        assert (await school.get("/logo"))["logo"] == max(made, key=lambda one: one["version"])
        assert (await opened(school)).size in [(one["width"], one["height"]) for one in made]

    async def test_the_store_away_is_told_and_the_old_one_stays(
        self, school: SchoolInTest, files: Path
    ) -> None:
        before, png = await uploaded(school, PNG), await png_of(school)
        with nothing_at(files):
            answer = await upload(school, saved(crest("#800000"), "PNG"))
            assert problem_of(answer) == (503, "files-away")
            assert (await picture(school, 1)).status_code in (404, 503)
            assert await school.get("/logo") == {"logo": before}
        assert await png_of(school) == png
        assert len(await logged(school)) == 1

    async def test_a_file_that_was_lost_can_be_uploaded_again(
        self, school: SchoolInTest, files: Path
    ) -> None:
        await uploaded(school, PNG)
        png = await png_of(school)
        [lost] = (files / "schools" / str(school.id)).rglob("*.png")
        lost.unlink()
        assert problem_of(await picture(school, 1)) == (404, "logo-missing")
        await uploaded(school, PNG)
        assert await png_of(school) == png


@contextmanager
def nothing_at(folder: Path) -> Iterator[None]:
    """As where a disk is not there: even root cannot write below a file."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_bytes(b"")
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


class TestWhoMay:
    async def test_staff_change_it_and_parents_see_it(self, school: SchoolInTest) -> None:
        slt, teacher = school.as_slt(), school.as_teacher(uuid4())
        parent = school.as_parent()
        assert (await upload(school, PNG, slt)).status_code == 201
        assert (await upload(school, JPEG, teacher)).status_code == 201
        assert problem_of(await upload(school, PNG, parent)) == (403, "forbidden")
        client = school.door.client
        assert problem_of(await client.delete("/logo", headers=parent)) == (403, "forbidden")
        assert (await school.get("/logo", parent))["logo"]["version"] == 2
        assert (await picture(school, 2, parent)).status_code == 200
        assert (await client.delete("/logo", headers=teacher)).status_code == 204
        for answer in (await client.get("/logo"), await client.get("/logo/1/school-logo.png")):
            assert answer.status_code == 401

    async def test_another_school_neither_sees_nor_takes_it(
        self, school: SchoolInTest, reports: Door
    ) -> None:
        await uploaded(school, PNG)
        other = SchoolInTest(reports)
        assert await other.get("/logo") == {"logo": None}
        assert problem_of(await picture(other, 1)) == (404, "no-logo")
        assert (await other.by_hand("DELETE", "/logo")).status_code == 204
        await uploaded(other, saved(crest("#800000"), "PNG"))
        assert (await png_of(school)) != (await png_of(other))

    @pytest.mark.parametrize("version", ["0", "-1", "99999999999", "x", "..%2f1"])
    async def test_a_version_is_a_number(self, school: SchoolInTest, version: str) -> None:
        path = f"/logo/{version}/school-logo.png"
        answer = await school.door.client.get(path, headers=school.as_admin())
        assert answer.status_code in (404, 422)
