"""The table of boards."""

from collections.abc import Callable, Mapping

from dashboards.boards.board import Board
from dashboards.boards.health import health
from dashboards.boards.persistence import persistence
from dashboards.boards.spread import spread
from dashboards.boards.tonight import tonight

BOARDS: Mapping[str, Callable[[], Board]] = {
    "tonight": tonight,
    "persistence": persistence,
    "spread": spread,
    "health": health,
}


def texts() -> dict[str, str]:
    """Give the JSON of each board by the name of its file."""
    return {f"{name}.json": make().json() for name, make in BOARDS.items()}
