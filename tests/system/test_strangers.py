"""A real broker with strangers on it: whatever they say, every service goes on, and nothing grows."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.bus import open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.errors import SettingsError, WireError
from aquiver.model import Parcel, Place, Status, Twitch
from aquiver.settings import Settings, parse_settings
from aquiver.wire import KINDS, ROOT, decode_all, encode, encode_all
from tests.chaos.house import House, free_port
from tests.owner import owner, owners_shell
from tests.samples import a_chunk, a_status, a_twitch
from tests.servers import needs_mosquitto, needs_mosquitto_clients

service = pytest.mark.service
LARGE_BYTES = 100_000_000
EAR = """
import asyncio, resource, sys
from aquiver.bus import open_bus
from aquiver.model import Twitch
async def main():
    async with open_bus(sys.argv[1], "ear") as bus, bus.subscribe() as batches:
        async for batch in batches:
            if any(isinstance(one.message, Twitch) for one in batch):
                print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, bus.n_foreign, flush=True)
asyncio.run(main())
"""

topics = st.one_of(
    st.sampled_from([f"{ROOT}/me/{kind}/left_calf/band-1" for kind in KINDS]),
    st.sampled_from(
        [f"{ROOT}/-/chunk/-/j", f"{ROOT}/-/position/detector/j", f"{ROOT}", f"{ROOT}//", "homeassistant/x"]
    ),
    st.text(st.characters(blacklist_characters="#+\0", blacklist_categories=("Cs",)), min_size=1, max_size=30),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def bent(draw):
    """A true message of ours, bent: a byte changed, cut short, or a field replaced."""
    topic, payload = draw(st.sampled_from(genuine()))
    match draw(st.sampled_from(["byte", "cut", "field"])):
        case "byte":
            at = draw(st.integers(0, len(payload) - 1))
            return topic, payload[:at] + bytes([draw(st.integers(0, 255))]) + payload[at + 1 :]
        case "cut":
            return topic, payload[: draw(st.integers(0, len(payload)))]
        case _ if payload[:1] == b"{":
            fields = json.loads(payload)
            fields[draw(st.sampled_from(sorted(fields)))] = draw(json_values)
            return topic, json.dumps(fields).encode()
        case _:
            return topic, payload + draw(st.binary(max_size=9))


def genuine() -> list[tuple[str, bytes]]:
    chunks = [Parcel(a_chunk(20 * number), Place("j", number, 1)) for number in range(1, 5)]
    return [encode(Parcel(one, Place("j", 1, 1))) for one in (a_twitch(), a_status(), a_chunk())] + list(
        encode_all(chunks)
    )


messages = st.one_of(
    st.tuples(topics, st.binary(max_size=300)),
    st.tuples(topics, json_values.map(lambda value: json.dumps(value).encode())),
    bent(),
)


@given(message=messages)
@settings(max_examples=600, deadline=None)
def test_foreign_bytes_are_refused_or_are_a_message_and_nothing_else_happens(message):
    try:
        parcels = decode_all(*message)
    except WireError:
        return
    assert all(isinstance(parcel, Parcel) for parcel in parcels)


def test_a_bundle_comes_back_as_the_parcels_it_was_made_of():
    parcels = [Parcel(a_chunk(20 * number), Place("j", number, 1, ("recorder",))) for number in range(1, 400)]
    sent = list(encode_all([*parcels, Parcel(a_twitch(), Place("o", 1, 1))]))
    assert [parcel for message in sent for parcel in decode_all(*message)] == [
        *parcels,
        Parcel(a_twitch(), Place("o", 1, 1)),
    ]
    assert all(len(payload) < 1 << 20 for _, payload in sent)
    with pytest.raises(WireError, match="another journal"):
        decode_all(f"{ROOT}/-/chunk/-/other", sent[0][1])


async def heard_twitch(bus, batches, sample: int) -> None:
    """Publish a twitch until it arrives, whatever else does."""
    async with asyncio.timeout(30):
        while True:
            await bus.publish(Parcel(a_twitch(sample=sample)))
            try:
                async with asyncio.timeout(0.5):
                    batch = await anext(batches)
            except TimeoutError:
                continue
            if any(one.message.sample == sample for one in batch if isinstance(one.message, Twitch)):
                return


def say(port: str, topic: str, payload: bytes, shell: dict[str, str] | None = None, *, retain: bool = False) -> None:
    command = ["mosquitto_pub", "-p", port, "-t", topic, "-s", *(["-r"] if retain else [])]
    subprocess.run(command, input=payload, check=False, stderr=subprocess.DEVNULL, timeout=60, env=shell)


@service
@needs_mosquitto
@needs_mosquitto_clients
async def test_strangers_on_a_real_broker_are_counted_and_a_subscriber_hears_ours(tmp_path):
    chance = random.Random(3)
    junk = [(topic, payload) for topic, payload in genuine() for _ in range(5)]
    async with embedded_broker("embedded:", tmp_path) as url, open_bus(url, "reader", owner(tmp_path)) as bus:
        port, shell = url.rsplit(":", 1)[1], owners_shell(tmp_path)
        for topic in (f"{ROOT}/me/status/left_calf/kept", f"{ROOT}/-/position/detector/kept"):
            await asyncio.to_thread(say, port, topic, b"\xff junk that stays", shell, retain=True)
        async with bus.subscribe() as batches:
            await heard_twitch(bus, batches, 1)
            before = bus.n_foreign
            assert before >= 2
            for topic, payload in junk:
                broken = bytearray(payload)
                broken[chance.randrange(len(broken))] ^= 0xFF
                await asyncio.to_thread(say, port, topic, bytes(broken[: chance.randrange(1, len(broken))]), shell)
            await asyncio.to_thread(say, port, f"{ROOT}/x/banana/y/z", b"junk", shell)
            await heard_twitch(bus, batches, 2)
            assert bus.n_foreign > before
            assert bus.last_foreign


@service
@needs_mosquitto
@needs_mosquitto_clients
@pytest.mark.parametrize("is_ours", [True, False], ids=["our broker", "a broker without limits"])
def test_a_hundred_megabytes_stop_nobody_and_do_not_stay_in_memory(tmp_path, is_ours):
    """Our broker refuses it. Another may pass it on: then the MQTT client holds that one thrice for a moment, and lets it go."""
    port = free_port()
    house = House(tmp_path, "unused", 1, port)
    if is_ours:
        conf = house.folder / "own.conf"
        conf.write_text(conf.read_text() + "message_size_limit 1048576\n")
    house.start("broker")
    ear = subprocess.Popen(
        [sys.executable, "-c", EAR, f"mqtt://127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    topic, payload = encode(Parcel(a_twitch()))
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(LARGE_BYTES)
    try:
        first_mb = until_heard(ear, port, topic, payload)[0]
        for _ in range(3):
            command = ["mosquitto_pub", "-p", str(port), "-t", f"{ROOT}/me/twitch/left_calf/x", "-f", str(large)]
            subprocess.run(command, check=False, stderr=subprocess.DEVNULL, timeout=60)
        peak_mb, n_foreign = until_heard(ear, port, topic, payload)
    finally:
        ear.kill()
        ear.wait()
        ear.stdout.close()
        house.end()
    assert n_foreign == (0 if is_ours else 3)
    assert peak_mb - first_mb < (20 if is_ours else 4.0 * LARGE_BYTES / 1e6)


def until_heard(ear: subprocess.Popen, port: int, topic: str, payload: bytes) -> tuple[int, int]:
    """Say something of ours until the ear tells its peak memory and its count of foreign messages."""
    os.set_blocking(ear.stdout.fileno(), False)
    give_up_s = time.monotonic() + 60
    while time.monotonic() < give_up_s:
        say(str(port), topic, payload)
        time.sleep(0.3)
        try:
            lines = os.read(ear.stdout.fileno(), 1 << 16).decode()
        except BlockingIOError:
            continue
        if lines:
            peak_mb, n_foreign = lines.split("\n")[-2].split()
            return int(peak_mb), int(n_foreign)
    raise AssertionError("the ear hears nothing")


toml_text = st.one_of(
    st.text(max_size=200),
    st.dictionaries(
        st.sampled_from(["wearer", "bus", "mains_hz", "spool_mb", "band", "timezone", "x"]), json_values
    ).map(lambda table: "\n".join(f"{key} = {json.dumps(value)}" for key, value in table.items())),
    st.tuples(st.integers(0, 3000), st.text(max_size=3)).map(
        lambda cut: EXAMPLE[: cut[0]] + cut[1] + EXAMPLE[cut[0] + len(cut[1]) :]
    ),
)
EXAMPLE = Path("aquiver.example.toml").read_text()


@given(text=toml_text)
@settings(max_examples=500, deadline=None)
def test_any_settings_file_gives_settings_or_one_sentence(text):
    try:
        assert isinstance(parse_settings(text), Settings)
    except SettingsError as error:
        if not str(error):
            pytest.fail("an error without a sentence")


@service
@needs_mosquitto
async def test_a_status_is_heard_beside_junk_that_is_retained(tmp_path):
    async with embedded_broker("embedded:", tmp_path) as url, open_bus(url, "both", owner(tmp_path)) as bus:
        await bus.publish(Parcel(a_status()))
        await asyncio.sleep(0.3)
        async with bus.subscribe(Status) as batches, asyncio.timeout(10):
            assert isinstance((await anext(batches))[0].message, Status)
