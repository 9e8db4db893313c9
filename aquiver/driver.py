"""What a driver says: requests to a wearable, and the frames in its answers. Data only, no I/O.

A driver is a dialogue and a decoder. The dialogue is a generator: it yields requests, is sent each answer,
and returns the decoder for this connection::

    def converse(self) -> Conversation:
        yield Listen(DATA)
        answer = yield Ask(CONTROL, START, reply_on=CONTROL)
        return Decoder(factor_in(answer))
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Protocol

from aquiver.model import Modality, Samples, Signal


@dataclass(frozen=True, slots=True)
class Listen:
    """Ask for notifications or indications of a characteristic. The answer is empty."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read a characteristic. The answer is its value."""

    characteristic: str


@dataclass(frozen=True, slots=True)
class Write:
    """Write a characteristic. The answer is empty."""

    characteristic: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """Write a characteristic and wait: the answer is the next notification on ``reply_on``."""

    characteristic: str
    data: bytes
    reply_on: str


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for a notification, for answers that come in parts; one that was heard and not taken yet counts."""

    characteristic: str


Request = Listen | Read | Write | Ask | Await


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Consecutive samples from one notification. ``samples`` has shape (n, channels).

    ``n_lost`` counts the samples that the wire shows to be missing just before; ``count`` is the wearable's own
    number of the first sample and ``device_ns`` its own time of the **last** one, where it tells. Losses of multiples
    of ``n_blind`` samples do not show on the wire (0: every loss does, or is shown by ``count`` or ``device_ns``).
    ``stamp_ns`` is the time as it was sent, where it was not that of the last sample.
    """

    modality: Modality
    samples: Samples
    n_lost: int = 0
    count: int | None = None
    device_ns: int | None = None
    n_blind: int = 0
    stamp_ns: int | None = None


class Decoder(Protocol):
    """Turns the notifications of one connection into frames."""

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List what this connection measures; one per modality."""
        ...

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frames in a notification; none for one that carries no samples.

        Raises:
            DecodeError: the bytes break the format; the text names the byte. The decoder stays usable.
        """
        ...


Conversation = Generator[Request, bytes, Decoder]


class Driver(Protocol):
    """One kind of wearable. Our own stand in ``collector.devices``; others use the entry point ``aquiver.devices``."""

    @property
    def name(self) -> str:
        """Give the word that stands for it in ``source = "ble:<name>"``."""
        ...

    @property
    def service(self) -> str:
        """Give the 128-bit UUID of the service that marks such a wearable."""
        ...

    @property
    def is_service_shared(self) -> bool:
        """Say whether unrelated gadgets have the same service; then such a wearable is known by its name alone."""
        ...

    @property
    def name_prefixes(self) -> tuple[str, ...]:
        """Give the starts of its advertised names, for those that do not advertise their service or share it."""
        ...

    @property
    def keep_awake(self) -> tuple[float, Write] | None:
        """Give what to write every so many seconds so that it does not fall asleep."""
        ...

    @property
    def hears(self) -> tuple[str, ...]:
        """List the characteristics whose notifications carry samples."""
        ...

    def converse(self) -> Conversation:
        """Set up a fresh connection."""
        ...

    @property
    def unknowns(self) -> Mapping[str, str]:
        """List what bytes alone cannot tell: a word for each, and what it means and is taken for unless told."""
        ...

    def assume(self, told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for notifications whose dialogue was not heard, or not whole: usual settings, but for what is told.

        What it then hears of the dialogue after all (requests as well as answers) it may learn from.

        Raises:
            SettingsError: one of ``told`` makes no sense.
        """
        ...

    def farewell(self) -> tuple[Write, ...]:
        """Give what to write before leaving, so that the wearable stops streaming and saves its battery."""
        ...
