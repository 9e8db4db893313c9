"""A driver and a virtual firmware, talking without Bluetooth between them."""

from collections.abc import Iterable, Iterator

import numpy as np

from aquiver.driver import Ask, Await, Decoder, Driver, Frame, Read, Write
from aquiver.model import Modality, Samples
from collector.virtual.firmware import Firmware, Said

START_S = 1_795_400_000.0


def connect(driver: Driver, firmware: Firmware, now_s: float = START_S) -> Decoder:
    """Hold the driver's conversation; while it waits, the clock goes on."""
    conversation, answer = driver.converse(), None
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
                firmware.write(characteristic, data, now_s)
            case Ask(characteristic, data, _):
                (said,) = firmware.write(characteristic, data, now_s)
                answer = said.data
            case Await():
                answer = _awaited(firmware, now_s)


def _awaited(firmware: Firmware, now_s: float) -> bytes:
    """Give the first notification; the clock goes on in steps too small for a second one."""
    said: tuple[Said, ...] = ()
    while not said:
        now_s += 0.001
        said = firmware.due(now_s)
    return said[0].data


def frames(decoder: Decoder, firmware: Firmware, start_s: float, stop_s: float, step_s: float = 0.1) -> Iterator[Frame]:
    """Give what the decoder reads while the clock goes on in steps."""
    for now_s in np.arange(start_s, stop_s + step_s / 2, step_s).tolist():
        for said in firmware.due(now_s):
            yield from decoder.decode(said.characteristic, said.data)


def samples(seen: Iterable[Frame], modality: Modality) -> Samples:
    """Join the samples of one modality."""
    return np.concatenate([frame.samples for frame in seen if frame.modality is modality])
