"""make chaos: kill, cut, stall, fill, set back; then count. Exit code 1 if a sample is missing or a record differs."""

import argparse
import asyncio
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.gauge import repeats
from tests.chaos.house import CAN_SET_CLOCKS
from tests.chaos.judge import Verdict, judge
from tests.chaos.ordeal import Ordeal, run
from tests.chaos.schedule import VICTIMS, draw


def main() -> None:
    """Run each arrangement, and say how it went."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing we started outlives us
    verdicts = []
    for arrangement in options.on.split():
        folder = Path(tempfile.mkdtemp(prefix=f"aquiver-chaos-{arrangement}-"))
        verdict = _one(folder, arrangement, options)
        verdicts.append(verdict)
        if verdict.violations:
            print(f"  the evidence is in {folder}")
        else:
            shutil.rmtree(folder)
    sys.exit(any(verdict.violations for verdict in verdicts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--on", default="mosquitto night amqtt", help=f"arrangements, of: {', '.join(VICTIMS)}")
    parser.add_argument("--broker-down", type=float, default=0.0, metavar="SECONDS", help="an outage on top")
    return parser.parse_args()


def _one(folder: Path, arrangement: str, options: argparse.Namespace) -> Verdict:
    length_s = 60.0 * options.minutes + options.broker_down
    schedule = draw(options.seed, length_s, arrangement, has_clocks=CAN_SET_CLOCKS, broker_down_s=options.broker_down)
    print(f"{arrangement}: seed {options.seed}, {length_s:.0f} s, {len(schedule)} events", flush=True)
    if not CAN_SET_CLOCKS:
        print("  no clock is set: libfaketime is not installed (Debian package faketime)")
    began_s = time.monotonic()
    ordeal = asyncio.run(run(folder, arrangement, options.seed, schedule, lambda line: print("  ", line, flush=True)))
    verdict = judge(folder)
    _say(ordeal, verdict, time.monotonic() - began_s)
    return verdict


def _say(ordeal: Ordeal, verdict: Verdict, took_s: float) -> None:
    kills = ordeal.house.n_kills
    took = sorted(ordeal.recovery.took_s)
    print(f"  kills                  {sum(kills.values())}: " + ", ".join(f"{n} {name}" for name, n in kills.items()))
    print("  other faults           " + ", ".join(f"{n} {what}" for what, n in ordeal.done.items() if what != "kill"))
    print(f"  ended by themselves    {ordeal.n_restarts} (started again)")
    print(f"  samples received       {verdict.n_received} in {verdict.n_runs} runs")
    print(f"  lost by radio          {verdict.n_lost_by_radio} (bands out of range)")
    print(f"  lost after the radio   {verdict.n_lost_after}")
    print(f"  duplicates discarded   {repeats(ordeal.house.folder)} parcels")
    if took:
        p95_s = took[min(len(took) - 1, round(0.95 * len(took)))]
        print(f"  recovery               p50 {statistics.median(took):.1f} s, p95 {p95_s:.1f} s, of {len(took)} faults")
    print(f"  records                {verdict.n_records}, identical: {'no' if verdict.violations else 'yes'}")
    for violation in verdict.violations:
        print(f"  VIOLATION: {violation}")
    print(f"  took                   {took_s:.0f} s", flush=True)


if __name__ == "__main__":
    main()
