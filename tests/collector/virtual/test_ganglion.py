"""Laws of the virtual Ganglion: what the driver reads from it is what the body under it did."""

from contextlib import aclosing

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.model import Channel, Modality, Samples, Signal, Unit
from collector.devices.ganglion import COMMAND, DATA, SERVICE, Ganglion
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived, Opened
from collector.sources.wearable import WearableSource
from collector.virtual.crystal import Crystal
from collector.virtual.ganglion import VirtualGanglion
from tests.air import FAST, air
from tests.dialogue import connect, frames, joined, numbered

START_S = 1_795_400_000.0
CALF = Site.LEFT_CALF
DRIFT = 60  # counts; the sign takes the last bit's place two hundred times a cycle
COARSEST = 128


def _body() -> Body:
    return Body(9, DEMO)


def _truth(n: int, origin_s: float = START_S) -> Samples:
    channels = tuple(Channel(name, 1.2e6 / (8388607 * 1.5 * 51)) for name in "1234")
    return _body().sense(CALF, Signal(Modality.EMG, 200.0, Unit.MICROVOLT, 8388607, channels), origin_s, 0, n)


def _without_the_last_of_201(samples: Samples) -> Samples:
    return samples[np.arange(len(samples)) % 201 != 200]


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_firmware_2_says_what_the_body_did(step_s: float) -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=2)
    found = list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 20.0, step_s))
    samples = joined(found)
    assert abs(len(samples) - 4000) <= 2 + 200 * step_s
    truth = _truth(len(samples))
    assert np.array_equal(samples[::201], truth[::201])
    assert np.abs(samples - truth).max() <= DRIFT
    assert not any(frame.n_lost for frame in found)


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_firmware_3_says_what_the_body_did_but_for_one_sample_in_201(step_s: float) -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=3)
    found = list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 20.0, step_s))
    samples = joined(found)
    assert abs(len(samples) - 20 * 199) <= 4 + 200 * step_s
    truth = _without_the_last_of_201(_truth(len(samples) + 30))[: len(samples)]
    assert np.array_equal(samples, truth >> 6 << 6)
    assert not any(frame.n_lost for frame in found)


@pytest.mark.parametrize("firmware_number", [2, 3])
def test_the_accelerometer_costs_a_bit_and_nothing_else(firmware_number: int) -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=firmware_number)
    firmware.write(COMMAND, b"n", START_S)
    firmware.write(COMMAND, b"b", START_S)
    decoder = Ganglion().assume({})
    samples = joined(list(frames(decoder, firmware, START_S, START_S + 5.0, 0.5)))
    truth = _truth(1000) if firmware_number == 2 else _without_the_last_of_201(_truth(1000))
    assert np.abs(samples - truth[: len(samples)]).max() <= max(DRIFT, COARSEST)


def test_an_accelerometer_left_on_shows_in_its_byte_x_y_z_and_then_the_last() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=3)
    firmware.write(COMMAND, b"b", START_S)
    assert [said.data[19] for said in firmware.due(START_S + 0.061)] == [0, 0, 0, 64, 64, 64]


@pytest.mark.parametrize("firmware_number", [2, 3])
@pytest.mark.parametrize("revision", [b"2.0.1", b"3.0.2"])
def test_what_it_says_of_itself_does_not_change_what_is_read(firmware_number: int, revision: bytes) -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=firmware_number, revision=revision)
    samples = joined(list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 5.0, 0.5)))
    truth = _truth(1000) if firmware_number == 2 else _without_the_last_of_201(_truth(1000))
    skipped = 200 if firmware_number == 3 and revision == b"2.0.1" else 0  # until id 100 comes again
    assert np.abs(samples - truth[skipped : skipped + len(samples)]).max() <= COARSEST


def test_what_firmware_3_dropped_is_missing_and_all_else_in_its_place() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=3, drop=lambda number: number in {10, 50, 51, 120})
    found = list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 3.0, 0.1))
    assert [frame.n_lost for frame in found if frame.n_lost] == [2, 4, 2]
    truth = _without_the_last_of_201(_truth(700))
    assert all(np.array_equal(samples, truth[at : at + 2] >> 6 << 6) for at, samples in numbered(found))


