"""A house under chaos: its processes, each of which can be killed, starved of disk, and given a wrong clock."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.bus.port import HOST
from tests.chaos import witness

ZONE = ZoneInfo("Europe/Berlin")
BANDS = ("verity", "myo")
_SETTINGS = """
wearer = "me"
timezone = "Europe/Berlin"
bus = "{bus}"
radio = "virtual:?seed={seed}&habits=demo"
[[band]]
device = "verity"
site = "left_calf"
source = "ble:polar"
[[band]]
device = "myo"
site = "right_forearm"
source = "ble:myo"
"""
_BROKER = "listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\nset_tcp_nodelay true\n"
_AMQTT = """
import asyncio, sys
from pathlib import Path
from aquiver.bus.broker import embedded_broker
async def main():
    async with embedded_broker(f"embedded:{sys.argv[1]}", Path(sys.argv[2])):
        await asyncio.Event().wait()
asyncio.run(main())
"""
_FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
_REPOSITORY = Path(__file__).parents[2]
CAN_SET_CLOCKS = _FAKETIME is not None


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """Processes by name, and how often each was killed. ``with_clock`` are those whose clock can be set."""

    folder: Path
    bus: str
    seed: int
    broker_port: int
    broker: str = "mosquitto"  # or amqtt, as the embedded broker is where there is no mosquitto
    n_kills: dict[str, int] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _scribes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "night.toml").write_text(_SETTINGS.format(bus=self.bus, seed=self.seed))
        (self.folder / "own.conf").write_text(_BROKER.format(port=self.broker_port))
        (self.folder / "clock").write_text("+0\n")
        witness.install(self.folder / "spool.db", ZONE)

    def start(self, name: str) -> None:
        """Start a process; what it says is written down by another hand, for its own may be starved of disk."""
        with self._lock:
            self._start(name)

    def kill(self, name: str) -> None:
        """End a process as a power cut would, and start it again."""
        with self._lock:
            self.n_kills[name] = self.n_kills.get(name, 0) + 1
            if name == "embedded broker":
                for pid in self._embedded_brokers():
                    os.kill(pid, signal.SIGKILL)
                return
            self.running[name].kill()
            self.running[name].wait()
            self._start(name)

    def look_after(self) -> list[str]:
        """Start again what ended by itself, as an init system would; name it."""
        with self._lock:
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            for name in ended:
                self._start(name)
            return ended

    def stop(self, name: str, deadline_s: float = 30.0) -> int:
        """Ask a process to end, and wait for it."""
        process = self.running[name]
        process.terminate()
        try:
            code = process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        with self._lock:
            self.running.pop(name)
        return code

    def end(self) -> None:
        """End whatever runs."""
        with self._lock:
            for process in self.running.values():
                process.kill()
                process.wait()
            self.running.clear()
            for scribe in self._scribes:
                scribe.wait()
            self._scribes.clear()

    def _start(self, name: str) -> None:
        scribe = subprocess.Popen(
            ["tee", "-a", str(self.folder / f"{name}.log")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._scribes.append(scribe)
        assert scribe.stdin is not None
        with scribe.stdin as log:
            self.running[name] = subprocess.Popen(
                self._command(name), cwd=_REPOSITORY, env=self._environment(name), stdout=log, stderr=log
            )
        for done in [one for one in self._scribes if one.poll() is not None]:
            self._scribes.remove(done)

    def starve(self, name: str, *, is_full: bool) -> None:
        """Let the disk refuse what a process writes, as a full one does, or let it write again."""
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        with self._lock, suppress(ProcessLookupError):
            if name in self.running:
                resource.prlimit(self.running[name].pid, resource.RLIMIT_FSIZE, (1 if is_full else hard, hard))

    def set_clock(self, offset_s: float) -> None:
        """Set the clock of the machine that the bands are heard on."""
        (self.folder / "clock").write_text(f"{offset_s:+.0f}\n")

    def _command(self, name: str) -> list[str]:
        common = ["--config", str(self.folder / "night.toml"), "--data", str(self.folder)]
        if name == "broker" and self.broker == "amqtt":
            return [sys.executable, "-c", _AMQTT, str(self.broker_port), str(self.folder)]
        if name == "broker":
            program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
            assert program is not None
            return [program, "-c", str(self.folder / "own.conf")]
        program = [sys.executable, "-m", "tests.chaos.bands", str(self.folder)]
        return [*program, "night", *common] if name == "night" else [*program, "run", name, *common]

    def _environment(self, name: str) -> dict[str, str]:
        wanted = dict(os.environ)
        wanted["AQUIVER_BROKER"] = self.broker
        if name in ("collector", "night") and _FAKETIME is not None:
            wanted |= {
                "LD_PRELOAD": str(_FAKETIME),
                "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        return wanted

    def _embedded_brokers(self) -> list[int]:
        """Find the mosquitto that runs with the configuration in our folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"mosquitto") and str(self.folder).encode() in b" ".join(words):
                found.append(int(entry.name))
        return found


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@contextmanager
def open_broker(folder: Path) -> Iterator[str]:
    """Run a mosquitto that lets everyone in, as a person's own may; give its URL."""
    folder.mkdir()
    port = free_port()
    house = House(folder, "unused", 1, port)
    house.start("broker")
    try:
        assert wait_until(lambda: _is_open(port), 20.0), "mosquitto does not come up"
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        house.end()


def wait_until(is_so, deadline_s: float, every_s: float = 0.1) -> bool:
    """Look again until something is so, or the time is up."""
    give_up_s = time.monotonic() + deadline_s
    while not is_so():
        if time.monotonic() > give_up_s:
            return False
        time.sleep(every_s)
    return True
