"""Every case of the list, with real processes and real times: the broken link is named within 30 s, and mends itself.

All services run apart, on a broker with accounts. One house for all cases: what one leaves behind would show in the next.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aquiver.bus.broker_files import Listener, write_broker
from aquiver.bus.rights import RIGHTS
from aquiver.model import Fault
from aquiver.passwords import ensure_passwords
from aquiver.sentry.card import read_cards
from aquiver.store import open_store
from tests.servers import needs_mosquitto
from tests.small_disk import empty, fill, small_disk

pytestmark = [pytest.mark.service, needs_mosquitto]
SERVICES = ("recorder", "detector", "collector")
WITHIN_S = 30.0
QUIET_S = 25.0  # longer than any limit but the minute for a band never heard
SETTINGS = """
wearer = "me"
bus = "mqtt://127.0.0.1:{port}"
radio = "virtual:?seed=3&habits=demo"
record_raw = true
[[band]]
device = "myo"
site = "right_forearm"
source = "ble:myo"
"""
# The command line, with a band that goes out of range on one signal and comes back on another.
PROGRAM = """
import asyncio, signal
from contextlib import asynccontextmanager
from aquiver.__main__ import main
from collector import opening
real = opening.virtual_radio
@asynccontextmanager
async def reachable(*words, **named):
    async with real(*words, **named) as radio:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, radio.vanish, "myo")
        loop.add_signal_handler(signal.SIGUSR2, radio.reappear, "myo")
        yield radio
