"""How long the pages of nights take at the server: a year of nights, every minute and twitch of it kept.

PYTHONPATH=. python tests/bench/bench_page_nights.py [nights]

*First* is the first request after a start, before anything was remembered; *again* the median of five later ones. Both
as time on the wall and as time of this process's CPU: on a busy machine only the second says what the page costs.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import numpy as np

from aquiver.body import Site
from aquiver.commands.desk import works_of
from aquiver.model import Label, Modality, Period, SpanReason, Tally, Twitch, Unit
from aquiver.nights import start_of
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from dashboards.page.app import create_app
from dashboards.page.guard import Guard
from tests.page.house import given_of

ZONE = ZoneInfo("Europe/Berlin")
LAST = date(2026, 11, 22)
SITES = (Site.LEFT_CALF, Site.RIGHT_CALF, Site.RIGHT_FOREARM, Site.RIGHT_HAND)
MINUTES, TWITCHES = 450, 150  # of a night of one band
PATHS = ("/nights", f"/nights/{LAST}", "/weeks", "/diary", "/notices")


def main(n_nights: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), n_nights)
        size_mb = (Path(folder) / "records.db").stat().st_size / 1e6
        print(f"{n_nights} nights, {len(SITES)} bands, every minute and twitch: a store of {size_mb:.0f} MB")
        asyncio.run(ask(Path(folder)))


def fill(folder: Path, n_nights: int) -> None:
    store = open_store("sqlite:", folder)
    random = np.random.default_rng(7)
    for back in range(n_nights):
        night = (LAST - timedelta(days=back)).isoformat()
        for site in SITES:
            one_night(store, site, night, random)
    store.close()


def one_night(store: Store, site: Site, night: str, random: np.random.Generator) -> None:
    start_s = start_of(night, ZONE) + 39_600.0
    whole = Tally(
        *("me", f"band-{site.value}", site, Modality.EMG, night, Period.NIGHT, start_of(night, ZONE)),
        *(MINUTES * 56.0, {SpanReason.MOVEMENT: MINUTES * 4.0}, TWITCHES, 2.0, Unit.MICROVOLT, True, 10, ZONE.key),
    )
    minutes = [
        replace(whole, period=Period.MINUTE, start_s=start_s + 60.0 * at, analysable_s=56.0, n_twitches=int(n))
        for at, n in enumerate(random.poisson(TWITCHES / MINUTES, MINUTES))
    ]
    twitches = [
        Twitch(
            *("me", whole.device, site, Modality.EMG, night, "r", sample, start_s + sample / 1000.0, 0.02),
            *(start_s + sample / 1000.0 + 0.01, "1", 60.0, Unit.MICROVOLT, 12.0, Label.ISOLATED),
        )
        for sample in map(int, np.sort(random.integers(0, MINUTES * 60_000, TWITCHES)))
    ]
    store.write([whole, *minutes, *twitches])


async def ask(folder: Path) -> None:
    settings = Settings(timezone=ZONE.key, data=str(folder))
    for path in PATHS:
        store = open_store("sqlite:", folder)
        given = given_of("me", LAST.isoformat(), store, settings, start_of(LAST.isoformat(), ZONE) + 70_000.0)
        given = replace(given, works=works_of(store, settings))
        transport = httpx.ASGITransport(app=create_app(given, Guard()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8737/api/v1") as client:
            walls_s, cpus_s, n_bytes = [], [], 0
            for _ in range(6):
                wall_s, cpu_s = time.perf_counter(), time.process_time()
                answer = await client.get(path)
                walls_s.append(time.perf_counter() - wall_s)
                cpus_s.append(time.process_time() - cpu_s)
                assert answer.status_code == 200, answer.text
                n_bytes = len(answer.content)
        print(
            f"{path:<20} first {_said(walls_s[:1], cpus_s[:1])}   again {_said(walls_s[1:], cpus_s[1:])}   {n_bytes / 1000:4.0f} kB"
        )
        store.close()


def _said(walls_s: list[float], cpus_s: list[float]) -> str:
    return f"{statistics.median(walls_s) * 1000:5.0f} ms ({statistics.median(cpus_s) * 1000:4.0f} ms CPU)"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
