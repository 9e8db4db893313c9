"""Laws of the virtual WitMotion: what the driver reads from it is what the body under it did."""

from contextlib import aclosing

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.model import Modality, Samples
from collector.devices.witmotion import COMMAND, DATA, SERVICE, SIGNAL, Witmotion
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived, Opened
from collector.sources.wearable import WearableSource
from collector.virtual.crystal import Crystal
from collector.virtual.refusal import Refused
from collector.virtual.witmotion import VirtualWitmotion
from tests.air import FAST, air
from tests.dialogue import connect, frames, joined

START_S = 1_795_400_000.0
CALF = Site.LEFT_CALF
KEY, RATE = bytes.fromhex("FF AA 69 88 B5"), "FF AA 03 {} 00"


def _body() -> Body:
    return Body(9, DEMO)


def _truth(n: int, origin_s: float = START_S) -> Samples:
    return _body().sense(CALF, SIGNAL, origin_s, 0, n)


def _set_rate(firmware: VirtualWitmotion, code: str, now_s: float = START_S) -> None:
    firmware.write(COMMAND, KEY, now_s)
    firmware.write(COMMAND, bytes.fromhex(RATE.format(code)), now_s)


def _n_frames(firmware: VirtualWitmotion, now_s: float) -> int:
    return sum(len(said.data) for said in firmware.due(now_s)) // 20


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
@pytest.mark.parametrize("notification_bytes", [20, 33, 160])
def test_it_says_what_the_body_did_however_it_is_cut(step_s: float, notification_bytes: int) -> None:
    firmware = VirtualWitmotion(_body(), CALF, notification_bytes=notification_bytes)
    found = list(frames(connect(Witmotion(), firmware, START_S), firmware, START_S, START_S + 20.0, step_s))
    samples = joined(found)
    assert abs(len(samples) - 2000) <= 8 + 100 * step_s
    assert np.array_equal(samples, _truth(len(samples)))
    assert not any(frame.n_lost for frame in found)


def test_frames_come_in_groups_of_eight() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    connect(Witmotion(), firmware, START_S)
    assert {len(said.data) for said in firmware.due(START_S + 2.0)} == {160}


def test_from_the_factory_it_sends_ten_frames_a_second_one_by_one() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    firmware.due(START_S)
    assert [len(firmware.due(START_S + each)) for each in (0.11, 0.21, 0.31)] == [1, 1, 1]


@pytest.mark.parametrize(("code", "n"), [("08", 50), ("0B", 200), ("0D", 0)])
def test_a_rate_is_taken_once_it_is_unlocked(code: str, n: int) -> None:
    firmware = VirtualWitmotion(_body(), CALF, notification_bytes=20)
    _set_rate(firmware, code)
    assert _n_frames(firmware, START_S + 1.001) == n


@pytest.mark.parametrize("key", ["", "FF AA 69 88 B6", "FF AA 69 88"])
def test_without_the_key_nothing_is_taken(key: str) -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    firmware.write(COMMAND, bytes.fromhex(key), START_S)
    firmware.write(COMMAND, bytes.fromhex(RATE.format("09")), START_S)
    firmware.due(START_S)
    assert _n_frames(firmware, START_S + 1.001) == 10


def test_the_key_turns_back_after_ten_seconds() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    firmware.write(COMMAND, KEY, START_S)
    firmware.write(COMMAND, bytes.fromhex(RATE.format("09")), START_S + 11.0)
    firmware.due(START_S + 11.0)
    assert _n_frames(firmware, START_S + 12.001) == 10


def test_the_battery_is_a_voltage_in_a_register() -> None:
    (said,) = VirtualWitmotion(_body(), CALF).write(COMMAND, bytes.fromhex("FF AA 27 64 00"), START_S)
    assert (said.characteristic, said.data) == (DATA, bytes.fromhex("55 71 64 00 8E 01") + bytes(14))


def test_what_it_does_not_know_it_passes_over() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    assert firmware.write(DATA, KEY, START_S) == firmware.write(COMMAND, b"AT+01", START_S) == ()
    with pytest.raises(Refused):
        firmware.read(DATA)


def test_a_loss_that_tears_frames_apart_shows_and_passes_nothing_false() -> None:
    firmware = VirtualWitmotion(_body(), CALF, notification_bytes=33, drop=lambda number: number in {10, 40})
    decoder = connect(Witmotion(), firmware, START_S)
    found = list(frames(decoder, firmware, START_S, START_S + 2.0, 0.01))
    truth = [tuple(each) for each in _truth(200).tolist()]
    assert sum(frame.n_lost > 0 for frame in found) == 2
    assert {tuple(each) for each in joined(found).tolist()} <= set(truth)
    assert 200 - 2 - 6 <= len(joined(found)) < 200


def test_a_loss_between_frames_is_invisible() -> None:
    firmware = VirtualWitmotion(_body(), CALF, drop=lambda number: number == 5)
    found = list(frames(connect(Witmotion(), firmware, START_S), firmware, START_S, START_S + 2.0, 0.1))
    assert not any(frame.n_lost for frame in found)
    assert len(joined(found)) == (24 - 1) * 8  # 24 groups in 2 s


def test_it_goes_silent_with_its_link_and_is_set_up_again() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    connect(Witmotion(), firmware, START_S)
    firmware.due(START_S + 1.0)
    firmware.disconnected()
    start_s = START_S + 100.0
    found = list(frames(connect(Witmotion(), firmware, start_s), firmware, start_s, start_s + 1.0, 0.1))
    assert np.array_equal(joined(found)[:90], _truth(90, start_s))


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualWitmotion(_body(), CALF, crystal=Crystal(ppm=10_000.0))
    connect(Witmotion(), firmware, START_S)
    assert _n_frames(firmware, START_S + 20.0) == pytest.approx(2020, abs=8)


def test_name_and_service_fit_an_advertisement() -> None:
    firmware = VirtualWitmotion(_body(), CALF)
    assert len(firmware.name) <= 8
    assert firmware.name.startswith(Witmotion().name_prefixes)
    assert firmware.service == firmware.table[0].service == SERVICE


@pytest.mark.parametrize("notification_bytes", [20, 33, 160])
async def test_it_streams_over_the_air_with_the_right_numbering(notification_bytes: int) -> None:
    firmware = VirtualWitmotion(_body(), CALF, notification_bytes=notification_bytes)
    signals, found = (), []
    async with air({"band": firmware}) as radio:
        async with aclosing(WearableSource(Witmotion(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Opened):
                    signals = event.signals
                if isinstance(event, Arrived):
                    found.append(event.frame)
                    if sum(len(frame.samples) for frame in found) >= 100:
                        break
    samples, truth = joined(found), _truth(400, firmware._origin_s)
    first = next(at for at in range(300) if np.array_equal(truth[at : at + 4], samples[:4]))
    assert np.array_equal(samples, truth[first : first + len(samples)])
    assert [signal.modality for signal in signals] == [Modality.ACCELEROMETER]
    assert not any(frame.n_lost for frame in found[1:])
