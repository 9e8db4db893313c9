"""The air between virtual controllers: it carries packets, and can be made to lose them.

What a real link layer would send again is kept while a controller is out of range, and delivered in order if it
returns before its links time out.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

Delivery = Callable[[], None]


class VirtualLink(LocalLink):
    """Bumble's link, with controllers that can go out of range."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._away: dict[Controller, deque[Delivery]] = {}

    def silence(self, controller: Controller) -> None:
        """Put a controller out of range: nobody hears it, and it hears nobody."""
        self._away.setdefault(controller, deque())

    def restore(self, controller: Controller) -> None:
        """Bring a controller back into range; what its open links still had to carry arrives now."""
        for deliver in self._away.pop(controller, ()):
            asyncio.get_running_loop().call_soon(deliver)

    def expire(self, controller: Controller) -> None:
        """Let every link of a controller out of range time out, at both ends."""
        self._away[controller] = deque()
        for end in (*controller.le_connections.values(), *self._ends_towards(controller)):
            end.controller.on_le_disconnected(end, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data, marked with the address of the connection; Bumble's own always takes the random one."""
        receiver = self.find_le_controller(destination_address)
        sending = sender_controller.le_connections.get(destination_address)
        if receiver is None or sending is None:
            return  # the other end has just gone
        source = sending.self_address

        def arrive() -> None:
            if source in receiver.le_connections:  # still
                receiver.on_link_acl_data(source, transport, data)

        self._carry(sender_controller, receiver, arrive)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Let everybody in range hear an advertisement or a call to connect; nobody sends these again."""
        if sender_controller in self._away:
            return
        for controller in self.controllers - self._away.keys() - {sender_controller}:
            asyncio.get_running_loop().call_soon(controller.on_ll_advertising_pdu, packet)

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ll.ControlPdu
    ) -> None:
        """Carry a control packet; to an address that is gone, it is lost in the air."""
        sender = self.find_le_controller(sender_address)
        receiver = self.find_le_controller(receiver_address)
        if sender is None or receiver is None:
            return

        def arrive() -> None:
            if sender_address in receiver.le_connections:  # still
                receiver.on_ll_control_pdu(sender_address, packet)

        self._carry(sender, receiver, arrive)

    def _carry(self, sender: Controller, receiver: Controller, deliver: Delivery) -> None:
        for controller in (sender, receiver):
            if controller in self._away:
                self._away[controller].append(deliver)
                return
        asyncio.get_running_loop().call_soon(deliver)

    def _ends_towards(self, controller: Controller) -> tuple[Connection, ...]:
        own = {controller.random_address, *(end.self_address for end in controller.le_connections.values())}
        others = self.controllers - {controller}
        return tuple(end for other in others for end in other.le_connections.values() if end.peer_address in own)
