"""What a night stands on: this machine's clock, disk, broker and store, looked at."""

import asyncio
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aquiver.bus import open_bus
from aquiver.commands.rehearsal import WEARER, chunks_of_test
from aquiver.commands.services import login_of
from aquiver.errors import AquiverError
from aquiver.model import Chunk, Parcel, Stream, Tally
from aquiver.nights import end_of, start_of
from aquiver.patience import REFUSALS
from aquiver.settings import Settings
from aquiver.store import open_store

_ROUND_TRIP_S = 5.0
_INT16 = 1 << 15
_COPIES = 2  # in the recording, and on the way to it
_ALWAYS_BYTES = 100_000_000  # records, logs, what a disk does not like to fill


@dataclass(frozen=True, slots=True)
class Watch:
    """Both clocks at one moment: the one that may be set, and the one that may not."""

    wall_s: float
    steady_s: float

    @classmethod
    def now(cls) -> "Watch":
        """Read both."""
        return cls(time.time(), time.monotonic())

    def step_s(self, later: "Watch") -> float:
        """Give how far the clock was set in between.

        >>> Watch(100.0, 5.0).step_s(Watch(170.0, 15.0))
        60.0
        """
        return (later.wall_s - self.wall_s) - (later.steady_s - self.steady_s)


def hours_until(morning: str, now: datetime) -> float:
    """Give the hours from now to the next time it is ``HH:MM``.

    >>> hours_until("07:00", datetime.fromisoformat("2026-11-22T23:00+01:00"))
    8.0
    """
    hour, minute = map(int, morning.split(":"))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now) / timedelta(hours=1)


def bytes_of_night(streams: Iterable[Stream], night_h: float) -> int:
    """Give what a night of these streams needs on disk at most."""
    per_s = sum(
        stream.rate_hz * len(stream.signal.channels) * (2 if stream.signal.limit < _INT16 else 4) for stream in streams
    )
    return round(_COPIES * per_s * night_h * 3600) + _ALWAYS_BYTES


def free_bytes(folder: Path) -> int:
    """Give the room on the disk that holds a folder, which need not exist yet."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


async def broker_trouble(settings: Settings) -> str:
    """Send a message through a broker of the person's own, and wait for it; say what went wrong.

    It has no place in a journal, so nobody acts upon it. The embedded broker is started for the rehearsal anyway.
    """
    if settings.bus.startswith("embedded:"):
        return ""
    try:
        async with (
            asyncio.timeout(_ROUND_TRIP_S),
            open_bus(settings.bus, "aquiver-check", login_of(settings, "owner")) as bus,
            bus.subscribe(Chunk) as batches,
        ):
            await bus.publish(Parcel(chunks_of_test(time.time())[0]))
            async for batch in batches:
                if any(isinstance(one.message, Chunk) and one.message.stream.wearer == WEARER for one in batch):
                    return ""
    except TimeoutError:
        return f"{settings.bus} does not answer; does the broker run?"
    except (AquiverError, OSError) as error:
        return str(error)
    return f"{settings.bus} closed the connection"


def store_trouble(settings: Settings, now_s: float) -> tuple[str, float]:
    """Open the store; give what is wrong with it, and how far its newest record lies in the future."""
    try:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = open_store(settings.store, settings.folder, settings.store_ca)
    except (AquiverError, OSError) as error:
        return str(error), 0.0
    try:
        nights = store.nights(settings.wearer)
        if not nights:
            return "", 0.0
        since_s, until_s = start_of(nights[-1], settings.zone), end_of(nights[-1], settings.zone)
        newest_s = max((tally.start_s for tally in store.read(Tally, settings.wearer, since_s, until_s)), default=0.0)
    except REFUSALS as error:
        return str(error), 0.0
    finally:
        store.close()
    return "", max(0.0, newest_s - now_s)
