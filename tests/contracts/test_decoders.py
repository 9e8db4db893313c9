"""A decoder is a decoder: whatever arrives, in whatever order, only DecodeError escapes, and what is given is sound.

10,000 packets per driver: true ones of the virtual twin, and what a radio, a firmware or a stranger may make of them.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.driver import Decoder
from aquiver.errors import DecodeError
from collector.devices import DRIVERS
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.virtual.firmware import Said
from collector.virtual.firmwares import FIRMWARES
from tests.dialogue import START_S, connect

N_EXAMPLES, N_PACKETS = 100, 100  # 10,000 packets

FAULTS = {
    "none": lambda data, _at, _junk: data,
    "cut off": lambda data, at, _junk: data[: at % (len(data) + 1)],
    "beheaded": lambda data, at, _junk: data[at % (len(data) + 1) :],
    "too long": lambda data, _at, junk: data + junk,
    "joined": lambda data, _at, _junk: data + data,
    "overwritten": lambda data, at, junk: (
        data[: at % (len(data) + 1)] + junk + data[at % (len(data) + 1) + len(junk) :]
    ),
    "foreign": lambda _data, _at, junk: junk,
    "long and foreign": lambda data, at, junk: (junk or b"\x00") * (at % 40) + data[:1],
}


def spoken(name: str) -> tuple[Said, ...]:
    """Give what the virtual twin of a wearable says in three seconds."""
    firmware = FIRMWARES[name](Body(9, DEMO), Site.LEFT_CALF)
    connect(DRIVERS[name], firmware)
    return tuple(said for tick in range(30) for said in firmware.due(START_S + tick / 10))


TRUE = {name: spoken(name) for name in FIRMWARES}


def what_arrives():
    one = some.tuples(
        some.integers(0, 2**16), some.sampled_from(sorted(FAULTS)), some.integers(0, 255), some.binary(max_size=24)
    )
    return some.lists(one, min_size=N_PACKETS, max_size=N_PACKETS)


def fed(decoder: Decoder, characteristic: str, data: bytes) -> bool:
    """Feed one packet; insist that what is given is sound; say whether it was refused."""
    try:
        frames = decoder.decode(characteristic, data)
    except DecodeError:
        return True
    signals = {signal.modality: signal for signal in decoder.signals}
    for frame in frames:
        signal = signals[frame.modality]
        assert frame.samples.shape == (len(frame.samples), len(signal.channels))
        assert frame.samples.dtype == np.int32
        assert frame.n_lost >= 0
    return False


@pytest.mark.parametrize("name", sorted(FIRMWARES))
def test_ten_thousand_packets_of_any_kind_raise_nothing_but_decode_errors(name):
    @settings(
        max_examples=N_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(arriving=what_arrives())
    def all_hold(arriving):
        decoders = (connect(DRIVERS[name], FIRMWARES[name](Body(9, DEMO), Site.LEFT_CALF)), DRIVERS[name].assume({}))
        for which, fault, at, junk in arriving:
            said = TRUE[name][which % len(TRUE[name])]
            for decoder in decoders:
                fed(decoder, said.characteristic, FAULTS[fault](said.data, at, junk))

    all_hold()


@pytest.mark.parametrize("name", sorted(FIRMWARES))
def test_a_decoder_stays_usable_whatever_came_before(name):
    """Junk on every characteristic it hears; then what the twin says is read again, but for what waits for more."""
    decoder = connect(DRIVERS[name], FIRMWARES[name](Body(9, DEMO), Site.LEFT_CALF))
    for characteristic in DRIVERS[name].hears:
        assert fed(decoder, characteristic, b"\xfe\xff\x00") or True
    frames = 0
    for said in TRUE[name]:
        try:
            frames += len(decoder.decode(said.characteristic, said.data))
        except DecodeError:
            continue
    assert frames > 0.5 * len(TRUE[name])


def test_the_faults_would_be_seen():
    """An empty packet, and one cut off, are refused by a driver that knows its lengths."""
    decoder = DRIVERS["myo"].assume({})
    (said, *_) = TRUE["myo"]
    assert not fed(decoder, said.characteristic, FAULTS["none"](said.data, 0, b""))
    assert fed(decoder, said.characteristic, FAULTS["cut off"](said.data, 5, b""))
