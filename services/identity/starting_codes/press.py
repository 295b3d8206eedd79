"""The sheet of slips as a PDF: A4, tagged, with title and language; the same bytes for the same.

Typst sets it, in one thread beside the event loop.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import typst

from shared.typesetting.fonts import fonts
from shared.web.problems import Unavailable

__all__ = ["MOST_SLIPS", "Sheet", "SlipPress", "SlipText"]

MOST_SLIPS = 300
"""On one sheet: half a second of setting, and eight of computing hashes."""

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "slips.typ"
_WAITING = 8


class PressBusy(Unavailable):
    slug, title = "busy", "Several sheets are being printed"

    def __init__(self) -> None:
        super().__init__(
            "Other slips are being printed at this moment. Please try again in a few seconds.",
            headers={"Retry-After": "2"},
        )


@dataclass(frozen=True)
class SlipText:
    """What stands on one slip. `secret` is a code, or what to use where there is none on it."""

    name: str
    username: str
    label: str
    secret: str = field(repr=False)
    is_code: bool
    until: str
    hint: str


@dataclass(frozen=True)
class Sheet:
    title: str
    school: str
    address: str
    slips: Sequence[SlipText]


class SlipPress:
    """Sets one sheet at a time, and lets few wait."""

    def __init__(self, waiting: int = _WAITING) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slips")
        self._places = threading.BoundedSemaphore(1 + waiting)

    async def press(self, sheet: Sheet) -> bytes:
        """The PDF. Raises `PressBusy`."""
        if not self._places.acquire(blocking=False):
            raise PressBusy
        try:
            future = self._thread.submit(_set, sheet)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Let the sheet that is being set be finished."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _set(sheet: Sheet) -> bytes:
    told = json.dumps(asdict(sheet))
    try:
        return _compiled(told, "ua-1")
    except typst.TypstError:
        # PDF/UA refuses a name in a script that our fonts do not have. The slip still serves, by
        # its username, with boxes in place of the letters.
        return _compiled(told, None)


def _compiled(told: str, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        _TEMPLATE,
        root=_HERE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": told},
        format="pdf",
        pdf_standards=standard,
    )
