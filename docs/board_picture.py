"""A picture of a board: its panels, drawn from InfluxDB's answers. It shows what is asked and said, not how Grafana looks."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from textwrap import wrap
from urllib.parse import unquote

from docs.board_graph import graph
from docs.board_marks import INK, RULE, SOFT, ZONE, across_of, dates, legend, length, short, text

COLUMN, LINE = 50.0, 25.0  # a board is 24 columns wide
Answers = list[list[dict]]  # of each question of a panel: series with tags, columns, values
_FONT = 'font-family="DejaVu Sans, Arial, sans-serif"'
_MOST_ROWS = 9


def picture(
    board: dict, ask: Callable[[dict, dict, str | None], Answers], scope: tuple[float, float], note: str
) -> str:
    """Draw a board. ``ask`` answers a panel's questions, of one site where the panel is repeated for each."""
    height = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in board["panels"]) * LINE + 70
    shapes = [text(12, 28, board["title"], 18, bold=True), text(12, height - 12, note, 11, SOFT)]
    for panel in board["panels"]:
        for part, box, site in _parts(panel):
            shapes += _framed(part, box)
            shapes += _drawn(part, box, ask(board, part, site), scope, site)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {height:.0f}" width="1200" height="{height:.0f}" {_FONT}>'
    alt = f"<title>{escape(board['title'])}: {escape(board['description'])}</title>"
    return f'{head}{alt}<rect width="1200" height="{height:.0f}" fill="#ffffff"/>{"".join(shapes)}</svg>\n'


def _parts(panel: dict) -> Iterator[tuple[dict, tuple[float, float, float, float], str | None]]:
    at = panel["gridPos"]
    x, y, width, height = at["x"] * COLUMN, at["y"] * LINE + 40, at["w"] * COLUMN, at["h"] * LINE
    sites = ("left_calf", "right_forearm") if panel.get("repeat") else (None,)
    for number, site in enumerate(sites):
        yield panel, (x + number * width / len(sites), y, width / len(sites), height), site


def _framed(panel: dict, box: tuple[float, float, float, float]) -> list[str]:
    x, y, width, height = box
    frame = f'<rect x="{x + 4:.0f}" y="{y + 4:.0f}" width="{width - 8:.0f}" height="{height - 8:.0f}" fill="none" stroke="{RULE}" rx="3"/>'
    return [frame, text(x + 14, y + 23, panel["title"], 12, bold=True)]


def _drawn(
    panel: dict, box: tuple[float, float, float, float], answers: Answers, scope: tuple[float, float], site: str | None
) -> list[str]:
    x, y, width, height = box
    inner = (x + 14, y + 34, width - 28, height - 46)
    match panel["type"]:
        case "text":
            return _prose(panel, inner)
        case "table":
            return _rows(panel, inner, answers)
        case "status-history":
            return _cells(panel, inner, answers, scope)
        case "canvas":
            return _body(panel, inner, answers)
        case _:
            return graph(panel, inner, answers, scope, site)


def _prose(panel: dict, box: tuple[float, float, float, float]) -> list[str]:
    x, y, width, _ = box
    plain = re.sub(r"\*\*|\*|\[([^\]]*)\]\([^)]*\)", r"\1", panel["options"]["content"]).replace("${wearer}", "anna")
    lines = wrap(" ".join(plain.split()), int(width / 6.1))
    return [text(x, y + 10 + 16 * number, line, 11) for number, line in enumerate(lines)]


def _words(panel: dict, column: str) -> tuple[dict, str, bool]:
    """Give what a column's values are said as, its unit, and whether it is hidden."""
    found: dict = {}
    unit, hidden = panel["fieldConfig"]["defaults"].get("unit", ""), column == "time"
    for override in panel["fieldConfig"]["overrides"]:
        if override["matcher"]["options"].lower() == column.lower():
            values = {one["id"]: one["value"] for one in override["properties"]}
            unit, hidden = values.get("unit", unit), values.get("custom.hidden", hidden)
            for mapping in values.get("mappings", ()):
                found |= mapping["options"]
    is_time_shown = column == "time" and not any(
        one["matcher"]["options"] == "Time" for one in panel["fieldConfig"]["overrides"]
    )
    return found, unit, hidden and not is_time_shown


