"""Laws of the virtual uMyo, and of its driver on the air."""

from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.errors import LinkLost
from aquiver.model import Modality
from collector.devices.umyo import EMG_SIGNAL, TELEMETRY, Umyo
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived, Opened
from collector.sources.wearable import WearableSource
from collector.virtual.counter import Counter
from collector.virtual.crystal import Crystal
from collector.virtual.umyo import VirtualUmyo
from tests.air import FAST, air, numbers
from tests.dialogue import START_S, connect, frames, joined

CALF = Site.LEFT_CALF
TRUE_EMG = replace(EMG_SIGNAL, rate_hz=1116.0)  # by its clock; the driver's rate is a guess


def _body() -> Body:
    return Body(9, DEMO)


@pytest.mark.parametrize("has_format_byte", [False, True])
@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_it_says_what_the_body_did(has_format_byte: bool, step_s: float) -> None:
    firmware = VirtualUmyo(_body(), CALF, has_format_byte=has_format_byte)
    seen = list(frames(connect(Umyo(), firmware), firmware, START_S, START_S + 20.0, step_s))
    emg, motion = joined(seen, Modality.EMG), joined(seen, Modality.ACCELEROMETER)
    assert abs(len(emg) - 20 * 1116) <= 24 + 1116 * step_s
    assert np.array_equal(emg, _body().sense(CALF, TRUE_EMG, START_S, 0, len(emg)))
    assert len(motion) == pytest.approx(20 * 25, abs=1 + 25 * step_s)
    assert not any(frame.n_lost for frame in seen)


@pytest.mark.parametrize(("has_format_byte", "lengths"), [(False, {52, 26}), (True, {53, 27})])
def test_it_sends_emg_and_motion_in_packets_of_their_own(has_format_byte: bool, lengths: set[int]) -> None:
    firmware = VirtualUmyo(_body(), CALF, has_format_byte=has_format_byte)
    firmware.due(START_S)
    assert {len(said.data) for said in firmware.due(START_S + 1.0)} == lengths


def test_its_numbers_go_on_beyond_the_turn_of_its_counter() -> None:
    firmware = VirtualUmyo(_body(), CALF, first_count=2**32 - 100)
    seen = [one for one in frames(connect(Umyo(), firmware), firmware, START_S, START_S + 1.0) if one.count is not None]
    assert [one.count for one in seen] == [2**32 - 100 + 24 * number for number in range(len(seen))]


def test_what_a_full_queue_dropped_is_told_by_the_counter() -> None:
    firmware = VirtualUmyo(_body(), CALF, drop=lambda number: 10 <= number < 20)
    seen = [one for one in frames(connect(Umyo(), firmware), firmware, START_S, START_S + 1.0) if one.count is not None]
    n_emg_dropped = sum(one.n_lost for one in seen) // 24
    assert 5 <= n_emg_dropped <= 8  # the others were motion
    assert seen[-1].count == 24 * (len(seen) - 1 + n_emg_dropped)


def test_a_new_link_gets_the_last_256_samples_and_the_number_of_the_first() -> None:
    firmware = VirtualUmyo(_body(), CALF)
    before = list(frames(connect(Umyo(), firmware), firmware, START_S, START_S + 1.0))[-1]
    firmware.disconnected()
    after = next(frames(connect(Umyo(), firmware), firmware, START_S + 10.0, START_S + 11.0))
    assert (before.count, before.n_lost) == (1080, 0)
    assert (after.count, after.n_lost) == (11160 - 256, 0)


def test_a_busy_radio_moment_repeats_nothing() -> None:
    firmware = VirtualUmyo(_body(), CALF)
    list(frames(connect(Umyo(), firmware), firmware, START_S, START_S + 1.0))
    firmware.disconnected()
    assert next(frames(connect(Umyo(), firmware), firmware, START_S + 1.1, START_S + 1.2)).count == 1104


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualUmyo(_body(), CALF, crystal=Crystal(ppm=10_000.0))
    firmware.due(START_S)
    assert len(firmware.due(START_S + 24.0)) == pytest.approx(24 * (1116 / 24 + 25) * 1.01, abs=2)


def test_name_and_service_fit_an_advertisement_and_both_can_be_read() -> None:
    firmware = VirtualUmyo(_body(), CALF)
    firmware.due(START_S)
    said = firmware.due(START_S + 1.0)
    name = next(row.uuid for row in firmware.table if row.uuid != TELEMETRY)
    assert len(firmware.name) <= 8
    assert firmware.read(TELEMETRY) == said[-1].data
    assert firmware.write(name, b"other", START_S) == ()
    assert firmware.read(name).startswith(firmware.name.encode())


async def test_on_the_air_it_streams_without_a_gap_in_its_numbers():
    async with air({"band": VirtualUmyo(Body(1), CALF)}) as radio:
        seen, signals = [], ()
        async with aclosing(WearableSource(Umyo(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                signals = event.signals if isinstance(event, Opened) else signals
                seen += [event.frame] if isinstance(event, Arrived) else []
                if len(seen) == 40:
                    break
        emg = [frame for frame in seen if frame.modality is Modality.EMG]
        assert {signal.modality for signal in signals} == {frame.modality for frame in seen}
        assert all(later.count == before.count + 24 for before, later in pairwise(emg))


async def test_one_without_a_stream_is_found_by_its_name_and_told_by_its_firmware():
    async with air({"band": Counter("uMyo-old")}) as radio:
        with pytest.raises(
            LinkLost, match=f"Listen {TELEMETRY} failed: .* Is its firmware too old, or a different one"
        ):
            await numbers(WearableSource(Umyo(), radio=radio.backends, timings=FAST), 1)
