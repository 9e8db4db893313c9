"""The virtual radio's scanner for bleak."""

import uuid
from typing import ClassVar

from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement

from collector.links.stack import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from collector.virtual.central import Central

_Type = AdvertisingData.Type


class VirtualScanner(BaseBleakScanner):
    """Hears what the virtual radio's central hears. A subclass says which central."""

    central: ClassVar[Central]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        _scanning_mode: str,
        **_other_systems: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Begin to hear."""
        self.seen_devices = {}
        self.central.listen(self._hear)

    async def stop(self) -> None:
        """Hear no more."""
        self.central.forget(self._hear)

    def _hear(self, advertisement: Advertisement) -> None:
        heard = _said_by(advertisement)
        if not self.is_allowed_uuid(heard.service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, heard.local_name, advertisement.address, heard)
        self.call_detection_callbacks(device, heard)


def uuid_text(value: UUID) -> str:
    """Write a UUID as bleak does: 128 bits, in lower case.

    >>> uuid_text(UUID(0x2A19))
    '00002a19-0000-1000-8000-00805f9b34fb'
    """
    return str(uuid.UUID(bytes=value.to_bytes(force_128=True)[::-1]))


def _said_by(advertisement: Advertisement) -> AdvertisementData:
    data = advertisement.data
    short = data.get(_Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS) or []
    long = data.get(_Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS) or []
    return AdvertisementData(
        local_name=data.get(_Type.COMPLETE_LOCAL_NAME) or data.get(_Type.SHORTENED_LOCAL_NAME),
        manufacturer_data={},
        service_data={},
        service_uuids=[uuid_text(value) for value in (*short, *long)],
        tx_power=None,
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )
