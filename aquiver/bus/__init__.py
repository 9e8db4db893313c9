"""The bus: how messages get from one service to another.

A bus promises order and nothing more: it may lose and it may repeat. What must not be lost travels with a place in
a journal (aquiver.courier sends again, aquiver.inbox takes each once).
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

from aquiver.bus.local import LocalBus
from aquiver.bus.mqtt import open_mqtt
from aquiver.errors import SettingsError
from aquiver.model import Message, Parcel


class Bus(Protocol):
    """Publish and subscribe."""

    async def publish(self, *parcels: Parcel) -> None:
        """Hand parcels to the bus; several chunks at once may travel as one message.

        Waits while there is no broker, and while it takes nothing; returning does not mean delivered.
        """
        ...

    def subscribe(self, *kinds: type[Message]) -> AbstractAsyncContextManager[AsyncIterator[list[Parcel]]]:
        """Hear these kinds of message, or with none given everything, from entering the block on.

        Gives batches: all that is waiting, at least one parcel, in order.
        The queue behind it is bounded; when the reader is too slow, what arrives is dropped, which a reader of
        journalled parcels sees as a hole and gets again.
        """
        ...

    @property
    def n_foreign(self) -> int:
        """Count the messages under our root that were not ours."""
        ...

    @property
    def last_foreign(self) -> str:
        """Say what was wrong with the last foreign message."""
        ...


@asynccontextmanager
async def open_bus(url: str, client: str) -> AsyncIterator[Bus]:
    """Open the bus behind a URL, as ``client``: ``mqtt://host:port`` or, within one process, ``local:``.

    Raises:
        SettingsError: no bus is behind such a URL.
    """
    match urlsplit(url).scheme:
        case "local":
            yield LocalBus.named(url)
        case "mqtt":
            async with open_mqtt(url, client) as bus:
                yield bus
        case scheme:
            raise SettingsError(f'bus = "{url}": "{scheme}" is no bus; use "embedded:" or "mqtt://host:1883"')
