"""A way to a server over TCP that a test can cut or hold up, for whoever connects through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Cable", "cable_to"]


class Cable:
    """Carries bytes both ways; while it is cut, nobody is connected and nobody connects.

    While it is silent, nothing comes through and nobody is told. Who is forgotten hears nothing any
    more and is never told; who connects afterwards is connected, as after a failover.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()
        self._carries = asyncio.Event()
        self._carries.set()

    @asynccontextmanager
    async def cut(self) -> AsyncIterator[None]:
        self._cut = True
        for writer in list(self._writers):
            writer.close()
        try:
            yield
        finally:
            self._cut = False

    @asynccontextmanager
    async def silent(self) -> AsyncIterator[None]:
        self._carries.clear()
        try:
            yield
        finally:
            self._carries.set()

    def forget(self) -> None:
        """Those who are connected now: their packets go nowhere from here on."""
        self._forgotten |= self._writers

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        ends = {writer, far_writer}
        self._writers |= ends
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= ends
            self._forgotten -= ends

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._carries.wait()
                if writer in self._forgotten:
                    continue
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
