"""Channels: ways to a person. Each carries one sort of message."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aquiver.settings import ChannelSettings
from dashboards.channels.address import address_of
from dashboards.channels.desktop import Desktop
from dashboards.channels.push import Push
from dashboards.notices.matter import Sort
from dashboards.notices.outbox import Letter


class Channel(Protocol):
    """Take one message to a person."""

    async def send(self, letter: Letter) -> None:
        """Send, within a bounded time. Returning means that the other side took it.

        Raises:
            ChannelFailed: it did not; the text says why and holds no secret.
        """
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """A channel with its name and the sort of message it carries."""

    name: str
    sort: Sort
    channel: Channel


def open_ways(settings: Sequence[ChannelSettings], data: Path) -> list[Way]:
    """Open the channels of the settings.

    Raises:
        SettingsError: the address of one is missing, can be read by others, or is none.
    """
    return [Way(one.name, Sort(one.tells), _channel(one, data)) for one in settings]


def _channel(settings: ChannelSettings, data: Path) -> Channel:
    return Desktop() if settings.target == "desktop" else Push(address_of(settings.name, data))
