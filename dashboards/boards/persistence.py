"""The board of persistence: do twitches last over weeks."""

from grafana_foundation_sdk.builders.table import Panel as TablePanel
from grafana_foundation_sdk.builders.timeseries import Panel as GraphPanel
from grafana_foundation_sdk.models.dashboard import AnnotationQuery, DynamicConfigValue

from dashboards.boards import colours
from dashboards.boards.board import Board
from dashboards.boards.panels import bars, cells, coloured, hidden, lines, reading, rows, with_unit, with_words
from dashboards.boards.target import SOURCE, InfluxQuery, series, table
from dashboards.phrases.boards import persistence as say
from dashboards.queries import persistence as ask


def persistence() -> Board:
    """Give the board."""
    return Board(
        uid="aquiver-persistence",
        title=say.TITLE,
        about=say.ABOUT,
        since="84d",
        refresh="15m",
        rows=(
            (6, (reading(say.LEAD, say.TEXT),)),
            (8, (cells(say.CALENDAR, series(ask.CALENDAR, "$tag_site"), colours.shades()),)),
            (6, (_last_nights(),)),
            (6, (_known(),)),
            (9, (_rates(),)),
            (7, (bars(say.ANALYSABLE, series(ask.ANALYSABLE, "$tag_site"), unit="s"),)),
        ),
        annotations=(
            _annotation(say.NOTES, ask.NOTES, "#b877d9", text="subject", tags="amount"),
            _annotation(say.NOTICES, ask.NOTICES, colours.DEEP, text="kind", tags="site_f"),
        ),
    )


def _last_nights() -> TablePanel:
    panel = rows(say.LAST_NIGHTS, table(ask.LAST_NIGHTS))
    for override in (with_unit("analysable in 14", "s"), with_unit("analysable in 28", "s"), hidden("Time")):
        panel = panel.override_by_name(*override)
    return panel


def _known() -> TablePanel:
    panel = rows(say.KNOWN, table(ask.KNOWN)).override_by_name(*hidden("Time"))
    for name in ("recurrent", "persistent", "new", "changed"):
        panel = panel.override_by_name(*with_words(name, colours.answers()))
    return panel.override_by_name(*with_words("weekly look", colours.trends()))


def _rates() -> GraphPanel:
    """Draw one site's nights: this panel is repeated for each site that was chosen."""
    panel = lines(say.RATES, series(ask.RATES, "$col")).repeat("site").max_per_row(2)
    for name, colour, *more in (
        ("rate", colours.DEEP, ("custom.drawStyle", "points"), ("custom.pointSize", 6)),
        ("lower end", colours.PALE),
        ("upper end", colours.PALE),
        ("usual from", colours.TOO_LITTLE),
        ("usual to", colours.TOO_LITTLE, ("custom.fillBelowTo", "usual from"), ("custom.fillOpacity", 15)),
        ("line", "#ff9830", ("custom.lineStyle", {"fill": "dash", "dash": [8, 6]}), ("custom.lineWidth", 2)),
    ):
        _, values = coloured(name, colour)
        panel = panel.override_by_name(
            name, values + [DynamicConfigValue(id_val=key, value=value) for key, value in more]
        )
    return panel


def _annotation(name: str, query: str, colour: str, *, text: str, tags: str) -> AnnotationQuery:
    """Mark what was said on a day. Grafana takes text and tags of a mark from these columns."""
    target = InfluxQuery(query, "Anno", shape="table").to_json()
    fields = {"textColumn": text, "tagsColumn": tags, "fromAnnotations": True}
    return AnnotationQuery(
        name=name,
        datasource=SOURCE,
        enable=True,
        hide=False,
        icon_color=colour,
        target={**target, **fields},  # type: ignore[arg-type]  # the data source reads its own keys there
    )
