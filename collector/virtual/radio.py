"""A virtual radio: wearables made of software, reached through a real Bluetooth stack without a radio in it."""

import asyncio
import importlib.util
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aquiver.errors import SettingsError
from collector.links.ble import Radio
from collector.virtual.ending import end
from collector.virtual.firmware import Firmware

if TYPE_CHECKING:  # these need bumble, which not every installation has
    from collector.virtual.central import Central
    from collector.virtual.link import VirtualLink
    from collector.virtual.wearable import VirtualWearable

MAX_MTU = 247
_FIRST_ADDRESS = 0xC0_00_00_00_00_00  # two leading ones: a static random address


class VirtualRadio:
    """The wearables of one virtual radio, and what can go wrong with each. Names are the keys they were given."""

    def __init__(
        self,
        backends: Radio,
        link: "VirtualLink",
        wearables: Mapping[str, "VirtualWearable"],
        group: asyncio.TaskGroup,
        supervision_timeout_s: float,
    ) -> None:
        self.backends = backends
        self._link = link
        self._wearables = wearables
        self._group = group
        self._running = [group.create_task(each.run(), name=f"wearable {name}") for name, each in wearables.items()]
        self._supervision_timeout_s = supervision_timeout_s
        self._expiries: dict[str, asyncio.Task[None]] = {}
        self._n_addresses = len(wearables)

    def address(self, name: str) -> str:
        """Give the address under which a wearable advertises."""
        return self._wearables[name].address

    def drop_link(self, name: str) -> None:
        """Let a wearable end its connection. It advertises again at once."""
        self._wearables[name].hang_up()

    def vanish(self, name: str) -> None:
        """Take a wearable out of range: silence, and after the supervision timeout both ends lose the link."""
        self._link.silence(self._wearables[name].controller)
        if name not in self._expiries:
            self._expiries[name] = self._group.create_task(self._expire(name), name=f"supervise {name}")

    def reappear(self, name: str) -> None:
        """Bring a wearable back into range. Within the supervision timeout its link goes on, and nothing is lost."""
        if (expiry := self._expiries.pop(name, None)) is not None:
            expiry.cancel()
        self._link.restore(self._wearables[name].controller)

    def move(self, name: str) -> None:
        """Let a wearable come back under a new random address, as some do after a restart."""
        self._wearables[name].readdress(_nth_address(self._n_addresses))
        self._n_addresses += 1
        self.reappear(name)
        self.drop_link(name)

    async def switch_off(self) -> None:
        """End everything."""
        for task in (*self._running, *self._expiries.values()):
            await end(task)
        for wearable in self._wearables.values():
            wearable.shut_down()

    async def _expire(self, name: str) -> None:
        await asyncio.sleep(self._supervision_timeout_s)
        self._link.expire(self._wearables[name].controller)


@asynccontextmanager
async def virtual_radio(
    firmwares: Mapping[str, Firmware],
    clock: Callable[[], float] = time.time,
    *,
    advertising_interval_s: float = 0.1,
    supervision_timeout_s: float = 2.0,
    max_mtu: int = MAX_MTU,
) -> AsyncIterator[VirtualRadio]:
    """Put firmwares on the air; ``radio.backends`` is what ``collector.links.ble`` takes.

    Raises:
        SettingsError: bumble is not installed.
    """
    if importlib.util.find_spec("bumble") is None:
        raise SettingsError("the virtual radio needs bumble; install it with: pip install 'aquiver[demo]'")
    from collector.virtual.central import Central  # noqa: PLC0415  # needs bumble
    from collector.virtual.link import VirtualLink  # noqa: PLC0415
    from collector.virtual.wearable import VirtualWearable  # noqa: PLC0415

    logging.getLogger("bumble").setLevel(logging.ERROR)  # it warns of every packet that outlives its link
    link = VirtualLink()
    central = Central(link)
    wearables = {
        name: VirtualWearable(running, link, _nth_address(nth), clock, advertising_interval_s, max_mtu)
        for nth, (name, running) in enumerate(firmwares.items())
    }
    try:
        async with asyncio.TaskGroup() as group:
            await central.power_on()
            radio = VirtualRadio(_backends(central), link, wearables, group, supervision_timeout_s)
            try:
                yield radio
            finally:
                await radio.switch_off()
    except BaseExceptionGroup as errors:
        error = errors.exceptions[0]
        raise error from error.__cause__  # callers see their own error, not our task group


def _backends(central: "Central") -> Radio:
    from collector.virtual.client import VirtualClient  # noqa: PLC0415  # needs bumble
    from collector.virtual.scanner import VirtualScanner  # noqa: PLC0415

    scanner = type("Scanner", (VirtualScanner,), {"central": central})
    client = type("Client", (VirtualClient,), {"central": central})
    return Radio(scanner, client)


def _nth_address(nth: int) -> str:
    """Spell the address of the nth virtual wearable.

    >>> _nth_address(258)
    'C0:00:00:00:01:03'
    """
    return (_FIRST_ADDRESS + nth + 1).to_bytes(6, "big").hex(":").upper()
