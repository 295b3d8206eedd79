"""Prints the OpenAPI document of `/api` without starting anything: `python -m gateway.openapi`."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from gateway.app import api

__all__ = ["document"]


@asynccontextmanager
async def _nothing_to_open(_: FastAPI) -> AsyncIterator[None]:
    yield


def document() -> str:
    """The document as it is committed: indented, in the order of the routes."""
    return json.dumps(api(_nothing_to_open).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
