"""aquiver check: the real services, the real bands where there are any, and a test event; nothing of it is kept."""

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.bus.broker import embedded_broker
from aquiver.commands.ground import broker_trouble, bytes_of_night, hours_until, store_trouble
from aquiver.commands.rehearsal import WEARER, chunks_of_test
from aquiver.lock import sole_owner
from aquiver.settings import Settings
from aquiver.store import open_store
from tests.samples import NOW_S, a_stream, a_tally


def checked(*words: object) -> tuple[int, dict[str, list[dict]]]:
    """Give the exit code, and the findings by what they are about."""
    done = CliRunner().invoke(cli, ["check", "--json", *map(str, words)])
    assert done.exit_code in (0, 1), done.output
    by: dict[str, list[dict]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        by.setdefault(finding["about"], []).append(finding)
    return done.exit_code, by


def test_a_demo_may_go_and_leaves_no_trace(tmp_path):
    code, found = checked("--demo", "--band", "open_band", "--for", 20, "--data", tmp_path)
    assert code == 0, found
    assert all(one["verdict"] == "ok" for findings in found.values() for one in findings), found
    assert "noise floor" in str(found["virtual-open-band-1"])
    assert "a test twitch went through" in found["chain"][0]["words"]
    store = open_store("sqlite:", tmp_path)
    assert store.wearers() == []
    store.close()
    assert not (tmp_path / "recordings").exists()


def test_a_band_that_is_not_there_is_not_yet_and_the_chain_is_tried_all_the_same(tmp_path):
    """There is no Bluetooth in a test machine; where there is, there is no such band."""
    config = tmp_path / "night.toml"
    config.write_text(
        f'data = "{tmp_path}/data"\n[[band]]\ndevice = "lost"\nsite = "left_calf"\nsource = "ble:myo?name=nobody"\n'
    )
    code, found = checked("--config", config, "--for", 10)
    assert code == 1
    assert found["lost"][0]["verdict"] == "not yet"
    assert found["chain"][0]["verdict"] == "ok"


def test_it_does_not_disturb_a_night_that_runs(tmp_path, monkeypatch, capsys):
    with sole_owner(tmp_path, "aquiver night", ("collector",)):
        done = CliRunner().invoke(cli, ["check", "--demo", "--data", str(tmp_path)])
    assert done.exit_code != 0
    assert "in use by aquiver night" in str(done.exception)


@pytest.mark.parametrize("words", [["--demo", "--until", "25:00"], ["--band", "myo"], ["--demo", "--for", "1"]])
def test_a_wrong_option_is_told_at_once(words):
    assert CliRunner().invoke(cli, ["check", *words]).exit_code == 2


async def test_a_broker_that_does_not_answer_is_named():
    trouble = await broker_trouble(Settings(bus="mqtt://127.0.0.1:1"))
    assert "mqtt://127.0.0.1:1" in trouble
    assert await broker_trouble(Settings()) == ""


async def test_a_broker_of_ones_own_is_tried_with_a_message_nobody_acts_upon(tmp_path):
    async with embedded_broker("embedded:", tmp_path) as url:
        assert await broker_trouble(Settings(bus=url, data=str(tmp_path))) == ""


def test_a_store_that_cannot_be_opened_or_is_from_the_future_is_told(tmp_path):
    (tmp_path / "records.db").write_text("not a database, whatever its name says" * 100)
    assert store_trouble(Settings(data=str(tmp_path)), NOW_S)[0]
    folder = tmp_path / "sound"
    assert store_trouble(Settings(data=str(folder)), NOW_S) == ("", 0.0)
    store = open_store("sqlite:", folder)
    store.write([a_tally(NOW_S)])
    store.close()
    assert store_trouble(Settings(data=str(folder), timezone="UTC"), NOW_S - 3600)[1] == 3600.0


def test_a_night_needs_room_for_every_stream():
    stream = a_stream()  # two channels of 16 bits at 200 Hz
    assert bytes_of_night((stream, stream), 8.0) - bytes_of_night((), 8.0) == 2 * 2 * 8 * 3600 * 800


def test_morning_is_always_ahead():
    assert hours_until("7:30", datetime.fromisoformat("2026-11-22T07:30+01:00")) == 24.0


def test_the_test_event_has_a_name_no_wearer_has():
    chunks = chunks_of_test(NOW_S)
    assert {chunk.stream.wearer for chunk in chunks} == {WEARER}
    assert chunks[-1].is_last
    assert chunks[-1].end_sample == 60_000
