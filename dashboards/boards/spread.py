"""The board of spread: where, and in what order."""

from grafana_foundation_sdk.builders.table import Panel as TablePanel

from dashboards.boards import colours
from dashboards.boards.board import Board
from dashboards.boards.body import body
from dashboards.boards.panels import bars, cells, lines, reading, rows, with_words
from dashboards.boards.target import series, table
from dashboards.phrases.boards import spread as say
from dashboards.queries import spread as ask


def spread() -> Board:
    """Give the board."""
    return Board(
        uid="aquiver-spread",
        title=say.TITLE,
        about=say.ABOUT,
        since="84d",
        refresh="15m",
        rows=(
            (6, (reading(say.LEAD, say.TEXT),)),
            (14, (body(), _order())),
            (8, (cells(say.REGIONS, series(ask.REGIONS, "$tag_region"), colours.night_states()),)),
            (
                8,
                (
                    lines(say.WEEKS, series(ask.WEEKS, "$col")).decimals(0),
                    bars(say.WEEK_HOURS, series(ask.WEEK_HOURS, "$col"), unit="s"),
                ),
            ),
        ),
    )


def _order() -> TablePanel:
    panel = rows(say.ORDER, table(ask.ORDER))
    return panel.override_by_name(*with_words("measured and quiet before", colours.answers()))
