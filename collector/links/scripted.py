"""A link that plays a script: for tests, and for taking a recorded conversation apart."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

from aquiver.driver import Request
from aquiver.errors import LinkLost
from collector.links import Notification


@dataclass(frozen=True, slots=True)
class Answer:
    """What is expected next, and what is answered."""

    request: Request
    data: bytes = b""


class ScriptedLink:
    """A link whose conversation is known beforehand. ``performed`` lists what was asked of it."""

    def __init__(
        self,
        answers: Sequence[Answer] = (),
        notifications: Sequence[Notification] = (),
        properties: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.performed: list[Request] = []
        self._answers = deque(answers)
        self._notifications = deque(notifications)
        self._properties = properties or {}

    @property
    def is_open(self) -> bool:
        """Say whether the script goes on."""
        return bool(self._answers or self._notifications)

    def offers(self, characteristic: str) -> frozenset[str]:
        """Give the properties of a characteristic; none if the script does not know it."""
        return self._properties.get(characteristic, frozenset())

    async def perform(self, request: Request) -> bytes:
        """Give the scripted answer; what comes out of turn is refused."""
        self.performed.append(request)
        if not self._answers or self._answers[0].request != request:
            raise LinkLost(f"the script has no answer to {request}")
        return self._answers.popleft().data

    async def notifications(self) -> AsyncGenerator[Notification]:
        """Give the scripted notifications, then lose the link."""
        while self._notifications:
            yield self._notifications.popleft()
        raise LinkLost("the script is over")
