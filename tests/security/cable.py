"""A way to a server over TCP that a test can cut, for whoever is connected through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Cable", "cable_to"]


class Cable:
    """Carries bytes both ways; while it is cut, nobody is connected and nobody connects."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def cut(self) -> AsyncIterator[None]:
        self._cut = True
        for writer in self._writers:
            writer.close()
        try:
            yield
        finally:
            self._cut = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        ends = {writer, far_writer}
        self._writers |= ends
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._writers -= ends


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def cable_to(host: str, port: int) -> AsyncIterator[tuple[Cable, int]]:
    """A cable, and the port on this machine where it begins."""
    cable = Cable(host, port)
    server = await asyncio.start_server(cable.carry, "127.0.0.1")
    try:
        yield cable, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        async with cable.cut():
            pass
