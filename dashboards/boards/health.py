"""The board of health: how the machine does."""

from grafana_foundation_sdk.builders.table import Panel as TablePanel
from grafana_foundation_sdk.builders.timeseries import Panel as GraphPanel

from dashboards.boards import colours
from dashboards.boards.board import Board
from dashboards.boards.panels import coloured, hidden, lines, reading, rows, stacked, with_unit, with_words
from dashboards.boards.target import series, table
from dashboards.phrases.boards import health as say
from dashboards.queries import health as ask

_STREAM = "$tag_site ($tag_modality, $tag_device)"
_INTERVAL = "5m"
_SECONDS = ("analysable", "set aside", "together", "longest", "lasted")


def health() -> Board:
    """Give the board."""
    return Board(
        uid="aquiver-health",
        title=say.TITLE,
        about=say.ABOUT,
        since="12h",
        refresh="30s",
        rows=(
            (4, (reading(say.LEAD, say.TEXT),)),
            (8, (_ledger(),)),
            (6, (_ledger_by_stream(),)),
            (7, (_gaps(), lines(say.SILENCE, series(ask.SILENCE, _STREAM), unit="s", interval=_INTERVAL))),
            (7, (_samples(),)),
            (
                7,
                (
                    lines(say.BATTERY, series(ask.BATTERY, _STREAM), unit="percent", interval=_INTERVAL).max(100),
                    _signal(),
                    lines(say.RESIDUAL, series(ask.RESIDUAL, _STREAM), unit="s", interval=_INTERVAL),
                ),
            ),
            (
                7,
                (
                    lines(say.WAITING, series(ask.WAITING, "chunks"), interval=_INTERVAL),
                    lines(say.DELAY, series(ask.DELAY, _STREAM), unit="s", interval=_INTERVAL),
                ),
            ),
            (8, (_faults(),)),
        ),
    )


def _ledger() -> GraphPanel:
    panel = stacked(say.LEDGER, series(ask.LEDGER, "$col"), unit="s")
    return panel.override_by_name(*coloured("analysable", colours.DEEP))


def _samples() -> GraphPanel:
    received, lost = series(ask.RECEIVED, f"received: {_STREAM}"), series(ask.LOST, f"missing: {_STREAM}", "B")
    return lines(say.RECEIVED, received, lost, interval=_INTERVAL)


def _signal() -> GraphPanel:
    return lines(say.SIGNAL, series(ask.SIGNAL, _STREAM), unit="dBm", interval=_INTERVAL).min(-100).max(-20)


def _ledger_by_stream() -> TablePanel:
    panel = rows(say.LEDGER_BY_STREAM, table(ask.LEDGER_BY_STREAM)).unit("s")
    return panel.override_by_name(*hidden("Time"))


def _gaps() -> TablePanel:
    panel = _in_seconds(rows(say.GAPS, table(ask.GAPS))).no_value(say.NO_GAPS)
    return panel.override_by_name(*hidden("Time"))


def _faults() -> TablePanel:
    return _in_seconds(rows(say.FAULTS, table(ask.FAULTS))).override_by_name(
        *with_words("still so", colours.faults(), is_coloured=True)
    )


def _in_seconds(panel: TablePanel) -> TablePanel:
    for name in _SECONDS:
        panel = panel.override_by_name(*with_unit(name, "s"))
    return panel
