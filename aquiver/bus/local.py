"""The bus within one process, for tests and for scripts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from aquiver.bus.mailbox import Mailbox
from aquiver.model import Message, Parcel
from aquiver.wire import RETAINED, topic_of


class LocalBus:
    """Hand parcels to the mailboxes of this process."""

    _by_url: ClassVar[dict[str, "LocalBus"]] = {}

    def __init__(self) -> None:
        self.n_foreign = 0
        self.last_foreign = ""
        self._mailboxes: list[Mailbox] = []
        self._retained: dict[str, Parcel] = {}

    @classmethod
    def named(cls, url: str) -> "LocalBus":
        """Give the one bus of this name, so that two openers meet on it."""
        return cls._by_url.setdefault(url, cls())

    async def publish(self, *parcels: Parcel) -> None:
        """Hand parcels to every mailbox that wants them."""
        for parcel in parcels:
            if isinstance(parcel.message, RETAINED):
                self._retained[topic_of(parcel.message)] = parcel
            for mailbox in self._mailboxes:
                mailbox.offer(parcel)

    async def withdraw(self, message: Message) -> None:
        """Forget a message that is retained."""
        self._retained.pop(topic_of(message), None)

    @asynccontextmanager
    async def subscribe(self, *kinds: type[Message]) -> AsyncIterator[AsyncIterator[list[Parcel]]]:
        """Hear these kinds of message; the last status and positions first."""
        mailbox = Mailbox(kinds)
        for parcel in self._retained.values():
            mailbox.offer(parcel)
        self._mailboxes.append(mailbox)
        try:
            yield aiter(mailbox)
        finally:
            self._mailboxes.remove(mailbox)
