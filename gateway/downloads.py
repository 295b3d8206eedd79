"""Files that the browser keeps: under a name, and never from a cache."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse

__all__ = ["CSV", "PDF", "XLSX", "ZIP", "disposition", "download", "file_answer"]

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]+")
_PLAIN = re.compile(r"[A-Za-z0-9 ._()-]+")


def download(file: AsyncIterator[bytes], name: str, media_type: str = CSV) -> StreamingResponse:
    """`name` is what the file is called, in any letters (RFC 6266)."""
    return StreamingResponse(
        file,
        media_type=media_type,
        headers={
            "Content-Disposition": disposition(name),
            "Cache-Control": "no-store",
        },
    )


def disposition(name: str) -> str:
    """Browsers that know `filename*` take that; the other has what ASCII and quotes allow."""
    if _PLAIN.fullmatch(name):
        return f'attachment; filename="{name}"'
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = _NOT_PLAIN.sub("-", bare) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_answer(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: what the document says of a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    kinds = {media_type.partition(";")[0]: binary for media_type in media_types}
    return {200: {"content": kinds}}
