"""From the bus to the board: what a collector and a detector say is what Tonight shows, through a real InfluxDB."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from aquiver.bus.local import LocalBus
from aquiver.model import BandState, Parcel, Place, Position
from aquiver.recorder import Recorder
from aquiver.store import open_store
from aquiver.vitals import Vitals
from tests.dashboards.boards.asking import answer_of
from tests.dashboards.boards.grafana import Scope, questions
from tests.influx import needs_influx, new_bucket
from tests.samples import NOW_S, a_status, a_tally, a_twitch

ASKED = {(one.board, one.panel, one.ref): one for one in questions()}
SCOPE = Scope("me", NOW_S - 60.0, NOW_S + 1800.5)
STREAM = ("left_calf", "emg", "band-1")


@pytest.fixture
def store(tmp_path):
    opened = open_store(new_bucket(), tmp_path)
    yield opened
    opened.close()


def answered(store, board: str, panel: str, ref: str = "A") -> dict:
    return answer_of(store, ASKED[board, panel, ref].filled(SCOPE), has_times=False)


def half_an_hour() -> list[Parcel]:
    """Give thirty minutes: a status each second, a final tally each minute, three twitches in each, and a loss at the end."""
    parcels = []
    for second in range(1800):
        is_lost = second >= 1790
        state = BandState.LOST if is_lost else BandState.STREAMING
        newest_s = NOW_S + min(second, 1789)
        parcels.append(Parcel(replace(a_status(newest_s=newest_s, state=state), time_s=NOW_S + second)))
    records = [a_tally(NOW_S + 60.0 * minute) for minute in range(30)]
    records += [a_twitch(1000 * n, NOW_S + 20.0 * n) for n in range(90)]
    return parcels + [Parcel(record, Place("j", n + 1, 1)) for n, record in enumerate(records)]


@needs_influx
async def test_what_is_said_on_the_bus_is_what_tonight_shows(store):
    bus, n_records = LocalBus(), 120
    async with bus.subscribe(Position) as words, Recorder(store, None, bus, vitals=Vitals(ZoneInfo("UTC"))).at_work():
        await bus.publish(*half_an_hour())
        async with asyncio.timeout(30):
            while (await anext(words))[-1].message.next_number <= n_records:
                pass
    assert answered(store, "tonight", "Is every band heard?") == {
        STREAM: [(None, "lost", (NOW_S + 1789) * 1000, 80)],
    }
    assert answered(store, "tonight", "How many twitches so far?") == {STREAM: [(None, 90, 1500, 300)]}
    assert answered(store, "tonight", "How many twitches so far?", "B") == {STREAM: [(None, 216)]}
    largest = answered(store, "tonight", "How large were the twitches?")
    assert {snr for _, snr in largest["left_calf", "emg"]} == {12}
    silences = [value for _, value in answered(store, "health", "How long was each band silent?")[STREAM]]
    assert (min(silences), max(silences)) == (0, 1)