def test_what_firmware_2_dropped_takes_all_with_it_until_the_next_raw_sample() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=2, drop=lambda number: number in {10, 50, 51, 150})
    found = list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 4.0, 0.1))
    assert [frame.n_lost for frame in found if frame.n_lost] == [201 - 19, 201 - (1 + 2 * 48)]
    truth = _truth(801)
    for at, samples in numbered(found):
        assert np.abs(samples - truth[at : at + len(samples)]).max() <= DRIFT


def test_a_lost_raw_packet_loses_its_cycle() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=2, drop=lambda number: number == 101)
    found = list(frames(connect(Ganglion(), firmware, START_S), firmware, START_S, START_S + 4.0, 0.1))
    assert [frame.n_lost for frame in found if frame.n_lost] == [201]


def test_a_driver_that_leaves_ends_the_stream() -> None:
    firmware = VirtualGanglion(_body(), CALF)
    connect(Ganglion(), firmware, START_S)
    for write in Ganglion().farewell():
        firmware.write(write.characteristic, write.data, START_S)
    assert firmware.due(START_S + 10.0) == ()


def test_the_board_resets_with_its_link() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=2)
    connect(Ganglion(), firmware, START_S)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()
    found = list(frames(connect(Ganglion(), firmware, START_S + 6.0), firmware, START_S + 6.0, START_S + 7.0, 0.1))
    assert np.array_equal(found[0].samples, _truth(1, START_S + 6.0))


def test_a_start_while_it_streams_changes_nothing() -> None:
    firmware = VirtualGanglion(_body(), CALF)
    connect(Ganglion(), firmware, START_S)
    firmware.due(START_S + 0.501)
    firmware.write(COMMAND, b"b", START_S + 0.501)
    assert firmware.due(START_S + 0.52)[0].data[0] == 150


def test_a_reset_is_answered_in_messages_that_carry_no_samples() -> None:
    firmware = VirtualGanglion(_body(), CALF)
    decoder = connect(Ganglion(), firmware, START_S)
    answers = firmware.write(COMMAND, b"v", START_S)
    assert [said.data[0] for said in answers] == [206, 207]
    assert not any(decoder.decode(DATA, said.data) for said in answers)


def test_what_it_does_not_know_it_passes_over() -> None:
    firmware = VirtualGanglion(_body(), CALF)
    assert firmware.write(COMMAND, b"?", START_S) == firmware.write(DATA, b"b", START_S) == ()
    assert firmware.due(START_S + 1.0) == ()


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualGanglion(_body(), CALF, firmware=2, crystal=Crystal(ppm=10_000.0))
    connect(Ganglion(), firmware, START_S)
    assert len(firmware.due(START_S + 20.0)) == pytest.approx(20 * 101 * 200 / 201 * 1.01, abs=2)


def test_name_and_service_fit_an_advertisement() -> None:
    firmware = VirtualGanglion(_body(), CALF)
    assert len(firmware.name) <= 8
    assert firmware.service == firmware.table[0].service == SERVICE
    assert all(isinstance(firmware.read(row.uuid), bytes) for row in firmware.table if "read" in row.properties)


@pytest.mark.parametrize("firmware_number", [2, 3])
async def test_it_streams_over_the_air_with_the_right_numbering(firmware_number: int) -> None:
    lost_s = 0.3  # one packet in the first second
    firmware = VirtualGanglion(_body(), CALF, firmware=firmware_number, drop=lambda number: number == int(lost_s * 100))
    signals, found, n_wanted = (), [], 260
    async with air({"band": firmware}) as radio:
        async with aclosing(WearableSource(Ganglion(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Opened):
                    signals = event.signals
                if isinstance(event, Arrived):
                    found.append(event.frame)
                    if sum(frame.n_lost + len(frame.samples) for frame in found) >= n_wanted:
                        break
    truth = _truth(400, firmware._origin_s)
    truth = truth if firmware_number == 2 else _without_the_last_of_201(truth)
    assert signals[0].rate_hz == (200 if firmware_number == 2 else 199)
    assert [frame.n_lost for frame in found if frame.n_lost] == [201 - 59 if firmware_number == 2 else 2]
    for at, samples in numbered(found):
        assert np.abs(samples - truth[at : at + len(samples)]).max() <= COARSEST
