"""Other people's topics on the broker, such as Home Assistant's: plain text, retained, at QoS 1.

Beside ``mqtt`` the only file that knows aiomqtt. QoS 1 here is a courtesy to the broker, not a promise: all is
published again on every connect.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiomqtt

from aquiver.bus.login import Login
from aquiver.bus.mqtt import PORT, TLS_PORT, tls_for

_LOG = logging.getLogger(__name__)
_RETRY_S = 0.5
_QOS = 1


@dataclass(frozen=True, slots=True)
class Plain:
    """A topic and its text. An empty text, retained, takes back what was there."""

    topic: str
    text: str


class PlainMqtt:
    """A connection to a broker that comes back by itself, with a last will."""

    def __init__(self, url: str, client: str, login: Login, will: Plain, hears: tuple[str, ...]) -> None:
        parts = urlsplit(url)
        is_tls = parts.scheme == "mqtts"
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or (TLS_PORT if is_tls else PORT)
        self._login = login
        self._tls = tls_for(login) if is_tls else None
        self._identifier = client
        self._will = aiomqtt.Will(will.topic, will.text, qos=_QOS, retain=True)
        self._hears = hears
        self._client: aiomqtt.Client | None = None
        self._heard: asyncio.Queue[Plain | None] = asyncio.Queue(256)

    async def publish(self, texts: Mapping[str, str]) -> None:
        """Publish texts, retained. What a lost connection swallows is published after the next connect."""
        try:
            for topic, text in texts.items():
                if self._client is not None:
                    await self._client.publish(topic, text, qos=_QOS, retain=True)
        except aiomqtt.MqttError as error:
            _LOG.debug("publishing failed: %s", error)

    async def heard(self) -> AsyncIterator[Plain | None]:
        """Give what arrives on the topics listened to; none for each new connection, before anything else of it."""
        while True:
            yield await self._heard.get()

    async def keep_up(self) -> None:
        """Stay connected until cancelled."""
        while True:
            try:
                await self._connect_and_read()
            except aiomqtt.MqttError as error:
                _LOG.info("no broker at %s:%d (%s); trying again", self._host, self._port, error)
            await asyncio.sleep(_RETRY_S)

    async def _connect_and_read(self) -> None:
        async with aiomqtt.Client(
            self._host,
            self._port,
            identifier=self._identifier,
            username=self._login.account if self._login.password else None,
            password=self._login.password,
            tls_context=self._tls,
            will=self._will,
            timeout=5.0,
        ) as client:
            self._client = client
            try:
                for topic in self._hears:
                    await client.subscribe(topic, qos=_QOS)
                await self._heard.put(None)
                async for message in client.messages:
                    payload = message.payload if isinstance(message.payload, bytes) else b""
                    await self._heard.put(Plain(str(message.topic), payload.decode(errors="replace")))
            finally:
                self._client = None


@asynccontextmanager
async def open_plain(
    url: str, client: str, login: Login, will: Plain, hears: tuple[str, ...]
) -> AsyncIterator[PlainMqtt]:
    """Open a connection to the broker behind ``mqtt(s)://host:port``; it comes up in the background.

    ``will`` is said by the broker when the connection breaks, and by us when the block ends.
    """
    plain = PlainMqtt(url, client, login, will, hears)
    async with asyncio.TaskGroup() as tasks:
        keeper = tasks.create_task(plain.keep_up(), name=f"mqtt {client}")
        try:
            yield plain
        finally:
            await plain.publish({will.topic: will.text})
            keeper.cancel()
