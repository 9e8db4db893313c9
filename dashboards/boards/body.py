"""The body map: our own figure, with a field of colour for each site, on Grafana's canvas."""

from urllib.parse import quote

from grafana_foundation_sdk.builders import canvas
from grafana_foundation_sdk.cog import builder
from grafana_foundation_sdk.models.canvas import (
    BackgroundConfig,
    BackgroundImageSize,
    CanvasElementOptions,
    Constraint,
    HorizontalConstraint,
    LineConfig,
    Placement,
    VerticalConstraint,
)
from grafana_foundation_sdk.models.common import ColorDimensionConfig, ResourceDimensionConfig, ResourceDimensionMode

from aquiver.body import Site
from dashboards.boards import colours
from dashboards.boards.target import SOURCE, series
from dashboards.phrases.boards import spread as say
from dashboards.queries import spread as ask
from dashboards.report.body_map import frame_of, outline

_PLAIN = "/:;,=' ()"  # in a data URI; Grafana takes a text with ":/" for an address, and puts it into double quotes
_PERCENT = 100.0
_SCALED = Constraint(horizontal=HorizontalConstraint.SCALE, vertical=VerticalConstraint.SCALE)


def body() -> canvas.Panel:
    """Give the panel. Each site has a question of its own, whose fixed name the canvas can find."""
    panel = canvas.Panel().title(say.BODY.title).description(say.BODY.about).datasource(SOURCE)
    panel = panel.mappings(colours.shades()).show_advanced_types(True).inline_editing(False)
    for number, site in enumerate(Site):
        panel = panel.with_target(series(ask.middle_of(site), site.value, f"Q{number}"))
    elements: list[builder.Builder[CanvasElementOptions]] = [
        _Element(_figure()),
        *(_Element(_element(site)) for site in Site),
    ]
    return panel.root(canvas.CanvasOptionsRoot().name("body").elements(elements))


class _Element(builder.Builder[CanvasElementOptions]):
    """An element as the SDK's builder wants it."""

    def __init__(self, element: CanvasElementOptions) -> None:
        self._element = element

    def build(self) -> CanvasElementOptions:
        """Give the element."""
        return self._element


def _figure() -> CanvasElementOptions:
    """Give the figure behind all, as a picture in the board itself: nothing is asked of anywhere."""
    return CanvasElementOptions(
        name="figure",
        type_val="rectangle",
        config={"text": {"mode": "fixed", "fixed": ""}},
        constraint=_SCALED,
        placement=Placement(left=0, top=0, right=0, bottom=0, rotation=0),
        background=BackgroundConfig(
            color=ColorDimensionConfig(fixed="transparent"),
            image=ResourceDimensionConfig(mode=ResourceDimensionMode.FIXED, fixed=_address(outline())),
            size=BackgroundImageSize.FILL,
        ),
    )


def _element(site: Site) -> CanvasElementOptions:
    frame = frame_of(site)
    return CanvasElementOptions(
        name=site.words,
        type_val="rectangle",
        config={"text": {"mode": "fixed", "fixed": ""}},
        constraint=_SCALED,
        placement=Placement(
            left=round(frame.left * _PERCENT, 2),
            top=round(frame.top * _PERCENT, 2),
            right=round((1.0 - frame.right) * _PERCENT, 2),
            bottom=round((1.0 - frame.bottom) * _PERCENT, 2),
            rotation=0,
        ),
        background=BackgroundConfig(color=ColorDimensionConfig(field=site.value, fixed=colours.NOT_MEASURED)),
        border=LineConfig(color=ColorDimensionConfig(fixed=colours.NOT_MEASURED), width=1, radius=6),
    )


def _address(svg: str) -> str:
    return "data:image/svg+xml;utf8," + quote(svg.replace('"', "'"), safe=_PLAIN)
