"""Panels: the few kinds that the boards use, each with what it asks in its title and the rest in its description."""

from collections.abc import Sequence
from typing import TypeVar

from grafana_foundation_sdk.builders import common, dashboard, statushistory, table, text, timeseries
from grafana_foundation_sdk.models.common import (
    GraphDrawStyle,
    GraphGradientMode,
    LegendDisplayMode,
    LegendPlacement,
    LineInterpolation,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue, FieldColorModeId, ValueMapping
from grafana_foundation_sdk.models.text import TextMode

from dashboards.boards.target import SOURCE, Target
from dashboards.phrases.boards import Words

_NO_VALUE = "not measured"
P = TypeVar("P", timeseries.Panel, table.Panel, statushistory.Panel)


def reading(words: Words, content: str) -> text.Panel:
    """Say in words what one is looking at."""
    return text.Panel().title(words.title).description(words.about).mode(TextMode.MARKDOWN).content(content)


def rows(words: Words, *targets: Target) -> table.Panel:
    """Show rows, a line each."""
    return _asking(table.Panel(), words, targets)


def cells(words: Words, target: Target, mappings: Sequence[ValueMapping]) -> statushistory.Panel:
    """Show a cell for each night, a row for each place."""
    panel = _asking(statushistory.Panel(), words, (target,))
    return (
        panel.mappings(list(mappings))
        .color_scheme(dashboard.FieldColor().mode(FieldColorModeId.FIXED).fixed_color("#8e8e8e"))
        .show_value(VisibilityMode.NEVER)
        .row_height(0.85)
        .col_width(0.92)
        .legend(_legend())
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.SINGLE))
    )


def lines(words: Words, *targets: Target, unit: str = "short", interval: str = "") -> timeseries.Panel:
    """Show lines over time; across what was not measured none is drawn."""
    panel = _asking(timeseries.Panel(), words, targets).unit(unit).span_nulls(False)
    panel = panel.line_width(1).line_interpolation(LineInterpolation.LINEAR).gradient_mode(GraphGradientMode.NONE)
    panel = panel.show_points(VisibilityMode.AUTO).min(0).legend(_legend())
    panel = panel.tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
    return panel.interval(interval) if interval else panel


def bars(words: Words, *targets: Target, unit: str = "short", interval: str = "") -> timeseries.Panel:
    """Show bars over time."""
    panel = lines(words, *targets, unit=unit, interval=interval).draw_style(GraphDrawStyle.BARS)
    return panel.fill_opacity(70).show_points(VisibilityMode.NEVER)


def stacked(words: Words, *targets: Target, unit: str = "short", interval: str = "") -> timeseries.Panel:
    """Show bars on top of each other: parts of a whole."""
    panel = bars(words, *targets, unit=unit, interval=interval)
    return panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL).group("A"))


def dots(words: Words, *targets: Target, unit: str = "short") -> timeseries.Panel:
    """Show a dot for each value."""
    panel = lines(words, *targets, unit=unit).draw_style(GraphDrawStyle.POINTS)
    return panel.show_points(VisibilityMode.ALWAYS).point_size(4)


def coloured(name: str, colour: str) -> tuple[str, list[DynamicConfigValue]]:
    """Give one series a colour of its own."""
    return name, [DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": colour})]


def with_unit(name: str, unit: str) -> tuple[str, list[DynamicConfigValue]]:
    """Give one column its unit."""
    return name, [DynamicConfigValue(id_val="unit", value=unit)]


def with_words(
    name: str, mappings: Sequence[ValueMapping], *, is_coloured: bool = False
) -> tuple[str, list[DynamicConfigValue]]:
    """Say the values of one column in words."""
    values = [DynamicConfigValue(id_val="mappings", value=list(mappings))]
    if is_coloured:
        values.append(DynamicConfigValue(id_val="custom.cellOptions", value={"type": "color-text"}))
    return name, values


def hidden(name: str) -> tuple[str, list[DynamicConfigValue]]:
    """Leave out one column."""
    return name, [DynamicConfigValue(id_val="custom.hidden", value=True)]


def _asking(panel: P, words: Words, targets: Sequence[Target]) -> P:
    panel = panel.title(words.title).description(words.about).datasource(SOURCE).no_value(_NO_VALUE)
    for target in targets:
        panel = panel.with_target(target)
    return panel


def _legend() -> common.VizLegendOptions:
    legend = common.VizLegendOptions().show_legend(True).display_mode(LegendDisplayMode.LIST)
    return legend.placement(LegendPlacement.BOTTOM).calcs([])
