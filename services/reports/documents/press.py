"""Prints reports: one pupil's, or many pupils' in one PDF; the same bytes for the same input (R27).

A4, tagged (PDF/UA-1), with title and language. Typst sets it in the thread that calls; whoever has
an event loop, or wants a limit of time, uses `presses.py`.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import uuid4

import structlog
import typst

from services.reports.documents.document import Report, report_to_json
from shared.typesetting.fonts import fonts, printable

__all__ = ["Logos", "print_one", "print_pages", "print_together", "work_in"]

log = structlog.get_logger(__name__)

Logos = Mapping[str, bytes]
"""PNGs by their digests. A report whose logo is not among them is printed without one."""

_LAYOUT = Path(__file__).with_name("layout.typ")
_LONG_WORD = re.compile(r"[^\s\u00ad\u200b-]{24,}")
_PIECE = 6
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OF_THREAD = threading.local()
_FOLDER: list[Path] = []
"""Where this process works, by `work_in`; else each press has a folder of its own."""


def print_one(report: Report, logos: Logos) -> bytes:
    """The PDF of one pupil's report."""
    return print_together(report.title, [report], logos)


def print_together(title: str, reports: Sequence[Report], logos: Logos) -> bytes:
    """One PDF of many pupils' reports, in this order, each on pages of its own."""
    [made] = _printed(title, reports, logos, "pdf")
    return made


def print_pages(report: Report, logos: Logos, dots_per_inch: int = 96) -> list[bytes]:
    """A PNG of each page of one pupil's report."""
    return _printed(report.title, [report], logos, "png", dots_per_inch)


def work_in(folder: Path) -> None:
    """Presses of this process keep layout and logos there, and leave it to whoever made it.

    A process that is ended cannot tidy up behind itself.
    """
    _FOLDER[:] = [folder]


def _printed(
    title: str,
    reports: Sequence[Report],
    logos: Logos,
    to: Literal["pdf", "png"],
    dots_per_inch: int | None = None,
) -> list[bytes]:
    press = _press()
    kept = {digest for digest, png in logos.items() if press.keeps(digest, png)}
    told = json.dumps(_told(title, reports, kept), ensure_ascii=False)
    try:
        return press.printed(told, to, dots_per_inch, accessible=to == "pdf")
    except typst.TypstError as error:
        # PDF/UA refuses letters that cannot be shown, and `printable` leaves none; should a
        # typeface not join some of them after all, the report is still printed, with boxes.
        log.warning("report printed without PDF/UA", error=error.message)
        return press.printed(told, to, dots_per_inch, accessible=False)


class _Press:
    """A compiler that is kept warm, with a folder for logos; of one thread."""

    def __init__(self) -> None:
        self._own = None if _FOLDER else TemporaryDirectory(prefix="press-")
        self._root = Path(self._own.name) if self._own else _FOLDER[0]
        layout = self._root / _LAYOUT.name
        _put(layout, _LAYOUT.read_bytes())
        self._compiler = typst.Compiler(
            layout, root=self._root, font_paths=fonts(), ignore_system_fonts=True
        )

    def keeps(self, digest: str, png: bytes) -> bool:
        if not _DIGEST.fullmatch(digest):
            return False
        _put(self._root / f"{digest}.png", png)
        return True

    def printed(
        self, told: str, to: Literal["pdf", "png"], dots_per_inch: int | None, *, accessible: bool
    ) -> list[bytes]:
        made = self._compiler.compile(
            format=to,
            ppi=dots_per_inch,
            sys_inputs={"told": told},
            pdf_standards="ua-1" if accessible else [],
            timestamp=0,
        )
        if made is None:
            raise AssertionError("nothing was to be kept elsewhere")
        return made if isinstance(made, list) else [made]


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: several presses may share the folder."""
    if not path.exists():
        begun = path.with_name(f"{path.name}-{uuid4().hex}")
        begun.write_bytes(content)
        begun.replace(path)


def _press() -> _Press:
    if not hasattr(_OF_THREAD, "press"):
        _OF_THREAD.press = _Press()
    press: _Press = _OF_THREAD.press
    return press


def _told(title: str, reports: Sequence[Report], logos: set[str]) -> dict[str, Any]:
    return {
        "title": printable(title),
        "author": printable(reports[0].school) if reports else "",
        "reports": [
            _all_printable(json.loads(report_to_json(report)))
            | {"logo": f"/{report.logo}.png" if report.logo in logos else None}
            for report in reports
        ],
    }


def _all_printable(value: Any) -> Any:
    match value:
        case str():
            return _LONG_WORD.sub(_in_pieces, printable(value))
        case list():
            return [_all_printable(item) for item in value]
        case dict():
            return {name: _all_printable(item) for name, item in value.items()}
    return value


def _in_pieces(word: re.Match[str]) -> str:
    """Where lines may end within it: a word without end would run off the page."""
    text = word.group()
    return "\u200b".join(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
