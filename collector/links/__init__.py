"""The seam to one connected wearable: perform a request, hear its notifications."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from aquiver.driver import Request


@dataclass(frozen=True, slots=True)
class Notification:
    """What a wearable said, and the UNIX time at which it reached this machine."""

    characteristic: str
    data: bytes
    arrival_s: float


class Link(Protocol):
    """An open connection to one wearable."""

    async def perform(self, request: Request) -> bytes:
        """Carry out one request and give its answer.

        Raises:
            LinkLost: the wearable went away, refused, or did not answer in time.
        """
        ...

    def notifications(self) -> AsyncIterator[Notification]:
        """Give what arrives, in order, except the replies that an ``Ask`` took.

        Raises:
            LinkLost: the connection ended, or nothing arrived for too long.
        """
        ...
