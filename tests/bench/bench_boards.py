"""How fast InfluxDB answers the boards' questions: each board's own range, sixty nights, a year.

PYTHONPATH=. python tests/bench/bench_boards.py          the first two, on sixty nights with all their details
PYTHONPATH=. python tests/bench/bench_boards.py --year   a year of roll-ups, and details of its last sixty nights
"""

import sys
import time
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median, quantiles

from aquiver.store import open_store
from tests.dashboards.boards.grafana import Asked, Scope, questions
from tests.dashboards.boards.history import N_NIGHTS, history
from tests.influx import new_bucket

N_TIMES = 20
WEARER = "anna"
DAY_S = 86_400.0
_ROLLED_UP = ("persistence", "spread")  # the boards for long ranges


def main(n_nights: int) -> None:
    began_s = time.perf_counter()
    told = history(n_nights, N_NIGHTS, N_NIGHTS, (WEARER,))
    store = open_store(new_bucket(), Path("/nonexistent"))
    told.write(store)
    n_marks = sum(map(len, told.marks.values()))
    n_points = len(told.tallies) + len(told.twitches) + len(told.spans) + len(told.beats) + n_marks
    print(f"{n_nights} nights, 4 sites: {n_points:,} points, told and written in {time.perf_counter() - began_s:.0f} s")
    until_s = told.night_start_s(WEARER, -1, n_nights) + 70_000.0
    for words, length_s in (("its own range", None), (f"{n_nights} nights", n_nights * DAY_S)):
        print(f"\n{words}: median and p95 of {N_TIMES} answers, ms")
        slowest = 0.0
        for asked in questions():
            own_s = 84 * DAY_S if asked.board in _ROLLED_UP else 12 * 3600.0
            if n_nights > N_NIGHTS and length_s is not None and asked.board not in _ROLLED_UP:
                continue
            scope = asked.scope(Scope(WEARER, until_s - (length_s or own_s), until_s))
            median_ms, p95_ms, n_rows = timed(store, asked, scope)
            slowest = max(slowest, p95_ms)
            print(f"{median_ms:7.1f} {p95_ms:7.1f}  {n_rows:6} rows  {asked.board:12} {asked.panel} ({asked.ref})")
        print(f"        {slowest:7.1f}  is the slowest; {getloadavg()[0]:.1f} programs wanted {cpu_count()} cores")
    store.close()


def timed(store, asked: Asked, scope: Scope) -> tuple[float, float, int]:
    query, took_ms, n_rows = asked.filled(scope), [], 0
    for _ in range(N_TIMES):
        began_s = time.perf_counter()
        n_rows = sum(len(series["values"]) for series in store._server.ask(query))
        took_ms.append((time.perf_counter() - began_s) * 1000)
    return median(took_ms), quantiles(took_ms, n=20, method="inclusive")[-1], n_rows


if __name__ == "__main__":
    main(365 if "--year" in sys.argv else N_NIGHTS)
