"""This machine's side of the virtual radio: it hears advertisements and makes connections."""

import asyncio
from collections.abc import Callable

from bumble import hci
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.transport.common import AsyncPipeSink

from collector.virtual.controller import VirtualController
from collector.virtual.ending import run_until
from collector.virtual.link import VirtualLink

PUBLIC_ADDRESS = "00:1B:DC:00:00:01"
RANDOM_ADDRESS = "C0:1B:DC:00:00:01"

Listener = Callable[[Advertisement], None]


class Central:
    """The one adapter that all scanners and clients of a virtual radio share. It always scans."""

    def __init__(self, link: VirtualLink) -> None:
        self._controller = VirtualController("central", link, PUBLIC_ADDRESS)
        config = DeviceConfiguration(name="central", address=hci.Address(RANDOM_ADDRESS))
        self._device = Device.from_config_with_hci(config, self._controller, AsyncPipeSink(self._controller))
        self._device.on(Device.EVENT_ADVERTISEMENT, self._hear)
        self._listeners: set[Listener] = set()
        self._connecting = asyncio.Lock()

    async def power_on(self) -> None:
        """Start to scan."""
        await self._device.power_on()
        await self._device.start_scanning(active=False)

    def listen(self, listener: Listener) -> None:
        """Call this for every advertisement heard."""
        self._listeners.add(listener)

    def forget(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners.discard(listener)

    async def connect(self, address: hci.Address, timeout_s: float) -> Connection:
        """Open a connection; one at a time, as a controller does it.

        Raises:
            TimeoutError: nobody there answered.
        """
        async with asyncio.timeout(timeout_s), self._connecting:
            try:
                attempt = self._device.connect_le(address, timeout=None)
                return await run_until(asyncio.Event(), attempt, f"connect {address}")
            except asyncio.CancelledError:  # our own timeout too: a host that forgets leaves its controller waiting
                self._controller.give_up_on(address)
                raise

    def hang_up(self, address: hci.Address) -> None:
        """End a connection. Not through the host: it trips over an answer that its caller no longer waits for."""
        self._controller.hang_up(address)

    def _hear(self, advertisement: Advertisement) -> None:
        for listener in tuple(self._listeners):
            listener(advertisement)
