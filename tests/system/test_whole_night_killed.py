"""kill -9 of everything at any second, twenty times: one night, a ledger that closes, no sample missing."""

import random
import time

import pytest

from tests.chaos import gauge
from tests.chaos.house import House, free_port, wait_until
from tests.chaos.judge import judge
from tests.servers import needs_mosquitto

N_KILLS = 20
AT_MOST_S = 75.0  # on a machine that is too busy fewer kills are made; each is as good as the next

pytestmark = [pytest.mark.service, needs_mosquitto]


def test_a_night_killed_twenty_times_is_one_night_and_lacks_nothing_that_was_received(tmp_path):
    port = free_port()
    house = House(tmp_path, f"embedded:{port}", 5, port)
    chance, began_s = random.Random(20), time.monotonic()
    try:
        house.start("night")
        while house.n_kills.get("night", 0) < N_KILLS and time.monotonic() - began_s < AT_MOST_S:
            n_before = gauge.committed(tmp_path)
            assert wait_until(lambda n=n_before: gauge.committed(tmp_path) > n, 40.0, 0.02), "it does not come back"
            time.sleep(chance.uniform(0.0, 0.4))
            house.kill("night")
        n_then = gauge.committed(tmp_path)
        assert wait_until(lambda: gauge.decided(tmp_path) >= n_then > 0, 40.0), "the detector does not catch up"
        for _ in range(4):
            house.stop("night")
            if gauge.is_drained(tmp_path):
                break
            left = gauge.marks(tmp_path)
            house.start("night")
            wait_until(lambda then=left: gauge.has_delivered(tmp_path, then), 40.0)
    finally:
        house.end()
    verdict = judge(tmp_path)
    assert verdict.violations == ()
    assert verdict.n_lost_after == 0
    assert verdict.n_runs >= house.n_kills["night"] >= N_KILLS // 4
    assert len(list((tmp_path / "recordings").iterdir())) == 1
