"""A board: rows of panels, and what all boards have in common."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from grafana_foundation_sdk.builders import canvas, dashboard, statushistory, table, text, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    AnnotationQuery,
    DashboardLink,
    DashboardLinkType,
    GridPos,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.dashboard import Dashboard as DashboardModel

from dashboards.boards.target import SOURCE

Panel = canvas.Panel | statushistory.Panel | table.Panel | text.Panel | timeseries.Panel
WIDTH = 24
TAG = "aquiver"
_REFRESHES = ["1s", "5s", "10s", "30s", "1m", "5m", "15m"]
_WEARERS = 'SHOW TAG VALUES FROM "tally" WITH KEY = "wearer"'
_SITES = 'SHOW TAG VALUES FROM "tally" WITH KEY = "site" WHERE "wearer" =~ /^${wearer:regex}$/'
_STRAY = (
    "auto",
    "auto_count",
    "auto_min",
)  # the SDK gives them to every variable, Grafana knows them of intervals alone
_NO_PILLOW = "/^(?!.*-pillow$).*$/"  # placebo nights are nobody's


@dataclass(frozen=True, slots=True)
class Board:
    """One board. Each row is a height and its panels, which share the width."""

    uid: str
    title: str
    about: str
    since: str
    refresh: str
    rows: Sequence[tuple[int, Sequence[Panel]]]
    annotations: Sequence[AnnotationQuery] = ()

    def build(self) -> DashboardModel:
        """Give it as the SDK has it."""
        board = dashboard.Dashboard(self.title).uid(self.uid).description(self.about).tags([TAG]).editable()
        board = board.time(f"now-{self.since}", "now").refresh(self.refresh)
        board = board.timepicker(dashboard.TimePicker().refresh_intervals(_REFRESHES))
        board = board.with_variable(_wearer()).with_variable(_site())
        for panel in self._placed():
            board = board.with_panel(panel)
        built = board.build()
        built.links = [_link()]
        assert built.annotations is not None  # the SDK makes room for them
        built.annotations.list_val = [*(built.annotations.list_val or []), *self.annotations]
        return built

    def json(self) -> str:
        """Give the text that is committed and provisioned."""
        board = json.loads(json.dumps(self.build(), cls=JSONEncoder))
        for variable in board["templating"]["list"]:
            for name in _STRAY:
                variable.pop(name, None)
        return json.dumps(board, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def _placed(self) -> list[Panel]:
        placed: list[Panel] = []
        y = 0
        for height, panels in self.rows:
            width = WIDTH // len(panels)
            for place, panel in enumerate(panels):
                at = GridPos(h=height, w=width, x=place * width, y=y)
                placed.append(panel.id(len(placed) + 1).grid_pos(at))
            y += height
        return placed


def _wearer() -> dashboard.QueryVariable:
    variable = dashboard.QueryVariable("wearer").label("Wearer").query(_WEARERS)
    return (
        variable.datasource(SOURCE)
        .regex(_NO_PILLOW)
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )


def _site() -> dashboard.QueryVariable:
    variable = dashboard.QueryVariable("site").label("Site").query(_SITES).multi(True)
    variable = variable.include_all(True).datasource(SOURCE).refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    return variable.sort(VariableSort.ALPHABETICAL_ASC).current(_everywhere())


def _everywhere() -> VariableOption:
    return VariableOption(selected=True, text=["All"], value=["$__all"])


def _link() -> DashboardLink:
    """Give a row of links to all boards of ours; the wearer and the sites go along."""
    return DashboardLink(
        title=TAG,
        type_val=DashboardLinkType.DASHBOARDS,
        tags=[TAG],
        as_dropdown=False,
        include_vars=True,
        keep_time=False,
    )
