"""A firmware on the virtual air, and what can go wrong with it there."""

from collections.abc import Callable

from bumble import hci
from bumble.device import Device
from bumble.transport.common import AsyncPipeSink

from collector.virtual import firmware
from collector.virtual.controller import VirtualController
from collector.virtual.link import VirtualLink
from collector.virtual.peripheral import Peripheral, configuration


class VirtualWearable:
    """One firmware, its controller and its GATT server."""

    def __init__(
        self,
        running: firmware.Firmware,
        link: VirtualLink,
        address: str,
        clock: Callable[[], float],
        advertising_interval_s: float,
        max_mtu: int,
    ) -> None:
        self.controller = VirtualController(running.name, link, public_address="00:00:00:00:00:00")
        config = configuration(running, address, advertising_interval_s)
        self._device = Device.from_config_with_hci(config, self.controller, AsyncPipeSink(self.controller))
        self._peripheral = Peripheral(running, self._device, clock, max_mtu)

    @property
    def address(self) -> str:
        """Give the address it advertises now."""
        return self._device.random_address.to_string(with_type_qualifier=False)

    async def run(self) -> None:
        """Advertise, serve whoever connects, and again; for ever."""
        await self._device.power_on()
        await self._peripheral.run()

    def readdress(self, address: str) -> None:
        """Advertise under another random address from now on. An open link keeps the old one."""
        self._device.random_address = hci.Address(address)
        self.controller.random_address = hci.Address(address)
        for advertised in (*self.controller.advertising_sets.values(), self._device.legacy_advertising_set):
            if advertised is not None:
                advertised.random_address = hci.Address(address)

    def hang_up(self) -> None:
        """End the open link, as a wearable does that is switched off."""
        for address in tuple(self.controller.le_connections):
            self.controller.hang_up(address)

    def shut_down(self) -> None:
        """End the open link and stop the controller's timers."""
        self.hang_up()
        for advertised in self.controller.advertising_sets.values():
            advertised.stop()
