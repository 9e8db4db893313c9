"""How fast a month of nights goes from SQLite into InfluxDB: python tests/bench/bench_backfill.py [NIGHTS].

The client alone is measured against a server that takes everything and keeps nothing, in a process of its own; then the
whole against InfluxDB 1.6.7 behind the tests' shim, then a second run that finds all of it there.
"""

import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.commands.backfilling import uncollected
from aquiver.export.backfill import backfill
from aquiver.export.backfill_log import BackfillLog
from aquiver.export.choice import Choice, chosen
from aquiver.model import Kept, Modality, Period, Span, SpanReason, Tally, Twitch
from aquiver.nights import start_of
from aquiver.store import Store, open_store
from aquiver.store.point import line_of
from tests.influx import Shim, ask, local
from tests.samples import a_span, a_tally, a_twitch

ZONE = ZoneInfo("Europe/Berlin")
SITES = (Site.LEFT_CALF, Site.RIGHT_CALF, Site.RIGHT_FOREARM, Site.LEFT_THIGH)
N_MINUTES, N_TWITCHES, N_SPANS = 480, 150, 250
SEED = 1


def night_of_records(night: str, rng: random.Random) -> list[Kept]:
    """Make a night: four sites, two kinds of sensor each, a tally each minute and hour."""
    begin_s = start_of(night, ZONE) + 11 * 3600.0
    found: list[Kept] = []
    for site in SITES:
        for modality in (Modality.EMG, Modality.ACCELEROMETER):
            own = {"wearer": "bench", "device": f"band-{site}", "site": site, "modality": modality, "night": night}

            def at_s() -> float:
                return begin_s + rng.random() * 60.0 * N_MINUTES

            tally = replace(a_tally(), **own, zone=ZONE.key)
            for minute in range(N_MINUTES):
                lost_s = rng.choice((0.0, 0.0, 0.0, round(rng.random() * 20, 3)))
                excluded = {SpanReason.MOVEMENT: lost_s} if lost_s else {}
                numbers = {"analysable_s": 60.0 - lost_s, "excluded_s": excluded, "floor": 1.0 + rng.random()}
                found.append(
                    replace(tally, start_s=begin_s + 60.0 * minute, n_twitches=rng.choice((0, 0, 1, 3)), **numbers)
                )
            found += [
                replace(tally, start_s=begin_s + 3600.0 * hour, period=Period.HOUR) for hour in range(N_MINUTES // 60)
            ]
            found.append(replace(tally, start_s=begin_s, period=Period.NIGHT))
            found += [replace(a_twitch(number, at_s()), **own, amplitude=rng.random()) for number in range(N_TWITCHES)]
            found += [replace(a_span(at_s()), **own, sample=number) for number in range(N_SPANS)]
    return found


class Sink(BaseHTTPRequestHandler):
    """Take everything, keep nothing, know nobody."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_write = self.path.startswith("/api/v2/write")
        body = b"" if is_write else b'{"results":[{"statement_id":0}]}'
        self.send_response(204 if is_write else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


def serve(make: Callable[[], ThreadingHTTPServer]) -> tuple[multiprocessing.Process, int]:
    """Run a server in a process of its own; give its port."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(make, theirs), daemon=True)
    process.start()
    return process, ours.recv()


def _serve(make: Callable[[], ThreadingHTTPServer], port) -> None:
    server = make()
    port.send(server.server_port)
    while True:
        time.sleep(1)


def sink() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def filled(source: Store, url: str, choice: Choice, folder: Path, what: str) -> None:
    """Fill a target; print how fast."""
    target = open_store(url, folder)
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    with uncollected():
        n_written = sum(day.n_written for day in backfill(source, target, choice, BackfillLog(folder, url, "bench")))
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    n_points = n_written or source.count("bench")
    print(
        f"{what:44} {wall_s:6.1f} s, {n_points / wall_s:9,.0f} points/s; {cpu_s / n_points * 1e6:5.1f} µs of a core a point"
    )
    target.close()


def spelled(records: list[Kept]) -> None:
    for kind in (Tally, Twitch, Span):
        mine = [one for one in records if isinstance(one, kind)]
        best_s = min(_spelled_s(mine) for _ in range(5))
        print(f"{f'one line of a {kind.__name__.lower()}':44} {best_s / len(mine) * 1e6:6.1f} µs of a core")


def _spelled_s(records: list[Kept]) -> float:
    began_s = time.process_time()
    for one in records:
        line_of(one)
    return time.process_time() - began_s


def main() -> None:
    n_nights = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="aquiver-bench-") as place:
        folder = Path(place)
        source = open_store("sqlite:", folder)
        for number in range(n_nights):
            records = night_of_records((date(2026, 10, 1) + timedelta(days=number)).isoformat(), rng)
            source.write(records)
        choice = chosen(source, "bench", "bench", ZONE, (None, None))
        print(f"{n_nights} nights, {source.count('bench'):,} records; load {os.getloadavg()[0]:.1f}")
        spelled(records)
        process, port = serve(sink)
        filled(source, f"influx://127.0.0.1:{port}/bench", choice, folder, "the client alone")
        process.terminate()
        ask(local(), "CREATE DATABASE bench")
        influxd = local()
        process, port = serve(lambda: Shim(influxd))
        for what in ("InfluxDB 1.6.7 behind the shim", "the same again: all is there"):
            filled(source, f"influx://127.0.0.1:{port}/bench", choice, folder, what)
        target = open_store(f"influx://127.0.0.1:{port}/bench", folder)
        assert target.count("bench") == source.count("bench")
        target.close()
        process.terminate()
        source.close()


if __name__ == "__main__":
    main()
