"""The bus: how messages get from one service to another.

A bus promises order and nothing more: it may lose and it may repeat. What must not be lost travels with a place in
a journal (aquiver.courier sends again, aquiver.inbox takes each once).
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from aquiver.bus.local import LocalBus
from aquiver.bus.login import NOBODY, Login
from aquiver.bus.mqtt import open_mqtt
from aquiver.errors import SettingsError
from aquiver.loopback import is_loopback
from aquiver.model import Heartbeat, Message, Parcel


class Bus(Protocol):
    """Publish and subscribe."""

    async def publish(self, *parcels: Parcel) -> None:
        """Hand parcels to the bus; several chunks at once may travel as one message.

        Waits while there is no broker, and while it takes nothing; returning does not mean delivered.
        """
        ...

    async def withdraw(self, message: Message) -> None:
        """Have the bus forget a message that it retains for those who come late."""
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
async def open_bus(url: str, client: str, login: Login = NOBODY, will: Heartbeat | None = None) -> AsyncIterator[Bus]:
    """Open the bus behind a URL, as ``client``: ``mqtt(s)://host:port`` or, within one process, ``local:``.

    ``will`` is said by the broker when the connection breaks without a goodbye.

    Raises:
        SettingsError: no bus is behind such a URL, or it would carry health data over a network unprotected.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "local":
            yield LocalBus.named(url)
        case "mqtt" | "mqtts":
            _refuse_unsafe(parts)
            async with open_mqtt(url, client, login, will) as bus:
                yield bus
        case scheme:
            raise SettingsError(f'bus: "{scheme}:" is no bus; use "embedded:", "mqtt://127.0.0.1" or "mqtts://host"')


def _refuse_unsafe(parts: SplitResult) -> None:
    """Refuse a URL that holds a password, or a network without TLS."""
    if parts.username or parts.password:
        raise SettingsError(
            "bus: a name or password in the URL would be shown and logged. Leave it out, and put the password into the "
            "environment variable AQUIVER_BUS_PASSWORD or into a file (docs/operating.md, Passwords)"
        )
    try:
        port = parts.port
    except ValueError as error:
        raise SettingsError(f'bus = "{parts.geturl()}": {error}') from error
    host = parts.hostname or "127.0.0.1"
    if parts.scheme == "mqtt" and not is_loopback(host):
        raise SettingsError(
            f'bus = "{parts.geturl()}": that is another machine, and without TLS anyone between could read and change '
            f'what you measure. Use bus = "mqtts://{host}:{8883 if port in (None, 1883) else port}", with bus_ca = '
            '"ca.crt" where the broker\'s certificate is of your own making (aquiver broker DIR makes both)'
        )
