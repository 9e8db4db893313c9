"""The board of tonight: is it being measured, and what was counted so far."""

from grafana_foundation_sdk.builders.table import Panel as TablePanel
from grafana_foundation_sdk.models.dashboard import DataTransformerConfig

from dashboards.boards import colours
from dashboards.boards.board import Board
from dashboards.boards.panels import bars, dots, hidden, lines, reading, rows, with_unit, with_words
from dashboards.boards.target import series, table
from dashboards.phrases.boards import Words
from dashboards.phrases.boards import tonight as say
from dashboards.queries import tonight as ask

_STREAM = "$tag_site ($tag_modality, $tag_device)"
_INTERVAL = "10m"


def tonight() -> Board:
    """Give the board."""
    return Board(
        uid="aquiver-tonight",
        title=say.TITLE,
        about=say.ABOUT,
        since="12h",
        refresh="1s",
        rows=(
            (5, (reading(say.LEAD, say.TEXT),)),
            (7, (_bands(), _counts(say.HOUR).time_from("1h"))),
            (6, (_counts(say.NIGHT),)),
            (8, (bars(say.RATE, series(ask.RATE_OVER_TIME, _STREAM), interval=_INTERVAL),)),
            (7, (bars(say.ANALYSABLE, series(ask.ANALYSABLE_OVER_TIME, _STREAM), unit="s", interval=_INTERVAL),)),
            (8, (dots(say.TWITCHES, series(ask.TWITCHES, "$tag_site ($tag_modality)")).interval("1s"),)),
            (
                7,
                (
                    lines(say.FLOOR, series(ask.FLOOR, _STREAM), interval=_INTERVAL),
                    bars(say.MOVEMENT, series(ask.MOVEMENT, _STREAM), unit="s", interval=_INTERVAL),
                ),
            ),
        ),
    )


def _bands() -> TablePanel:
    panel = rows(say.BANDS, table(ask.BANDS))
    for override in (
        with_words("state", colours.band_states(), is_coloured=True),
        with_unit("newest sample", "dateTimeFromNow"),
        with_unit("battery", "percent"),
        hidden("Time"),
    ):
        panel = panel.override_by_name(*override)
    return panel


def _counts(words: Words) -> TablePanel:
    """Show counts with their time, and the rate beside them where there is one."""
    panel = rows(words, table(ask.COUNTS), table(ask.RATES, "B"))
    panel = panel.with_transformation(DataTransformerConfig(id_val="merge", options={}))
    for override in (with_unit("analysable", "s"), with_unit("set aside", "s"), hidden("Time")):
        panel = panel.override_by_name(*override)
    return panel
