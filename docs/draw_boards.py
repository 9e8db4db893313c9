"""Draw the boards from a real InfluxDB's answers about planted nights: docs/board-*.svg.

python docs/draw_boards.py       needs Debian's influxdb, as the tests do
"""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from aquiver.store import open_store  # noqa: E402  # the root must be known first
from aquiver.store.influx import InfluxStore  # noqa: E402
from docs.board_picture import Answers, picture  # noqa: E402
from tests.dashboards.boards.grafana import Asked, Scope, boards, seconds  # noqa: E402
from tests.dashboards.boards.history import history  # noqa: E402
from tests.influx import new_bucket  # noqa: E402

NOTE = (
    "Drawn by docs/draw_boards.py from InfluxDB's answers to the panels' questions, about simulated nights. "
    "Not a screenshot: Grafana draws the same answers in its own way."
)


def main() -> None:
    """Write each board's picture, and say where it is."""
    told = history(wearers=("anna",))
    store = open_store(new_bucket(), Path("/nonexistent"))
    assert isinstance(store, InfluxStore)
    told.write(store)
    until_s = max(status.time_s for status, _ in told.beats) + 30.0
    night = Scope("anna", until_s - 9 * 3600.0, until_s)
    weeks = Scope("anna", told.night_start_s("anna", 0) - 43_200.0, until_s)
    for name, board in boards().items():
        scope = night if name in ("tonight", "health") else weeks
        path = ROOT / "docs" / f"board-{name}.svg"
        path.write_text(picture(board, partial(answers, store, scope), (scope.since_s, scope.until_s), NOTE))
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    store.close()


def answers(store: InfluxStore, scope: Scope, board: dict, panel: dict, site: str | None) -> Answers:
    """Ask a panel's questions, of one site where it is repeated for each."""
    chosen = replace(scope, sites=() if site is None else (site,))
    within = None if "timeFrom" not in panel else seconds(panel["timeFrom"])
    asked = (
        Asked(
            board["uid"],
            panel["title"],
            target["refId"],
            target["query"],
            seconds(panel.get("interval", "0s")),
            within,
        )
        for target in panel.get("targets", ())
    )
    return [store._server.ask(one.filled(one.scope(chosen))) for one in asked]  # noqa: SLF001  # as the tests do


if __name__ == "__main__":
    main()
