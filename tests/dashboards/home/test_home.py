"""What Home Assistant is told keeps its rules, on a real broker too."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Site
from aquiver.bus import open_bus
from aquiver.bus.login import NOBODY
from aquiver.model import BandState, Modality, Parcel, Period, SpanReason
from aquiver.store import open_store
from dashboards.home.discovery import EXPIRES_S, discovery, parts_in
from dashboards.home.memory import Memory
from dashboards.home.place import Place
from dashboards.home.service import Home, forget
from dashboards.home.standing import Standing
from tests.free_port import free_port
from tests.samples import NIGHT, NOW_S, a_status, a_tally
from tests.servers import needs_mosquitto, needs_mosquitto_clients

CALF = Place(Site.LEFT_CALF, "band-1")
HAND = Place(Site.LEFT_HAND, "band-2")
STREAMS = {CALF: [Modality.EMG, Modality.ACCELEROMETER], HAND: [Modality.EMG]}
DAY_S = 86_400.0
UTC = ZoneInfo("UTC")

# The rules of MQTT discovery, as Home Assistant documents them for a device with several components.
PLATFORMS = {"sensor", "binary_sensor", "button"}
COMMON = {"p", "name", "unique_id", "availability", "availability_mode", "icon", "entity_category"}
STATEFUL = COMMON | {"state_topic", "value_template", "device_class", "expire_after"}
KEYS = {
    "sensor": STATEFUL | {"state_class", "unit_of_measurement"},
    "binary_sensor": STATEFUL,
    "button": COMMON | {"command_topic", "payload_press"},
}
UNITS = {"battery": {"%"}, "duration": {"h", "min", "s", "d"}, "timestamp": set(), "connectivity": set()}
STATE_CLASSES = {"measurement", "total", "total_increasing"}
NAME = re.compile(r"[a-zA-Z0-9_-]+")
TOPIC = re.compile(r"[^#+\0]+")


def broken_rules(description: Mapping) -> list[str]:
    """Name the rules of discovery that a description breaks."""
    wrong = []
    if not {"dev", "o", "cmps"} <= description.keys() <= {"dev", "o", "cmps", "qos", "state_topic", "encoding"}:
        wrong.append("keys of the device")
    if not description["dev"].get("ids") or not description["dev"].get("name") or not description["o"].get("name"):
        wrong.append("the device needs an id and a name, the origin a name")
    ids = [part["unique_id"] for part in description["cmps"].values() if "unique_id" in part]
    if len(ids) != len(set(ids)):
        wrong.append("a unique_id twice")
    return [
        *wrong,
        *(f"{name}: {rule}" for name, part in description["cmps"].items() for rule in broken_by(name, part)),
    ]


def broken_by(name: str, part: Mapping) -> list[str]:
    if part.keys() == {"p"}:
        return []  # taken out
    kind, device_class, unit = part.get("p"), part.get("device_class"), part.get("unit_of_measurement")
    topics = [
        part.get("state_topic", "x"),
        part.get("command_topic", "x"),
        *(one["topic"] for one in part["availability"]),
    ]
    rules = {
        "platform": kind in PLATFORMS,
        "keys": part.keys() <= KEYS.get(kind, set()),
        "id": bool(NAME.fullmatch(name)) and part.get("unique_id") == name,
        "state_topic": kind == "button" or "state_topic" in part,
        "command_topic": kind != "button" or "command_topic" in part,
        "topics": all(TOPIC.fullmatch(topic) for topic in topics),
        "availability": part.get("availability_mode") == "all" and bool(part["availability"]),
        "state class": part.get("state_class", "measurement") in STATE_CLASSES,
        "unit of class": device_class is None or (unit in UNITS[device_class] if unit else not UNITS[device_class]),
        "time has no state class": device_class != "timestamp" or not {"state_class"} & part.keys(),
        "category": part.get("entity_category", "diagnostic") == "diagnostic",
        "a total has no device class": part.get("state_class") != "total_increasing" or device_class is None,
    }
    return [rule for rule, is_kept in rules.items() if not is_kept]


def test_a_description_keeps_the_rules():
    description = json.loads(discovery("me", STREAMS))
    assert broken_rules(description) == []
    kinds = {part["p"] for part in description["cmps"].values()}
    assert kinds == PLATFORMS


@pytest.mark.parametrize(
    ("part", "change", "rule"),
    [
        ("aquiver_me_left_calf_band-1_emg_total", {"device_class": "battery"}, "device class"),
        ("aquiver_me_left_calf_band-1_newest", {"state_class": "measurement"}, "time has no"),
        ("aquiver_me_left_calf_band-1_worn", {"p": "light"}, "platform"),
        ("aquiver_me_left_calf_band-1_worn", {"state_topic": "a/#"}, "topics"),
        ("aquiver_me_left_calf_band-1_worn", {"unique_id": "other"}, "id"),
        ("aquiver_me_coffee", {"expire_after": 3}, "keys"),
        ("aquiver_me_left_calf_band-1_battery", {"entity_category": "config"}, "category"),
    ],
)
def test_the_rules_would_find_what_breaks_them(part, change, rule):
    description = json.loads(discovery("me", STREAMS))
    description["cmps"][part] |= change
    assert any(rule in one for one in broken_rules(description))


def test_what_is_of_now_needs_a_fresh_sample_and_what_was_counted_stays():
    parts = parts_in(discovery("me", STREAMS))
    rate, total = (parts[f"aquiver_me_left_calf_band-1_emg_{name}"] for name in ("rate", "total"))
    assert [one["topic"] for one in rate["availability"]] == [
        "aquiver/home/me/service",
        "aquiver/home/me/left_calf_band-1/fresh",
    ]
    assert rate["expire_after"] == EXPIRES_S
    assert [one["topic"] for one in total["availability"]] == ["aquiver/home/me/service"]
    assert "expire_after" not in total


def test_a_band_that_is_gone_is_published_as_its_platform_alone():
    before = discovery("me", STREAMS)
    after = parts_in(discovery("me", {CALF: [Modality.EMG]}, before))
    gone = {name for name, part in after.items() if part.keys() == {"p"}}
    assert gone == set(parts_in(before)) - set(parts_in(discovery("me", {CALF: [Modality.EMG]})))
    assert "aquiver_me_felt_left_hand" in gone
    assert broken_rules(json.loads(discovery("me", {CALF: [Modality.EMG]}, before))) == []
    assert parts_in(discovery("me", STREAMS, json.dumps({"cmps": after}))) == parts_in(before)


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"cmps": 3}', '{"cmps": {"a": 1}}'])
def test_a_description_that_is_none_has_no_parts(text):
    assert parts_in(text) == {}


def test_wearers_have_devices_of_their_own():
    mine, hers = parts_in(discovery("me", STREAMS)), parts_in(discovery("anna", STREAMS))
    assert not set(mine) & set(hers)
    assert "/me/" not in json.dumps(hers)


def night(n_twitches, analysable_s=3600.0, start_s=NOW_S, name=NIGHT):
    return a_tally(start_s, n_twitches, analysable_s, Period.NIGHT, name)


def standing(*messages):
    one = Standing("me")
    one.feed(messages)
    return one


def state(one, now_s=NOW_S, tonight=NIGHT):
    return one.state(CALF, {Modality.EMG: 7}, tonight, now_s)


def test_a_later_tally_of_a_night_replaces_the_earlier_in_the_total():
    one = standing(night(3), night(5), night(4, start_s=NOW_S - DAY_S, name="2026-11-21"), a_tally())
    assert one.totals() == {(CALF, Modality.EMG): 9}


def test_too_little_time_has_no_rate_and_missing_is_never_zero():
    told = state(standing(night(0, 300.0)))["emg"]
    assert told == {
        "total": 7,
        "rate_per_hour": None,
        "last_night": {"night": None, "n_twitches": None, "analysable_h": None, "rate_per_hour": None},
    }


def test_the_last_night_is_told_with_its_hours():
    one = standing(
        night(3), night(40, 4 * 3600.0, NOW_S - DAY_S, "2026-11-21"), night(0, 0.0, NOW_S - 2 * DAY_S, "2026-11-20")
    )
    last = state(one)["emg"]["last_night"]
    assert last == {"night": "2026-11-21", "n_twitches": 40, "analysable_h": 4.0, "rate_per_hour": 10.0}
    nothing = state(one, tonight="2026-11-21")["emg"]["last_night"]
    assert nothing == {"night": "2026-11-20", "n_twitches": None, "analysable_h": 0.0, "rate_per_hour": None}


@pytest.mark.parametrize(
    ("age_s", "band", "streaming", "fresh"),
    [
        (1.0, BandState.STREAMING, "ON", "online"),
        (30.0, BandState.STREAMING, "OFF", "online"),
        (1.0, BandState.LOST, "OFF", "online"),
        (90.0, BandState.STREAMING, "OFF", "offline"),
    ],
)
def test_availability_tells_the_age_of_the_newest_sample(age_s, band, streaming, fresh):
    one = standing(night(1), a_status(newest_s=NOW_S - age_s, state=band))
    assert (state(one)["streaming"], one.fresh(CALF, NOW_S)) == (streaming, fresh)


def test_a_band_that_never_sent_is_not_available():
    one = standing(night(1), a_status(newest_s=None))
    assert (state(one)["newest_sample"], one.fresh(CALF, NOW_S)) == (None, "offline")


@pytest.mark.parametrize(
    ("reason", "worn"), [(SpanReason.MOVEMENT, "ON"), (SpanReason.CONTACT, "OFF"), (SpanReason.GAP, None)]
)
def test_worn_is_judged_by_contact_and_unknown_without_samples(reason, worn):
    minute = replace(a_tally(NOW_S - 60, 0, 0.0), excluded_s={reason: 60.0})
    assert state(standing(night(1), minute))["worn"] == worn


def test_nobody_elses_messages_are_told():
    assert standing(replace(night(1), wearer="anna"), replace(a_status(), wearer="anna")).streams() == {}


def test_a_total_never_goes_down_also_after_a_restart(tmp_path):
    for wearer, totals in (("me", (5, 3, 9)), ("anna", (2, 1, 2))):
        told = []
        for total in totals:
            memory = Memory(tmp_path / "notify.db", wearer)
            told.append(memory.at_least("left_calf/emg", total))
            memory.close()
        assert told == sorted(told)
        assert told[-1] == max(totals)


@asynccontextmanager
async def a_broker(port):
    """Run a broker that keeps nothing, until the block ends by killing it."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    program = shutil.which("mosquitto", path=path)
    process = await asyncio.create_subprocess_exec(program, "-p", str(port), stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            await asyncio.sleep(0.05)
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def telling(folder, url):
    store, memory = open_store("sqlite:", folder), Memory(folder / "notify.db", "me")
    store.write([night(5)])
    home = Home("me", UTC, "homeassistant", store, memory, lambda: NOW_S, tell_s=0.3)
    try:
        async with open_bus(url, "test-home") as bus, home.at_work(bus, url, NOBODY):
            yield bus, store
    finally:
        memory.close()
        store.close()


async def heard(url, topic, is_wanted, *more):
    """Wait for a retained or new message that is wanted."""
    port = url.rsplit(":", 1)[1]
    command = ("stdbuf", "-oL", "mosquitto_sub", "-p", port, "-q", "1", "-t", topic, *more, "-F", "%r %q %p")
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        async with asyncio.timeout(20):
            async for line in process.stdout:
                text = line.decode().rstrip("\n")
                if is_wanted(text):
                    return text
    finally:
        process.kill()
        await process.wait()
    pytest.fail(f"{topic} ended")


async def say(url, topic, text, *more):
    port = url.rsplit(":", 1)[1]
    process = await asyncio.create_subprocess_exec("mosquitto_pub", "-p", port, "-t", topic, "-m", text, *more)
    assert await process.wait() == 0


CONFIG = "homeassistant/device/aquiver_me/config"
STATE = "aquiver/home/me/left_calf_band-1/state"
SERVICE = "aquiver/home/me/service"


@pytest.mark.service
@needs_mosquitto
@needs_mosquitto_clients
async def test_home_assistant_finds_the_device_on_a_real_broker(tmp_path):
    async with a_broker(free_port()) as url, telling(tmp_path, url) as (bus, store):
        await heard(url, CONFIG, lambda text: text[1:].startswith(" 1 {"))
        config = await heard(url, CONFIG, lambda text: text.startswith("1 1 {"))  # retained, at QoS 1
        assert broken_rules(json.loads(config[4:])) == []
        told = json.loads((await heard(url, STATE, lambda text: text[1:].startswith(" 1 {")))[4:])
        assert told["emg"]["total"] == 5
        assert (await heard(url, SERVICE, lambda text: "online" in text)).endswith(" 1 online")
        await bus.publish(Parcel(a_status()))
        store.write([night(8)])
        await heard(url, STATE, lambda text: '"total": 8' in text and '"battery": 80.0' in text)
        await heard(url, "aquiver/home/me/left_calf_band-1/fresh", lambda text: text.endswith("online"))


@pytest.mark.service
@needs_mosquitto
@needs_mosquitto_clients
async def test_all_is_told_again_when_home_assistant_comes_up(tmp_path):
    async with a_broker(free_port()) as url, telling(tmp_path, url):
        await heard(url, CONFIG, lambda text: text[1:].startswith(" 1 {"))
        again = asyncio.create_task(heard(url, CONFIG, lambda text: text.startswith("0 1 {")))  # new, not retained
        while not again.done():
            await say(url, "homeassistant/status", "online")
            await asyncio.sleep(0.2)
        assert broken_rules(json.loads(again.result()[4:])) == []


async def description_within(url, wait_s):
    """Ask for the description again and again: a broker that is not up yet refuses who asks."""
    async with asyncio.timeout(wait_s):
        while True:
            with contextlib.suppress(pytest.fail.Exception):
                return await heard(url, CONFIG, lambda text: text[1:].startswith(" 1 {"))
            await asyncio.sleep(0.2)


@pytest.mark.service
@needs_mosquitto
@needs_mosquitto_clients
async def test_a_broker_that_forgot_everything_is_told_again(tmp_path):
    port = free_port()
    async with telling(tmp_path, f"mqtt://127.0.0.1:{port}"):
        for _ in range(2):
            async with a_broker(port) as url:
                config = await description_within(url, 30)
                assert broken_rules(json.loads(config[4:])) == []


@pytest.mark.service
@needs_mosquitto
@needs_mosquitto_clients
async def test_at_its_end_it_is_offline_and_can_be_taken_out(tmp_path):
    async with a_broker(free_port()) as url:
        async with telling(tmp_path, url):
            await heard(url, SERVICE, lambda text: text.endswith("online"))
        assert await heard(url, SERVICE, lambda text: text.startswith("1")) == "1 1 offline"
        memory = Memory(tmp_path / "notify.db", "me")
        await forget("me", "homeassistant", url, NOBODY, memory)
        assert memory.described() == ""
        memory.close()
        await say(url, "zzz/end", "end", "-q", "1", "-r")
        left = []
        await heard(url, "#", lambda text: left.append(text) or text.endswith("end"))
        assert left == ["1 1 end"]
