"""A virtual Bluetooth controller: Bumble's, with what it leaves out."""

from bumble import hci, ll
from bumble.controller import Controller

from collector.virtual.link import VirtualLink

PACKET_BYTES = 251  # as links with data length extension carry; Bumble's default of 27 costs up to 4 x the CPU


class VirtualController(Controller):
    """One radio chip on a virtual link."""

    def __init__(self, name: str, link: VirtualLink, public_address: str) -> None:
        super().__init__(name, link=link, public_address=public_address)
        self.le_acl_data_packet_length = PACKET_BYTES

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up connecting, and say so. Bumble's own does neither, so that its host waits for ever."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is not None:
            self.send_hci_packet(_cancelled(pending.peer_address))
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def give_up_on(self, address: hci.Address) -> None:
        """Forget a connection that its host no longer waits for, be it pending or just open."""
        self.pending_le_connection = None
        self.hang_up(address)

    def hang_up(self, address: hci.Address) -> None:
        """End the connection to an address; nothing if there is none."""
        connection = self.le_connections.get(address)
        if connection is not None:
            connection.send_ll_control_pdu(ll.TerminateInd(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR))
            self.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR)


def _cancelled(address: hci.Address) -> hci.HCI_LE_Connection_Complete_Event:
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=address.address_type,
        peer_address=address,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )
