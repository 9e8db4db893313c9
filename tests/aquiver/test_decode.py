"""aquiver decode: what bytes say, one line of JSON a frame."""

import json

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
