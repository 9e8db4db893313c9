"""A firmware on a controller of its own: a USB dongle, or whatever Bumble can reach. It is heard over the air."""

import asyncio
import importlib.util
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aquiver.errors import LinkLost, SettingsError
from collector.virtual.ending import end
from collector.virtual.firmware import Firmware

if TYPE_CHECKING:  # these need bumble, which not every installation has
    from bumble.device import Device

    from collector.virtual.peripheral import Peripheral

_ANSWER_S = 1.0
_INTERVAL_S = 0.1
_MAX_MTU = 247


@asynccontextmanager
async def broadcasting(running: Firmware, transport: str, address: str) -> AsyncIterator[asyncio.Future[None]]:
    """Advertise a firmware, and serve whoever connects; gives what is done when the controller is gone.

    ``transport`` is Bumble's: ``usb:0``, ``tcp-client:HOST:PORT``, ``tcp-server:HOST:PORT``, ``serial:/dev/ttyACM0`` ...
    ``tcp-server`` waits for a controller to come.

    Raises:
        SettingsError: there is no such transport, or no controller behind it.
        LinkLost: the controller does not answer.
    """
    if importlib.util.find_spec("bumble") is None:
        raise SettingsError("a virtual wearable needs bumble; install it with: pip install 'aquiver[demo]'")
    from bumble.device import Device  # noqa: PLC0415  # not every installation has it
    from bumble.transport import open_transport  # noqa: PLC0415

    from collector.virtual.peripheral import Peripheral, configuration  # noqa: PLC0415  # needs bumble

    try:
        hci = await open_transport(transport)
    except Exception as error:  # each transport has errors of its own, those of libusb among them
        raise SettingsError(f"no Bluetooth controller at {transport}: {error}") from error
    async with hci:
        device = Device.from_config_with_hci(configuration(running, address, _INTERVAL_S), hci.source, hci.sink)
        peripheral = Peripheral(running, device, time.time, _MAX_MTU)
        serving = asyncio.create_task(_serve(device, peripheral), name=f"peripheral {running.name}")
        gone = asyncio.ensure_future(_first(serving, hci.source.terminated))
        try:
            yield gone
        finally:
            await end(gone)
            await end(serving)


async def _serve(device: "Device", peripheral: "Peripheral") -> None:
    """Power on, again and again until the controller answers: behind ``tcp-server`` it may come later."""
    is_on = False
    while not is_on:
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWER_S):
                await device.power_on()
                is_on = True
    await peripheral.run()


async def _first(serving: asyncio.Task[None], terminated: asyncio.Future[None]) -> None:
    """Wait until either is over; pass on what went wrong with the peripheral.

    Raises:
        LinkLost: the controller is gone, or answered with an error.
    """
    await asyncio.wait({serving, terminated}, return_when=asyncio.FIRST_COMPLETED)
    error = serving.exception() if serving.done() else None
    raise LinkLost(f"the Bluetooth controller is gone{f': {error}' if error else ''}") from error