opening.virtual_radio = reachable
main()
"""


class House:
    """A broker with accounts and the three services, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "night.toml").write_text(SETTINGS.format(port=port))
        passwords = ensure_passwords(RIGHTS, folder / "secrets")
        self._config = write_broker(folder / "broker", Listener("127.0.0.1", port), passwords)
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, data: Path | None = None) -> None:
        common = ("--config", self.folder / "night.toml", "--data", data or self.folder)
        commands = {
            "broker": ("/usr/sbin/mosquitto", "-c", self._config),
            "listener": (sys.executable, "-m", "aquiver", "listen", "--kind", "fault", *common),
        }
        command = commands.get(name, (sys.executable, "-c", PROGRAM, "run", name, *common))
        with (self.folder / f"{name}.log").open("ab") as log:
            environment = {**os.environ, "AQUIVER_SECRETS": str(self.folder / "secrets")}
            self.running[name] = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env=environment)

    def send(self, name: str, *signals: signal.Signals) -> None:
        for number in signals:
            os.kill(self.running[name].pid, number)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def end(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def heard(self) -> list[dict]:
        """Give the faults that a subscriber heard, oldest first."""
        lines = (self.folder / "listener.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def named(self) -> set[tuple[str, str, str]]:
        """Give what any service sees to be broken now, by its card."""
        faults = [fault for card in read_cards(self.folder) for fault in card.faults]
        return {(fault.link, fault.kind, fault.subject) for fault in faults}

    def told(self) -> set[tuple[str, str, str]]:
        """Give what a subscriber must think is broken now."""
        last = {(one["reporter"], one["link"], one["kind"], one["subject"]): one["until_s"] for one in self.heard()}
        return {key[1:] for key, until_s in last.items() if until_s is None}


def until(is_so, deadline_s: float, what: str) -> float:
    """Wait until something is so; give how long it took."""
    began_s = time.monotonic()
    while not is_so():
        assert time.monotonic() - began_s < deadline_s, what
        time.sleep(0.2)
    return time.monotonic() - began_s


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    try:
        for name in ("broker", *SERVICES):
            house.start(name)
        time.sleep(3)
        house.start("listener")
        time.sleep(QUIET_S)
        yield house
    finally:
        house.end()


def test_a_short_untroubled_night_raises_none(house):
    assert (house.named(), house.heard()) == (set(), [])
    assert {card.service for card in read_cards(house.folder)} == set(SERVICES)


def test_sleep_of_the_whole_machine_raises_none(house):
    """All stand still together, for longer than any limit, and go on: what the broker then says of them is not believed."""
    for name in ("listener", *SERVICES, "broker"):
        house.send(name, signal.SIGSTOP)
    time.sleep(QUIET_S)
    for name in ("broker", *SERVICES, "listener"):
        house.send(name, signal.SIGCONT)
    time.sleep(QUIET_S)
    assert (house.named(), house.heard()) == (set(), [])


KILLED = {
    "collector": ("collector", "service_gone", "collector"),
    "detector": ("detector", "service_gone", "detector"),
    "recorder": ("store", "service_gone", "recorder"),
}


def is_mended(house: House) -> None:
    """Wait until nothing is broken, and everyone who listens knows."""
    until(lambda: not house.named() and not house.told(), 60, f"still: {house.named()} {house.told()}")


@pytest.mark.parametrize("name", KILLED)
def test_a_killed_service_is_named_to_a_subscriber_and_forgiven_when_it_is_back(house, name):
    house.kill(name)
    took_s = until(lambda: KILLED[name] in house.told(), WITHIN_S, f"heard: {house.heard()}")
    assert house.told() == {KILLED[name]}
    house.start(name)
    is_mended(house)
    print(f"{name} killed: named after {took_s:.1f} s")


@pytest.mark.parametrize("name", ["detector", "recorder"])
def test_a_service_that_stands_still_is_named(house, name):
    house.send(name, signal.SIGSTOP)
    took_s = until(lambda: KILLED[name] in house.told(), WITHIN_S, f"heard: {house.heard()}")
    house.send(name, signal.SIGCONT)
    is_mended(house)
    print(f"{name} stopped: named after {took_s:.1f} s")


def test_a_band_that_vanishes_is_named_and_forgiven_when_it_is_back(house):
    house.send("collector", signal.SIGUSR1)
    expected = ("sensor", "out_of_reach", "myo")
    took_s = until(lambda: expected in house.told(), WITHIN_S, f"heard: {house.heard()}")
    assert house.told() <= {expected, ("sensor", "silent", "myo")}
    house.send("collector", signal.SIGUSR2)
    is_mended(house)
    print(f"band vanished: named after {took_s:.1f} s")


BROKER = ("broker", "broker_silent", "broker")


@pytest.mark.parametrize("how", ["killed", "stalled"])
def test_a_broker_that_carries_nothing_is_named_by_everyone_who_is_left(house, how):
    if how == "killed":
        house.kill("broker")
    else:
        house.send("broker", signal.SIGSTOP)
    took_s = until(lambda: house.named() == {BROKER}, WITHIN_S, f"named: {house.named()}")
    until(lambda: all(card.faults for card in read_cards(house.folder)), WITHIN_S, "one does not see it")
    if how == "killed":
        house.start("broker")
    else:
        house.send("broker", signal.SIGCONT)
    until(lambda: any(one["link"] == "broker" for one in house.heard()), WITHIN_S, "nobody was told afterwards")
    is_mended(house)
    print(f"broker {how}: named after {took_s:.1f} s")


def test_a_full_disk_is_named_and_forgiven_when_there_is_room(house, tmp_path):
    """The recorder keeps its files on a disk so small that raw samples are never written."""
    raw, records = ("store", "raw_stopped", "recordings"), ("store", "disk_refuses", "store")
    with small_disk(tmp_path) as folder:
        house.kill("recorder")
        house.start("recorder", folder)
        until(lambda: house.told() == {raw}, WITHIN_S, f"heard: {house.heard()}")
        fill(folder, leave_bytes=0)
        took_s = until(lambda: records in house.told(), WITHIN_S, f"heard: {house.heard()}")
        empty(folder)
        until(lambda: house.told() == {raw}, WITHIN_S, f"heard: {house.heard()}")
        house.kill("recorder")
    house.start("recorder")
    is_mended(house)
    print(f"disk full: named after {took_s:.1f} s")


def test_what_happened_is_in_the_store_and_closed(house):
    store = open_store("sqlite:", house.folder)
    faults = store.read(Fault, "me", 0, 1e11)
    store.close()
    assert {(fault.link, fault.kind) for fault in faults} >= {
        ("collector", "service_gone"),
        ("detector", "service_gone"),
        ("sensor", "out_of_reach"),
        ("broker", "broker_silent"),
    }
    assert all(not fault.is_open for fault in faults)


def test_every_service_ends_within_three_seconds_of_being_asked(house):
    for name in ("collector", "detector", "recorder"):
        process = house.running.pop(name)
        began_s = time.monotonic()
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert time.monotonic() - began_s < 3.0, name
    assert read_cards(house.folder) == []


def test_no_password_is_in_a_command_or_a_log(house):
    words = [path.read_text().strip().encode() for path in (house.folder / "secrets").iterdir()]
    for name in ("broker", *SERVICES, "listener"):
        if name in house.running:
            said = Path(f"/proc/{house.running[name].pid}/cmdline").read_bytes()
            assert not any(word in said for word in words)
    for log in house.folder.glob("*.log"):
        assert not any(word in log.read_bytes() for word in words), log
