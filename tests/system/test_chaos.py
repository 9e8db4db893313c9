"""A short form of make chaos: every process killed, the network bent, the disk full, the clock set; nothing is missing."""

import asyncio
import shutil

import pytest

from tests.chaos.house import CAN_SET_CLOCKS
from tests.chaos.judge import judge
from tests.chaos.ordeal import run
from tests.chaos.schedule import Event, draw
from tests.servers import needs_mosquitto

SEED = 7
LENGTH_S = 20.0


@pytest.mark.service
@needs_mosquitto
@pytest.mark.skipif(shutil.which("tee") is None, reason="needs a POSIX system")
def test_twenty_seconds_of_chaos_lose_nothing_and_change_no_record(tmp_path):
    schedule = draw(SEED, LENGTH_S, "mosquitto", has_clocks=CAN_SET_CLOCKS)
    said: list[str] = []
    asyncio.run(run(tmp_path, "mosquitto", SEED, schedule, said.append))
    verdict = judge(tmp_path)
    assert verdict.violations == (), said
    assert verdict.n_lost_after == 0 < verdict.n_received


def test_an_outage_lasts_as_long_as_it_was_asked_for():
    events = draw(3, 720.0, "mosquitto", has_clocks=True, broker_down_s=600.0)
    (outage,) = [event for event in events if event.length_s == 600.0]
    during = [event.what for event in events if outage.at_s <= event.at_s < outage.at_s + 600.0 and event != outage]
    assert {"kill", "disk full"} <= set(during) <= {"kill", "disk full", "clock step", "band vanishes"}


def test_the_same_seed_gives_the_same_misfortunes():
    def one(seed: int) -> list[Event]:
        return draw(seed, 180.0, "mosquitto", has_clocks=True)

    assert one(3) == one(3) != one(4)
    assert sum(event.what == "kill" for event in one(3)) >= 60
    kinds = {event.what for event in one(3)}
    assert {"kill", "disk full", "clock step", "band vanishes", "cut", "network stalls", "network doubles"} <= kinds
