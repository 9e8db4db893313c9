"""Traps of wearables that concern no single decoder test: each is known from public code or its issues (firmware_docs).

The others have their tests beside their drivers; the last test here lists where.
"""

from pathlib import Path

import pytest

from aquiver.body import Site
from aquiver.driver import Ask, Read, Request, Write
from aquiver.model import Unit
from collector.devices import DRIVERS
from collector.devices.movesense import Movesense
from collector.devices.myo import Myo
from collector.devices.polar import SERVICE, Polar
from collector.devices.witmotion import Witmotion
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.virtual.firmwares import FIRMWARES
from tests.dialogue import START_S, connect

TESTS = Path(__file__).parents[1]
SMALLEST_MTU, ATT_BYTES = 23, 3
MODEL_NAMES = {f"00002a{number}-0000-1000-8000-00805f9b34fb" for number in ("00", "24", "27", "29")}


class Overheard:
    """A virtual wearable whose partner is overheard."""

    def __init__(self, name: str) -> None:
        self.asked: list[tuple[str, bytes]] = []
        self._firmware = FIRMWARES[name](Body(9, DEMO), Site.LEFT_CALF)
        self.due = self._firmware.due

    def read(self, characteristic: str) -> bytes:
        self.asked.append((characteristic, b""))
        return self._firmware.read(characteristic)

    def write(self, characteristic: str, data: bytes, now_s: float):
        self.asked.append((characteristic, data))
        return self._firmware.write(characteristic, data, now_s)


def overheard(name: str) -> Overheard:
    band = Overheard(name)
    connect(DRIVERS[name], band)
    return band


@pytest.mark.parametrize("name", sorted(FIRMWARES))
def test_the_model_name_is_never_asked_because_bytes_tell(name):
    assert not {characteristic for characteristic, _ in overheard(name).asked} & MODEL_NAMES


@pytest.mark.parametrize("name", sorted(FIRMWARES))
def test_what_switches_a_wearable_off_or_erases_it_is_never_sent(name):
    """Myo 04 00 sleeps until it is charged, gForce 1D is off, Movesense 05 erases its log."""
    forbidden = {"myo": b"\x04", "gforce": b"\x1d", "movesense": b"\x05"}.get(name, b"none")
    written = [data for _, data in overheard(name).asked] + [write.data for write in DRIVERS[name].farewell()]
    assert not [data for data in written if data.startswith(forbidden)]


def test_the_full_start_is_said_again_after_every_reconnect():
    for name in sorted(FIRMWARES):
        assert overheard(name).asked == overheard(name).asked


@pytest.mark.parametrize("name", ["myo", "ganglion"])
def test_what_is_made_for_the_smallest_mtu_fits_it(name):
    band = overheard(name)
    longest = max(len(said.data) for tick in range(20) for said in band.due(START_S + tick / 10))
    assert longest <= SMALLEST_MTU - ATT_BYTES


@pytest.mark.parametrize("name", ["myo", "umyo", "npg", "gforce"])
def test_volts_are_not_claimed_where_nobody_publishes_them(name):
    assert DRIVERS[name].assume({}).signals[0].unit is Unit.COUNT


def test_the_polar_service_has_the_character_its_maker_forgot_to_print():
    assert len(SERVICE) == len(Polar.service) == 36


def test_a_witmotion_speaks_on_9a34fb_and_not_on_bluetooths_own_9b34fb():
    for uuid in (Witmotion.service, *Witmotion.hears):
        assert uuid.endswith("00805f9a34fb")


def test_a_movesense_may_be_found_by_its_name_with_its_serial():
    assert "Movesense 174630000192".startswith(Movesense.name_prefixes)


def test_a_myo_is_known_by_its_service_because_its_name_is_its_owners():
    assert Myo.name_prefixes == ()
    assert not Myo.is_service_shared


def test_a_request_is_one_of_those_a_link_can_carry_out():
    for name in sorted(DRIVERS):
        request: Request = next(DRIVERS[name].converse())
        assert request.characteristic
        assert not isinstance(request, Ask | Read | Write) or len(request.characteristic) == 36


