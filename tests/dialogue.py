"""A driver and a virtual firmware that talk to each other, without Bluetooth between them."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from aquiver.driver import Ask, Await, Conversation, Decoder, Driver, Frame, Read, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Modality, Samples
from collector.virtual.firmware import Firmware, Said

START_S = 1_795_400_000.0
STEP_S = 0.001  # who waits asks so often: too seldom for a second notification at once


def connect(driver: Driver, firmware: Firmware, now_s: float = START_S) -> Decoder:
    """Hold the driver's conversation with the firmware; whoever waits lets time pass."""
    conversation, heard = driver.converse(), deque[Said]()
    answer = None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return end.value
        answer = b""
        match request:
            case Read(characteristic):
                answer = firmware.read(characteristic)
            case Write(characteristic, data):
                heard.extend(firmware.write(characteristic, data, now_s))
            case Ask(characteristic, data, wanted):
                heard.extend(firmware.write(characteristic, data, now_s))
                answer, now_s = _awaited(heard, wanted, firmware, now_s)
            case Await(wanted):
                answer, now_s = _awaited(heard, wanted, firmware, now_s)


def _awaited(heard: deque[Said], wanted: str, firmware: Firmware, now_s: float) -> tuple[bytes, float]:
    """Give the next that is said on a characteristic, and the time then; nobody listens to the others."""
    while True:
        while heard:
            said = heard.popleft()
            if said.characteristic == wanted:
                return said.data, now_s
        now_s += STEP_S
        heard.extend(firmware.due(now_s))


def said(conversation: Conversation, answers: Iterable[bytes]) -> tuple[list[Request], Decoder]:
    """Give all that a driver says when its questions are answered so, in order; and its decoder."""
    requests, answer, remaining = [], None, iter(answers)
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = next(remaining) if isinstance(request, Read | Ask | Await) else b""


def frames(decoder: Decoder, firmware: Firmware, start_s: float, stop_s: float, step_s: float = 0.1) -> Iterator[Frame]:
    """Give what the decoder reads while the firmware is asked every ``step_s``."""
    for now_s in np.arange(start_s, stop_s + step_s / 2, step_s).tolist():
        for one in firmware.due(now_s):
            yield from decoder.decode(one.characteristic, one.data)


def joined(found: Iterable[Frame], modality: Modality | None = None) -> Samples:
    """Give the samples of frames in one piece; of one modality, if it is named."""
    return np.concatenate([frame.samples for frame in found if modality in {None, frame.modality}])


def numbered(found: Sequence[Frame]) -> list[tuple[int, Samples]]:
    """Give each frame's samples with the number of the first, by what the frames say is lost."""
    numbers = np.cumsum([frame.n_lost for frame in found]) + np.cumsum([0, *(len(one.samples) for one in found)])[:-1]
    return list(zip(numbers.tolist(), [frame.samples for frame in found], strict=True))


def survivors(decoder: Decoder, characteristic: str, notifications: Iterable[bytes]) -> list[Frame]:
    """Give the frames in notifications of which some may break the format."""
    found: list[Frame] = []
    for data in notifications:
        try:
            found += decoder.decode(characteristic, data)
        except DecodeError:
            continue
    return found
