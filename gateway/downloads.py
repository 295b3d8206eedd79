"""Files that the browser keeps: under a name, and never from a cache."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import StreamingResponse

__all__ = ["CSV", "XLSX", "download", "file_answer"]

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(file: AsyncIterator[bytes], name: str, media_type: str = CSV) -> StreamingResponse:
    return StreamingResponse(
        file,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def file_answer(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: what the document says of a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    kinds = {media_type.partition(";")[0]: binary for media_type in media_types}
    return {200: {"content": kinds}}
