"""The waveforms: five twitches a site, from the middle of the range of sizes, all at one scale."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from dashboards.phrases import page as say
from dashboards.phrases import pictures
from dashboards.report.axis import LEFT, round_up
from dashboards.report.facts import SiteFacts, Wave
from dashboards.report.svg import INK, SOFT, WIDTH, drawing, line, text, trace

N_WAVES = 5
_PANEL = (WIDTH - LEFT) / N_WAVES
_LINE = 14.0


def wave_chart(sites: Sequence[SiteFacts], row_height: float) -> str:
    """Draw the waveforms of each site; where no raw samples are kept it is said so, in a line."""
    heights = [row_height if site.waves else min(row_height, _LINE) for site in sites]
    tops = accumulate(heights, initial=0.0)
    shapes = [
        shape for site, top, height in zip(sites, tops, heights, strict=False) for shape in _row(site, top, height)
    ]
    return drawing(WIDTH, sum(heights), pictures.wave_chart_alt(sites), shapes)


def _row(site: SiteFacts, top: float, height: float) -> Iterator[str]:
    yield text(0, top + 9, site.site.words, size=8.5, bold=True)
    if not site.waves:
        yield text(LEFT, top + 9, say.NO_WAVES, size=8, fill=SOFT)
        return
    most = max(max(wave.values) - min(wave.values) for wave in site.waves) or 1.0
    room = height - 11
    yield from _scale(site.waves[0], top, room, most)
    for number, wave in enumerate(site.waves):
        left = LEFT + number * _PANEL
        yield trace(_points(wave, left + 2, top + 1, room, most))
        yield text(left + 2, top + height - 3, say.wave(wave), size=7, fill=SOFT)


def _points(wave: Wave, left: float, top: float, room: float, most: float) -> Iterator[tuple[float, float]]:
    middle = (max(wave.values) + min(wave.values)) / 2
    width = _PANEL - 8
    for number, value in enumerate(wave.values):
        yield left + number / max(1, len(wave.values) - 1) * width, top + room / 2 - (value - middle) / most * room


def _scale(wave: Wave, top: float, room: float, most: float) -> Iterator[str]:
    """Draw how much is how long: a bar up and a bar along."""
    height = round_up(most / 3)
    height = min(height, most)
    length_s = round_up(wave.length_s * 1000 / 8) / 1000
    x, foot = LEFT - 30, top + room
    along = length_s / wave.length_s * (_PANEL - 8)
    yield line(x, foot, x, foot - height / most * room, stroke=INK, width=0.9)
    yield line(x, foot, x + along, foot, stroke=INK, width=0.9)
    yield text(
        x - 3, foot - height / most * room / 2 + 3, say.amplitude(height, wave.unit), size=7, anchor="end", fill=SOFT
    )
    yield text(x, foot + 8, say.milliseconds(length_s), size=7, fill=SOFT)
