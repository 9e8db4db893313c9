"""A week in some minutes: a Verity Sense through engine, state file and outbox; what memory does meanwhile.

Days on the command line; default 7. Prints the memory every half day and its slope over the days after the first.
"""

import gc
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from detector.engine import Engine
from detector.state import State
from tests.bench.bench_load import memory_mb
from tests.bench.synthetic import VERITY, chunks_of, streams_of

_DAY_S = 86_400.0
_CHUNK_S = 20.0
_LOOK_S = _DAY_S / 2


def main() -> None:
    """Print a line for every half day, and the slope."""
    days = float(sys.argv[1]) if len(sys.argv) > 1 else 7.0
    seen: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state, engine = State(folder / "detector.db"), Engine(ZoneInfo("Europe/Berlin"))
        state.journal.serve(["recorder"])
        streams = streams_of("verity", VERITY)
        sources = [chunks_of(stream, days * _DAY_S, _CHUNK_S) for stream in streams]
        for tick, chunks in enumerate(zip(*sources, strict=False), start=1):
            records = [record for chunk in chunks for record in engine.feed(chunk)]
            state.commit(records, engine.snapshot(), {"bench": tick + 1}, engine.settle())
            state.journal.confirm({"recorder": state.journal.next_number})
            if tick * _CHUNK_S % _LOOK_S == 0:
                gc.collect()
                seen.append((tick * _CHUNK_S / _DAY_S, memory_mb()))
                size_mb = (folder / "detector.db").stat().st_size / 1e6
                print(f"day {seen[-1][0]:4.1f}: {seen[-1][1]:6.1f} MB, state file {size_mb:.1f} MB", flush=True)
        state.close()
    after = np.array([row for row in seen if row[0] >= 1.0])
    slope = np.polyfit(after[:, 0], after[:, 1], 1)[0] if len(after) > 1 else float("nan")
    print(f"slope after the first day: {slope:+.2f} MB a day")


if __name__ == "__main__":
    main()
