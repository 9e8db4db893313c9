"""The bus over MQTT 3.1.1. Beside ``plain`` the only file that knows aiomqtt.

A broker's acknowledgement means "in memory", so nothing here waits for one (QoS 0): what must arrive is journalled
at both ends.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiomqtt

from aquiver.bus.login import NOBODY, Login
from aquiver.bus.mailbox import Mailbox
from aquiver.errors import SettingsError, WireError
from aquiver.model import Heartbeat, Message, Parcel
from aquiver.wire import MAX_PAYLOAD_BYTES, RETAINED, decode_all, encode, encode_all, filter_of, topic_of

_LOG = logging.getLogger(__name__)
_RETRY_S = 0.5
PORT = 1883
TLS_PORT = 8883
_KEEPALIVE_S = 10  # a connection that has died without a word is noticed in one and a half times that
_N_INCOMING = 8192  # what is beyond is dropped, which a reader of journalled parcels sees as a hole
# Without it, small publishes on a connection that also receives wait for delayed acknowledgements.
_NO_DELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


class _Sieve(asyncio.Queue[aiomqtt.Message]):
    """Messages that wait for us. Of one that is too large only so much is kept that it is seen to be: a hundred may wait."""

    def put_nowait(self, message: aiomqtt.Message) -> None:
        """Let a message in."""
        if isinstance(message.payload, bytes) and len(message.payload) > MAX_PAYLOAD_BYTES:
            message.payload = message.payload[: MAX_PAYLOAD_BYTES + 1]
        super().put_nowait(message)


class MqttBus:
    """One connection to a broker that comes back by itself."""

    def __init__(
        self,
        host: str,
        port: int,
        client: str,
        login: Login,
        tls: ssl.SSLContext | None,
        will: Heartbeat | None,
    ) -> None:
        self.n_foreign = 0
        self.last_foreign = ""
        self._host = host
        self._port = port
        self._identifier = client
        self._login = login
        self._trouble = ""
        self._tls = tls
        self._will = None if will is None else aiomqtt.Will(*encode(Parcel(will)), retain=True)
        self._mailboxes: list[Mailbox] = []
        self._client: aiomqtt.Client | None = None
        self._is_up = asyncio.Event()

    async def publish(self, *parcels: Parcel) -> None:
        """Hand parcels to the broker, chunks in bundles; wait while there is none, and until it has taken them."""
        if len(parcels) == 1:
            await self._send(*encode(parcels[0]), is_retained=isinstance(parcels[0].message, RETAINED))
            return
        for topic, payload in encode_all(parcels):
            await self._send(topic, payload, is_retained=False)

    async def _send(self, topic: str, payload: bytes, *, is_retained: bool) -> None:
        await self._is_up.wait()
        if self._client is None:
            return
        try:
            await self._client.publish(topic, payload, retain=is_retained)
        except aiomqtt.MqttError as error:
            _LOG.debug("publishing on %s failed: %s", topic, error)
        _heed_cancellation()

    async def withdraw(self, message: Message) -> None:
        """Have the broker forget a message that it retains: an empty one takes its place."""
        await self._is_up.wait()
        if self._client is not None:
            await self._client.publish(topic_of(message), b"", qos=1, retain=True)

    @asynccontextmanager
    async def subscribe(self, *kinds: type[Message]) -> AsyncIterator[AsyncIterator[list[Parcel]]]:
        """Hear these kinds of message; the retained ones first."""
        mailbox = Mailbox(kinds)
        self._mailboxes.append(mailbox)
        try:
            if self._client is not None:
                await self._ask_for(mailbox, self._client)
            yield aiter(mailbox)
        finally:
            self._mailboxes.remove(mailbox)

    async def keep_up(self) -> None:
        """Stay connected until cancelled, and hand out what arrives."""
        while True:
            try:
                await self._connect_and_read()
            except aiomqtt.MqttError as error:
                self._complain(str(error))
            await asyncio.sleep(_RETRY_S)

    def _complain(self, reason: str) -> None:
        """Say why there is no broker, once for each reason: a wrong password is not healed by trying again."""
        level = logging.DEBUG if reason == self._trouble else logging.WARNING
        self._trouble = reason
        _LOG.log(level, "no broker at %s:%d (%s); trying again", self._host, self._port, reason)

    async def _connect_and_read(self) -> None:
        async with aiomqtt.Client(
            self._host,
            self._port,
            identifier=self._identifier,
            username=self._login.account,
            password=self._login.present_password(),
            tls_context=self._tls,
            will=self._will,
            clean_session=True,  # all travels at QoS 0: a session would keep nothing, and outlive a service for ever
            socket_options=_NO_DELAY,
            timeout=5.0,
            keepalive=_KEEPALIVE_S,
            queue_type=_Sieve,
            max_queued_incoming_messages=_N_INCOMING,
        ) as client:
            self._client = client
            self._trouble = ""
            try:
                for mailbox in self._mailboxes:
                    await self._ask_for(mailbox, client)
                self._is_up.set()
                async for message in client.messages:
                    self._hand_out(str(message.topic), message.payload)
            finally:
                self._is_up.clear()
                self._client = None

    async def _ask_for(self, mailbox: Mailbox, client: aiomqtt.Client) -> None:
        for kind in mailbox.kinds or (None,):
            try:
                await client.subscribe(filter_of(kind))
            except aiomqtt.MqttError as error:  # the connection is going; the next one asks again
                _LOG.debug("subscribing failed: %s", error)
            _heed_cancellation()

    def _hand_out(self, topic: str, payload: object) -> None:
        try:
            if payload == b"":  # a retained message was withdrawn
                return
            parcels = decode_all(topic, payload if isinstance(payload, bytes) else b"")
        except WireError as error:
            self.n_foreign += 1
            self.last_foreign = str(error)
            _LOG.debug("foreign message: %s", error)
            return
        for parcel in parcels:
            for mailbox in self._mailboxes:
                mailbox.offer(parcel)


def _heed_cancellation() -> None:
    """Raise CancelledError if somebody asked for the end meanwhile.

    aiomqtt waits with ``asyncio.wait_for``, which until Python 3.12 forgets a cancellation that comes at the moment of
    its success: the task would go on for ever (https://github.com/python/cpython/issues/86296).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@asynccontextmanager
async def open_mqtt(
    url: str, client: str, login: Login = NOBODY, will: Heartbeat | None = None
) -> AsyncIterator[MqttBus]:
    """Open the bus behind ``mqtt://host:port`` or ``mqtts://host:port``; the connection comes up in the background.

    The broker says ``will`` for us when the connection breaks.

    Raises:
        SettingsError: the certificate of the authority cannot be read.
    """
    parts = urlsplit(url)
    is_tls = parts.scheme == "mqtts"
    port = parts.port or (TLS_PORT if is_tls else PORT)
    bus = MqttBus(parts.hostname or "127.0.0.1", port, client, login, tls_for(login) if is_tls else None, will)
    async with asyncio.TaskGroup() as tasks:
        keeper = tasks.create_task(bus.keep_up(), name=f"mqtt {client}")
        try:
            yield bus
        finally:
            keeper.cancel()


def tls_for(login: Login) -> ssl.SSLContext:
    """Trust the authority that the settings name; else those this machine trusts."""
    try:
        return ssl.create_default_context(cafile=login.authority or None)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f'bus_ca = "{login.authority}": not a certificate that can be read ({error})') from error
