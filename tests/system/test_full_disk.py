"""A disk that fills up: raw samples go first, records last, it is said, and all goes on by itself when there is room."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.bus.local import LocalBus
from aquiver.complaints import Task, complaints
from aquiver.model import Clock, Parcel, Place, Position, Twitch
from aquiver.recorder import Recorder
from aquiver.recording import open_recording
from aquiver.reserve import Reserve
from aquiver.sentry.disk import refused
from aquiver.shelf import Shelf
from aquiver.store import open_store
from tests.samples import NOW_S, a_chunk, a_stream, a_twitch
from tests.small_disk import empty, fill, small_disk

MB = 1 << 20


class Household:
    """A recorder on a small disk, and those who send to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bus = LocalBus()
        self.store = open_store("sqlite:", folder)
        self.shelf = Shelf(folder / "recordings", ZoneInfo("UTC"))
        self.recorder = Recorder(self.store, self.shelf, self.bus, Reserve(folder, 6 * MB))
        self._second = count()
        self._chunk = count(1)
        self._twitch = count(1)
        self.confirmed: dict[str, int] = {}

    async def follow(self) -> None:
        async with self.bus.subscribe(Position) as batches:
            async for batch in batches:
                self.confirmed.update({one.message.journal: one.message.next_number for one in batch})

    async def measure(self, n_seconds: int, *, twitches: bool = True) -> None:
        """Send seconds of samples, with a twitch in each, and look whether they were taken."""
        for _ in range(n_seconds):
            second = next(self._second)
            chunk = replace(a_chunk(200 * second, n=200), clock=Clock(0, NOW_S, a_stream().rate_hz))
            await self.bus.publish(Parcel(chunk, Place("spool", next(self._chunk), 1)))
            twitch = a_twitch(200 * second + 7, NOW_S + second)
            if twitches:
                await self.bus.publish(Parcel(twitch, Place("outbox", next(self._twitch), 1)))
            await asyncio.sleep(0)
        with suppress(TimeoutError):
            await self.until(lambda: self.confirmed.get("spool", 0) > second + 1, 3.0)

    async def until(self, is_so, deadline_s: float = 20.0) -> None:
        async with asyncio.timeout(deadline_s):
            while not is_so():
                await asyncio.sleep(0.05)

    def twitches(self) -> int:
        return len(self.store.read(Twitch, "me", 0, 2 * NOW_S))


def found_links() -> set[tuple[str, str]]:
    return {(finding.link, finding.kind) for finding in refused(complaints)}


async def test_raw_goes_first_records_last_and_all_comes_back_by_itself(tmp_path):
    with small_disk(tmp_path) as folder:
        house = Household(folder)
        async with house.recorder.at_work(), asyncio.TaskGroup() as tasks:
            following = tasks.create_task(house.follow())
            await house.measure(10)
            assert (house.twitches(), dict(complaints)) == (10, {})

            fill(folder, leave_bytes=4 * MB)
            await house.measure(10)
            assert house.twitches() == 20
            assert found_links() == {("store", "raw_stopped")}

            fill(folder, leave_bytes=0)
            await house.measure(10)
            await house.until(lambda: Task.STORE in complaints)
            assert found_links() == {("store", "raw_stopped"), ("store", "disk_refuses")}
            assert house.twitches() == 20
            assert house.confirmed["outbox"] <= 21

            empty(folder)
            await house.until(lambda: house.twitches() == 30)
            await house.measure(10)
            assert (house.twitches(), dict(complaints)) == (40, {})
            following.cancel()
        house.shelf.close()
        house.store.close()
        (path,) = folder.glob("recordings/*/*.edf")
        chunks = list(open_recording(path).chunks())
        assert sum(chunk.n_samples for chunk in chunks) + sum(chunk.n_lost for chunk in chunks) == 40 * 200
        assert sum(chunk.n_samples for chunk in chunks) >= 20 * 200


async def test_a_recording_that_tore_in_mid_write_goes_on_without_what_tore(tmp_path):
    """Without a reserve the raw samples themselves meet the end of the disk."""
    with small_disk(tmp_path) as folder:
        shelf = Shelf(folder / "recordings", ZoneInfo("UTC"))
        house = Household(folder)
        house.recorder = Recorder(house.store, shelf, house.bus)
        async with house.recorder.at_work(), asyncio.TaskGroup() as tasks:
            following = tasks.create_task(house.follow())
            await house.measure(10, twitches=False)
            fill(folder, leave_bytes=0)
            await house.measure(400, twitches=False)
            assert found_links() == {("store", "raw_stopped")}
            empty(folder)
            await house.measure(10, twitches=False)
            assert dict(complaints) == {}
            following.cancel()
        shelf.close()
        house.store.close()
        (path,) = folder.glob("recordings/*/*.edf")
        chunks = list(open_recording(path).chunks())
        assert chunks[-1].end_sample == 420 * 200
        for chunk in chunks:
            seconds = [a_chunk(first, n=200).samples for first in range(chunk.first_sample, chunk.end_sample, 200)]
            assert np.array_equal(chunk.samples, np.concatenate(seconds))