def _rows(panel: dict, box: tuple[float, float, float, float], answers: Answers) -> list[str]:
    x, y, width, _ = box
    merged: dict[tuple, dict] = {}
    for number, series in enumerate(one for answer in answers for one in answer):
        for place, values in enumerate(series["values"]):
            tags = series.get("tags", {})
            key = tuple(sorted(tags.items())) if tags else (number, place)
            merged.setdefault(key, dict(tags)).update(dict(zip(series["columns"], values, strict=True)))
    columns = list(dict.fromkeys(name for row in merged.values() for name in row))
    shown = [(name, *_words(panel, name)[:2]) for name in columns if not _words(panel, name)[2]]
    if not shown:
        return [text(x, y + 14, panel["fieldConfig"]["defaults"]["noValue"], 11, SOFT)]
    step = width / len(shown)
    longest = max(6, int(step / 6.0))
    shapes = [text(x + step * n, y + 10, short(name, longest), 10, SOFT) for n, (name, *_) in enumerate(shown)]
    for number, row in enumerate([*merged.values()][:_MOST_ROWS]):
        for n, (name, mapped, unit) in enumerate(shown):
            words, colour = _said(row.get(name), mapped, unit, name)
            shapes.append(text(x + step * n, y + 27 + 16 * number, short(words, longest), 10, colour))
    return shapes


def _said(value: object, mapped: dict, unit: str, name: str) -> tuple[str, str]:  # noqa: PLR0911  # a table
    known = mapped.get(str(value).lower() if isinstance(value, bool) else str(value))
    if known is not None:
        return known["text"], known.get("color", INK)
    match value:
        case None:
            return "not measured", SOFT
        case int() | float() if name == "time":
            return datetime.fromtimestamp(value / 1e9, UTC).astimezone(ZONE).date().isoformat(), INK
        case int() | float() if unit == "dateTimeFromNow":
            return datetime.fromtimestamp(value / 1e3, UTC).astimezone(ZONE).strftime("%H:%M:%S"), INK
        case int() | float() if unit == "s":
            return length(value), INK
        case float():
            return f"{value:.2f}", INK
        case _:
            return str(value).replace("_", " "), INK


def _cells(
    panel: dict, box: tuple[float, float, float, float], answers: Answers, scope: tuple[float, float]
) -> list[str]:
    x, y, width, height = box
    series = answers[0]
    mapped = panel["fieldConfig"]["defaults"]["mappings"][0]["options"]
    left, foot = 110.0, 46.0
    step = (height - foot) / max(1, len(series))
    shapes = []
    for number, one in enumerate(series):
        name = next(iter(one["tags"].values()))
        shapes.append(text(x, y + step * (number + 0.6), name.replace("_", " "), 10))
        for time_ns, value in one["values"]:
            at = across_of(time_ns, scope) * (width - left - 8)
            cell = f'x="{x + left + at:.1f}" y="{y + step * number + 1:.1f}" width="8" height="{step - 2:.1f}"'
            shapes.append(f'<rect {cell} fill="{mapped[value]["color"]}"/>')
    shapes += dates((x + left, y, width - left, height - foot), scope)
    in_order = sorted(mapped.values(), key=lambda words: words["index"])
    return shapes + legend([(words["text"], words["color"]) for words in in_order], x, y + height - 8, width)


def _body(panel: dict, box: tuple[float, float, float, float], answers: Answers) -> list[str]:
    x, y, _, height = box
    side = height
    mapped = panel["fieldConfig"]["defaults"]["mappings"][0]["options"]
    values = {
        target["alias"]: answer[0]["values"][0][1]
        for target, answer in zip(panel["targets"], answers, strict=True)
        if answer
    }
    shapes = []
    for element in panel["options"]["root"]["elements"]:
        at = element["placement"]
        left, top = x + side * at["left"] / 100, y + side * at["top"] / 100
        width, tall = side * (100 - at["left"] - at["right"]) / 100, side * (100 - at["top"] - at["bottom"]) / 100
        image = element["background"].get("image")
        if image is not None:
            svg = unquote(image["fixed"].split(",", maxsplit=1)[1])
            shapes.append(
                re.sub(
                    r"width='[\d.]+' height='[\d.]+'",
                    f"x='{left}' y='{top}' width='{width}' height='{tall}'",
                    svg,
                    count=1,
                )
            )
            continue
        colour = element["background"]["color"]
        fill = mapped[values[colour["field"]]]["color"] if colour["field"] in values else colour["fixed"]
        shapes.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{tall:.1f}" rx="5" fill="{fill}" stroke="#8e8e8e"/>'
        )
    for number, (site, value) in enumerate(values.items()):
        words = f"{site.replace('_', ' ')}: {mapped[value]['text']}"
        shapes.append(text(x + side + 20, y + 30 + 20 * number, words, 11))
    return [*shapes, text(x + side + 20, y + 40 + 20 * len(values), "all others: not measured", 11, SOFT)]
