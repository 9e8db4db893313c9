"""Laws of the Myo driver."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Decoder, Listen, Read, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Modality
from collector.devices.myo import COMMAND, EMG, FIRMWARE, IMU, Myo, MyoDecoder

FIELD_VERSION = struct.pack("<4H", 1, 5, 1970, 2)


def _play(version: bytes) -> tuple[list[Request], Decoder]:
    conversation, requests, answer = Myo().converse(), [], None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = version if isinstance(request, Read) else b""


def _lost(turns: list[int]) -> list[int]:
    decoder = MyoDecoder()
    return [decoder.decode(EMG[turn], bytes(16))[0].n_lost for turn in turns]


def test_it_listens_to_all_four_emg_characteristics_before_it_sets_the_mode() -> None:
    requests, _ = _play(FIELD_VERSION)
    assert requests == [
        Read(FIRMWARE),
        *(Listen(each) for each in (*EMG, IMU)),
        Write(COMMAND, bytes.fromhex("09 01 01")),
        Write(COMMAND, bytes.fromhex("01 03 02 01 00")),
    ]


def test_every_connection_sets_the_mode_anew() -> None:
    assert _play(FIELD_VERSION)[0] == _play(FIELD_VERSION)[0]


def test_it_never_sends_the_deep_sleep_from_which_only_a_charger_wakes() -> None:
    requests = [*_play(FIELD_VERSION)[0], *Myo().farewell(), Myo().keep_awake[1]]
    assert not [one for one in requests if isinstance(one, Write) and one.data[0] == 0x04]


def test_it_is_kept_awake_well_within_30_s() -> None:
    assert Myo().keep_awake == (10.0, Write(COMMAND, bytes.fromhex("09 01 01")))


def test_it_is_left_with_everything_off_and_sleep_allowed() -> None:
    assert [one.data.hex(" ") for one in Myo().farewell()] == ["01 03 00 00 00", "09 01 00"]


@pytest.mark.parametrize("version", [b"", FIELD_VERSION[:7], struct.pack("<4H", 2, 0, 0, 0)])
def test_unknown_firmware_is_refused(version: bytes) -> None:
    with pytest.raises(DecodeError):
        _play(version)


def test_emg_is_two_samples_of_eight_signed_counts() -> None:
    (frame,) = MyoDecoder().decode(EMG[0], bytes(range(8)) + bytes([0x80, 0xFF, 0x7F, 0, 0, 0, 0, 1]))
    assert frame.samples.tolist() == [list(range(8)), [-128, -1, 127, 0, 0, 0, 0, 1]]
    assert (frame.modality, frame.count, frame.device_ns) == (Modality.EMG, None, None)


def test_acceleration_is_little_endian_whatever_the_header_says() -> None:
    data = struct.pack("<10h", 16384, 0, 0, 0, 2048, -1024, 1, 7, 7, 7)
    (frame,) = MyoDecoder().decode(IMU, data)
    assert frame.samples.tolist() == [[2048, -1024, 1]]
    assert frame.modality is Modality.ACCELEROMETER


def test_a_skipped_turn_is_two_lost_samples() -> None:
    assert _lost([0, 1, 2, 3, 0, 2, 1, 1]) == [0, 0, 0, 0, 0, 2, 4, 6]


def test_a_stream_may_begin_at_any_turn() -> None:
    assert _lost([2, 3, 0]) == [0, 0, 0]


def test_a_loss_of_four_notifications_is_invisible() -> None:
    turns = [0, 1, 2, 3, 0, 1, 2, 3]
    del turns[2:6]
    assert _lost(turns) == [0, 0, 0, 0]


def test_a_malformed_turn_is_counted_as_lost_with_the_next() -> None:
    decoder = MyoDecoder()
    decoder.decode(EMG[0], bytes(16))
    with pytest.raises(DecodeError, match="byte 15"):
        decoder.decode(EMG[1], bytes(15))
    assert decoder.decode(EMG[2], bytes(16))[0].n_lost == 2


def test_the_rest_of_the_band_is_passed_over() -> None:
    assert MyoDecoder().decode("2a19", b"\x50") == ()


@given(st.sampled_from([*EMG, IMU, COMMAND]), st.binary(max_size=40))
def test_foreign_bytes_raise_only_decode_errors(characteristic: str, data: bytes) -> None:
    try:
        frames = MyoDecoder().decode(characteristic, data)
    except DecodeError:
        return
    assert all(len(frame.samples) for frame in frames)