# Trap -> the test that is named after it. What stands here must exist.
ELSEWHERE = {
    "myo: the header's 'big-endian' is wrong": "acceleration_is_little_endian_whatever_the_header_says",
    "myo: one EMG characteristic alone gives 50 Hz": "it_listens_to_all_four_emg_characteristics_before_it_sets_the_mode",
    "myo: it sleeps after 30 s": "it_is_kept_awake_well_within_30_s",
    "myo: a disconnect resets the mode": "every_connection_sets_the_mode_anew",
    "myo: four lost turns are invisible": "a_loss_of_four_notifications_is_invisible",
    "polar: 0x80 and 0x81": "older_verity_firmware_0x80_keeps_raw_integers_and_its_factor_as_scale",
    "polar: 0x81 with a factor": "a_factor_with_0x81_multiplies",
    "polar: bits run from the least significant": "bits_run_least_significant_first_across_bytes",
    "polar: 0-bit blocks": "a_block_of_0_bit_differences_is_refused",
    "polar: 1-bit blocks": "a_block_of_1_bit_differences_is_0_or_minus_1",
    "polar: nine blocks in a frame": "a_frame_may_hold_nine_blocks",
    "polar: a truncated last block": "a_broken_frame_is_refused_by_its_byte",
    "polar: top bits of the type": "the_top_bits_of_the_type_are_a_status",
    "polar: channels in one byte": "a_verity_is_started_at_52_hz_and_8_g_with_a_one_byte_channel_count",
    "polar: a trailing byte": "an_h10_says_started_with_a_byte_too_many",
    "polar: replies in parts": "a_reply_in_parts_is_put_together",
    "polar: it streams on after a lost link": "already_streaming_is_stopped_and_started_again",
    "polar: it must be stopped, or its battery drains": "it_stops_before_it_leaves",
    "polar: MTU 23 is refused": "a_link_with_short_messages_is_refused_by_a_polar",
    "polar: stopped by itself": "a_measurement_stopped_by_the_wearable_is_told",
    "polar: the clock jumps to 2019": "a_device_clock_that_jumps_to_2019_moves_no_sample",
    "polar: z = -2000 for hours": "constant_full_scale_is_a_fault_of_the_sensor_that_is_counted_and_named",
    "gforce: split packages": "a_package_in_parts_is_joined",
    "gforce: the zero is not settled": "emg_of_8_bits_is_16_samples_of_8_channels_about_128",
    "gforce: unknown types of other models": "unknown_types_are_refused",
    "ganglion: the sign is the last bit": "the_last_bit_is_the_sign_of_a_difference_and_the_first_is_not",
    "ganglion: ids of both firmwares": "ids_to_100_are_18_bits_and_above_19_in_firmware_2",
    "ganglion: axes come x, y, z": "an_accelerometer_left_on_shows_in_its_byte_x_y_z_and_then_the_last",
    "ganglion: one in 201 is never sent": "the_loss_of_one_sample_in_201_of_firmware_3_is_invisible",
    "ganglion: ABCDEFG": "a_raw_packet_proves_firmware_2_whatever_it_said_of_itself",
    "movesense: heart rate and temperature have other layouts": "results_and_what_others_subscribed_to_are_passed_over",
    "movesense: split payloads": "a_packet_in_two_parts_is_joined",
    "movesense: 2^32 ms": "the_clock_counts_on_after_2_to_the_32_ms",
    "witmotion: many frames in a notification": "all_frames_of_a_notification_are_read",
    "witmotion: frames split over notifications": "how_frames_are_cut_into_notifications_does_not_matter",
    "witmotion: unlocked for ten seconds": "the_key_turns_back_after_ten_seconds",
    "witmotion: WTVB01 has longer frames": "other_sensors_with_longer_frames_are_refused",
    "umyo: format byte or none": "emg_is_known_by_length_with_or_without_a_format_byte",
    "umyo: 1116 or 1150 Hz": "the_clock_finds_either_of_the_rates_on_record",
    "umyo: 2^32 samples": "the_counter_goes_on_beyond_2_to_the_32",
    "umyo: S1 does not fit MTU 23": "a_packet_cut_off_at_a_small_mtu_keeps_its_first_samples_and_counts_the_others_as_lost",
    "umyo: old firmware has no stream": "one_without_a_stream_is_found_by_its_name_and_told_by_its_firmware",
    "npg: big-endian": "samples_are_big_endian_in_the_order_of_channels",
    "npg: a service of countless gadgets": "its_service_marks_nothing_and_its_name_must",
    "npg: listen before START": "it_asks_who_it_is_and_listens_before_it_starts",
    "npg: 3 or 6 channels": "the_first_packet_tells_the_channels",
    "npg: the counter's turn": "a_loss_of_exactly_1280_samples_is_invisible_and_with_single_blocks_one_of_256",
    "npg: factory firmware does not stream": "one_with_another_sketch_is_told_by_its_firmware",
}


def test_every_trap_has_a_test_named_after_it():
    written = "".join(path.read_text() for path in TESTS.rglob("test_*.py") if path.name != Path(__file__).name)
    missing = {trap: name for trap, name in ELSEWHERE.items() if f"def test_{name}(" not in written}
    assert missing == {}
