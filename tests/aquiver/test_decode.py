"""aquiver decode: what bytes say, one line of JSON a frame."""

import json
import struct

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli, main
from collector.devices import DRIVERS

PMD_DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
OLD_FRAME = "02 64 6C 76 C4 3C C6 7F 07 80 D0 FF 65 01 E4 0F 08 01 FC 07 FF"
NEW_FRAME = OLD_FRAME.replace("07 80 D0", "07 81 D0")
TIME_NS = 540368444604181604


def decoded(*words: object) -> list[dict]:
    done = CliRunner().invoke(cli, ["decode", *map(str, words)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_a_frame_of_new_firmware_is_in_milli_g():
    (frame,) = decoded("polar", "--hex", NEW_FRAME)
    assert frame["counts"] == [[-48, 357, 4068], [-52, 364, 4067]]
    assert frame["samples"][0] == [-0.048, 0.357, 4.068]
    assert (frame["unit"], frame["channels"], frame["device_time_ns"]) == ("g", ["x", "y", "z"], TIME_NS)
    assert frame["sample_number"] is None


def test_a_frame_of_old_firmware_is_worth_the_factor_of_the_start(tmp_path):
    file = tmp_path / "capture.txt"
    file.write_text(
        f"# the answers of the set-up come first\n{PMD_CONTROL} 0F 6E 00\n"
        f"{PMD_CONTROL} F0 01 02 00 00 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03\n"
        f"{PMD_CONTROL} F0 02 02 00 00 05 01 40 DA 7F 39\n\n{PMD_DATA.upper()} {OLD_FRAME}\n"
    )
    (frame,) = decoded("polar", "--file", file)
    assert frame["counts"][0] == [-48, 357, 4068]
    assert frame["samples"][0] == pytest.approx([-0.011712, 0.087108, 0.992592])


def test_notifications_without_a_set_up_are_of_a_wearable_in_its_usual_settings(tmp_path):
    file = tmp_path / "capture.txt"
    file.write_text(f"{PMD_DATA} {NEW_FRAME}\n{PMD_DATA} {NEW_FRAME}\n")
    assert len(decoded("polar", "--file", file)) == 2


def test_a_characteristic_is_guessed_or_given():
    emg = "01 FF 02 00 00 FD 01 00 00 01 FF 02 80 7F 00 01"
    (guessed,) = decoded("myo", "--hex", emg)
    assert guessed["samples"] == [[1, -1, 2, 0, 0, -3, 1, 0], [0, 1, -1, 2, -128, 127, 0, 1]]
    (given,) = decoded("myo", "--hex", emg, "--characteristic", "d5060205-a904-deb9-4748-2c7f4a124842")
    assert given["samples"] == guessed["samples"]
    (imu,) = decoded("myo", "--hex", "00 40 00 00 00 00 00 00 00 08 00 FC 66 00 10 00 F0 FF 00 00")
    assert (imu["modality"], imu["samples"]) == ("accelerometer", [[1.0, -0.5, 0.0498046875]])


@pytest.mark.parametrize("spelling", ["0x02,0x64", "02-64", "0264"])
def test_bytes_may_be_spelt_as_others_spell_them(spelling, monkeypatch, capsys):
    assert "byte 2: the frame ends within its header" in said(monkeypatch, capsys, "polar", "--hex", spelling)


@pytest.mark.parametrize("words", [("polar", "--hex", "02 zz"), ("myo", "--hex", "01 02 03")])
def test_bytes_that_are_none_or_break_the_format_give_one_sentence(monkeypatch, capsys, words):
    assert "byte" in said(monkeypatch, capsys, *words)


def said(monkeypatch, capsys, *words: str) -> str:
    monkeypatch.setattr("sys.argv", ["aquiver", "decode", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    return capsys.readouterr().err


def test_either_bytes_or_a_file():
    assert CliRunner().invoke(cli, ["decode", "polar"]).exit_code == 2


@pytest.mark.parametrize("name", sorted(DRIVERS))
def test_every_driver_can_be_asked_without_its_wearable(name):
    decoder = DRIVERS[name].assume({})
    assert decoder.signals
    assert DRIVERS[name].hears


def broken(*words: object) -> tuple[list[dict], str]:
    """Give what is printed of a capture with faults, and what is said about them."""
    done = CliRunner().invoke(cli, ["decode", *map(str, words)])
    assert done.exit_code == 2
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def capture(tmp_path, *lines: str):
    file = tmp_path / "capture.txt"
    file.write_text("\n".join(lines))
    return file


def test_a_polar_is_read_whole_without_its_dialogue():
    """ECG, and frames of every type in the scale they were sent in, however large their values."""
    (ecg,) = decoded("polar", "--hex", "00 38 6D 45 CE 6D BA 4D 08 00 70 FF FF 8B FF FF")
    assert (ecg["modality"], ecg["unit"], ecg["samples"]) == ("ecg", "uV", [[-144.0], [-117.0]])
    (old,) = decoded("polar", "--hex", OLD_FRAME)
    assert old["samples"][0] == pytest.approx([-0.011712, 0.087108, 0.992592])
    (raw,) = decoded("polar", "--hex", f"{OLD_FRAME[:26]} 02 00 00 80 FF FF 7F 01 00 00")
    assert raw["samples"] == [[-8388.608, 8388.607, 0.001]]


def test_a_start_that_is_heard_in_part_counts_from_then_on(tmp_path):
    file = capture(
        tmp_path,
        f"{PMD_CONTROL} 02 02 00 01 68 00 01 01 10 00 02 01 08 00 04 01 03",
        f"{PMD_CONTROL} F0 02 02 00 00 05 01 AC C5 27 38",
        f"{PMD_DATA} {OLD_FRAME}",
    )
    (frame,) = decoded("polar", "--file", file)
    assert (frame["rate_hz"], frame["scale"][0]) == (104.0, 4e-05)


@pytest.mark.parametrize(
    ("word", "key", "value"), [("factor=0.001", "scale", [0.001] * 3), ("rate=200", "rate_hz", 200.0)]
)
def test_what_bytes_cannot_tell_may_be_told(word, key, value):
    (frame,) = decoded("polar", "--hex", OLD_FRAME, "--set", word)
    assert frame[key] == value


@pytest.mark.parametrize(
    ("wearable", "word"),
    [("polar", "rate=fast"), ("polar", "rate=0"), ("polar", "bits=8"), ("gforce", "bits=9"), ("ganglion", "firmware=4"),
     ("movesense", "path=/Meas/Gyro/52"), ("myo", "rate=200")],
)  # fmt: skip
def test_what_is_told_must_make_sense(monkeypatch, capsys, wearable, word):
    assert word.split("=")[0] in said(monkeypatch, capsys, wearable, "--hex", "00", "--set", word)


def test_a_polar_measurement_that_is_not_read_is_named():
    _, words = broken("polar", "--hex", "05 00 94 35 77 00 00 00 00 80 00")
    assert "measurement 5 (gyroscope)" in words


def test_lines_with_faults_are_numbered_and_the_others_decoded(tmp_path):
    file = capture(tmp_path, f"{PMD_DATA} {NEW_FRAME}", "", f"{PMD_DATA} 02 64  # cut off", f"{PMD_DATA} {NEW_FRAME}")
    frames, words = broken("polar", "--file", file)
    assert len(frames) == 2
    assert "line 3: byte 2: the frame ends within its header" in words


@pytest.mark.parametrize("line", ["{} {}", "5c82 {1}", "{1}", "{},{}", "{}: {}", '"{}" {}', "5C82 0x{1}"])
def test_a_line_may_be_written_as_others_write_it(tmp_path, line):
    text = line.format(PMD_DATA.upper(), NEW_FRAME)
    (frame,) = decoded("polar", "--file", capture(tmp_path, "# a comment", "", text.replace("0x02 ", "0x02,0x")))
    assert frame["counts"][0] == [-48, 357, 4068]


def test_bytes_in_groups_of_four_digits_are_no_short_uuid(tmp_path):
    file = capture(tmp_path, "5561 0100 0200 FF7F 0000 0000 0000 0000 0000 0000", "ffe4 " + "5561" + "00" * 18)
    assert [frame["counts"][0] for frame in decoded("witmotion", "--file", file)] == [[1, 2, 32767], [0, 0, 0]]


def test_a_characteristic_that_is_nobodys_holds_no_samples(tmp_path):
    _, words = broken("myo", "--file", capture(tmp_path, "2a19 64"))
    assert "no samples in 1 notifications" in words


def test_a_ganglion_whose_fields_do_not_show_their_sign_twice_sends_differences(tmp_path):
    """Two packets of another project's tests: its raw one does not end in ABCDEFG."""
    raw = "00 000001 000002 000003 000004 01020304050607"
    packet = "01 00000000 08000500 00480009 F001B000 300008"
    first, second = decoded("ganglion", "--file", capture(tmp_path, raw, packet))
    assert (first["counts"], first["sample_number"], first["rate_hz"]) == ([[1, 2, 3, 4]], 0, 200.0)
    assert second["sample_number"] == 1
    assert second["counts"][0][:2] == [1, 2]
    (alone,) = decoded("ganglion", "--hex", raw, "--set", "firmware=3")
    assert alone["rate_hz"] == 199.0


def test_a_gforce_shows_whether_it_sends_8_bits_or_12(tmp_path):
    coarse = "08" + bytes(range(100, 228)).hex()
    parts = f"{DATA_OF_GFORCE} FF01{coarse[:100]}", f"{DATA_OF_GFORCE} FF00{coarse[100:]}"
    for frame in decoded("gforce", "--file", capture(tmp_path, coarse, *parts)):
        assert frame["samples"][0] == list(range(100, 108))
        assert len(frame["samples"]) == 16
    (fine,) = decoded("gforce", "--hex", "88 05" + "FF 0F 00 08" * 32)
    assert fine["samples"] == [[4095.0, 2048.0] * 4] * 8
    (told,) = decoded("gforce", "--hex", "08" + "01 02" * 64, "--set", "bits=8")
    assert told["samples"][0] == [1, 2] * 4


DATA_OF_GFORCE = "f000ffe2-0451-4000-b000-000000000000"


def a_movesense_packet(reference: int, form: str, *values: float) -> str:
    return struct.pack(f"<BBI{len(values)}{form}", 2, reference, 1000, *values).hex()


AT_REST, TURNING = [0.0, 0.0, 9.807] * 4, [20.0, -30.0, 40.0] * 4


@pytest.mark.parametrize(
    ("packet", "modality", "n", "first"),
    [
        (a_movesense_packet(0x63, "f", *AT_REST), "accelerometer", 4, [0.0, 0.0, 1.0]),
        (a_movesense_packet(1, "f", *AT_REST, *AT_REST), "accelerometer", 8, [0.0, 0.0, 1.0]),
        (a_movesense_packet(9, "f", *AT_REST, *TURNING), "accelerometer", 4, [0.0, 0.0, 1.0]),
        (a_movesense_packet(9, "f", *AT_REST, *TURNING, *TURNING), "accelerometer", 4, [0.0, 0.0, 1.0]),
        (a_movesense_packet(2, "h", *range(16)), "ecg", 16, [0.0]),
        (a_movesense_packet(2, "i", *range(100, 116)), "ecg", 16, [38.1469727]),
    ],
)
def test_a_movesense_packet_shows_its_subscription_by_its_form(packet, modality, n, first):
    (frame,) = decoded("movesense", "--hex", packet)
    assert (frame["modality"], len(frame["samples"]), frame["samples"][0]) == (modality, n, pytest.approx(first))
    assert (frame["device_time_ns"], frame["device_time_of"]) == (1_000_000_000, "first")


def test_a_movesense_reference_is_what_it_was_subscribed_to(tmp_path):
    write, heard = (f"3480000{number}-7185-4d5d-b431-630e7050e8f0" for number in (1, 2))
    values = a_movesense_packet(0x63, "f", *TURNING, *AT_REST)
    file = capture(
        tmp_path,
        f"{write} 0163{b'/Meas/IMU6/52'.hex()}",
        f"{heard} 0163C800",
        f"{heard} {values}",
        f"{write} 0164{b'/Meas/Gyro/52'.hex()}",
        f"{heard} {a_movesense_packet(0x64, 'f', *TURNING)}",
    )
    (frame,), words = broken("movesense", "--file", file)
    assert len(frame["samples"]) == 4
    assert "line 5: byte 1: reference 100 is /Meas/Gyro/52: not read" in words


def test_a_movesense_packet_in_two_parts_is_joined(tmp_path):
    whole = bytes.fromhex(a_movesense_packet(7, "f", *AT_REST))
    for path in ((), ("--set", "path=/Meas/Acc/52")):
        halves = whole[:20].hex(), (b"\x03\x07" + whole[20:]).hex()
        (frame,) = decoded("movesense", "--hex", halves[0], "--hex", halves[1], *path)
        assert len(frame["samples"]) == 4
    _, words = broken("movesense", "--hex", halves[1])
    assert "a second part, and no first before it" in words


@pytest.mark.parametrize("data", ["02", "07 01 00", "02 63 00 00 90 42 20 03", "01 63 C8 00"])
def test_movesense_messages_without_samples_give_none(data):
    frames, _ = broken("movesense", "--hex", data)
    assert not frames


def test_numbers_and_values_are_those_that_were_sent():
    (npg,) = decoded("npg", "--hex", "07 08 01 07 FF 0F FF")
    assert (npg["samples"], npg["sample_number"]) == ([[2049.0, 2047.0, 4095.0]], 7)
    (umyo,) = decoded("umyo", "--hex", "01 00 00 80" + "40 1F FF FF" * 12)
    assert (umyo["samples"][:2], umyo["sample_number"]) == ([[8000.0], [-1.0]], 0x80000001)


def test_an_open_band_is_read_by_its_description(tmp_path):
    description, data = (f"cac8000{number}-538e-4cc6-bd6b-da2ce21dd146" for number in (2, 3))
    block = struct.pack("<4x4BIIfIH2x", 2, 2, 3, 16, 100, 1, 0.25, 32767, 4)
    packet = struct.pack("<BII3h", 0, 5, 1_000_000, 4, -4, 8)
    file = capture(tmp_path, f"{description} 01010000{block[4:].hex()}", f"{data} {packet.hex()}")
    (frame,) = decoded("open_band", "--file", file)
    assert (frame["samples"], frame["sample_number"], frame["device_time_ns"]) == ([[1, -1, 2]], 5, 1_000_000_000)


def test_a_capture_may_come_from_standard_input():
    done = CliRunner().invoke(cli, ["decode", "polar", "--file", "-"], input=f"{PMD_DATA} {NEW_FRAME}\n")
    assert json.loads(done.output)["counts"][0] == [-48, 357, 4068]


@pytest.mark.parametrize("word", [PMD_DATA.upper(), "5c82", "FB005C82", PMD_DATA.replace("-", "")])
def test_a_characteristic_may_be_named_long_or_short(word):
    (frame,) = decoded("polar", "--hex", NEW_FRAME, "--characteristic", word)
    assert frame["characteristic"] == PMD_DATA


def test_a_long_capture_is_decoded_from_its_first_line(tmp_path):
    """A set-up dialogue that asks among the samples must not take them for its answers."""
    lines = [f"ffe4 5561{number:02x}00{'00' * 16}" for number in range(200)]
    frames = decoded("witmotion", "--file", capture(tmp_path, *lines))
    assert [frame["counts"][0][0] for frame in frames] == list(range(200))
