"""A bad network: every connection to the broker goes through here, and is cut, stalled, delayed, doubled or thinned."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_PUBLISH = 3  # the type of an MQTT packet that carries a message


@dataclass
class Weather:
    """What the network does at the moment. Shares are of messages; a stall holds everything back."""

    is_down: bool = False
    is_stalled: bool = False
    delay_s: float = 0.0
    doubled: float = 0.0
    lost: float = 0.0


class Proxy:
    """Connections between clients and the broker, through the weather."""

    def __init__(self, upstream_port: int, seed: int) -> None:
        self.weather = Weather()
        self.n_doubled = 0
        self.n_lost = 0
        self._upstream_port = upstream_port
        self._random = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Drop every connection now."""
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection, both ways, until either end is gone."""
        if self.weather.is_down:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream_port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, up_writer}
        pumps = [
            asyncio.ensure_future(self._pump(reader, up_writer)),
            asyncio.ensure_future(self._pump(up_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            self._open -= {writer, up_writer}
            for each in (writer, up_writer):
                each.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                packet = await _packet(reader)
                while self.weather.is_stalled:
                    await asyncio.sleep(0.05)
                if self.weather.delay_s:
                    await asyncio.sleep(self.weather.delay_s * self._random.random())
                for _ in range(self._copies(packet)):
                    writer.write(packet)
                await writer.drain()

    def _copies(self, packet: bytes) -> int:
        if packet[0] >> 4 != _PUBLISH:
            return 1
        if self._random.random() < self.weather.lost:
            self.n_lost += 1
            return 0
        if self._random.random() < self.weather.doubled:
            self.n_doubled += 1
            return 2
        return 1


async def _packet(reader: asyncio.StreamReader) -> bytes:
    """Read one MQTT packet: a type, a length in up to four bytes of seven bits, the rest."""
    head = await reader.readexactly(2)
    length, shift = head[-1] & 0x7F, 7
    while head[-1] & 0x80:
        head += await reader.readexactly(1)
        length |= (head[-1] & 0x7F) << shift
        shift += 7
    return head + await reader.readexactly(length)


@asynccontextmanager
async def a_proxy(upstream_port: int, seed: int) -> AsyncIterator[tuple[Proxy, int]]:
    """Run a proxy before a broker's port; give it and the port clients should use."""
    proxy = Proxy(upstream_port, seed)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        proxy.cut()
        await asyncio.sleep(0.1)
