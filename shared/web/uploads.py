"""Files that are uploaded: they pass `BodyLimit` as they come, and are kept while they are read.

The body of such a request is the file itself, so nothing has to be taken apart.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.requests import ClientDisconnect

from shared.web.problems import BadRequest

__all__ = ["FILE_BODY", "UPLOAD_BYTES", "FileName", "kept_upload", "pieces"]

UPLOAD_BYTES = 20 * 1024 * 1024
FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""For a route's `openapi_extra`."""
FileName = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""What the file is called on the computer that it comes from: to be shown, and never opened."""


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """The file as it comes. Raises `TooLarge` where it is, `BadRequest` where it breaks off."""
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect:
        raise BadRequest("The file did not arrive whole. Please upload it again.") from None


@asynccontextmanager
async def kept_upload(request: Request) -> AsyncIterator[Path]:
    """The whole file, which is gone when the block ends."""
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        async for piece in pieces(request):
            file.write(piece)
        file.flush()
        yield Path(file.name)
