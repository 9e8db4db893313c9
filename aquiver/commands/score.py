"""aquiver score: found events against true ones."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from aquiver.commands.event_files import Event, Place, SetAside, read_events, read_hours, read_spans
from aquiver.errors import SettingsError
from aquiver.model import Modality
from detector.score import ACCELEROMETER_TOLERANCE_S, EMG_TOLERANCE_S, Score
from detector.score import score as score_of

_TOLERANCE_S = {Modality.EMG: EMG_TOLERANCE_S, Modality.ACCELEROMETER: ACCELEROMETER_TOLERANCE_S}
_HEAD = ("site", "sensor", "true", "found", "hits", "sens.", "analysable", "precision", "F1", "accuracy", "false/h")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("truth", type=_FILE)
@click.argument("events", type=_FILE)
@click.option("--tolerance", type=click.FloatRange(0, min_open=True), metavar="S", help="Instead of 0.05 and 0.15 s.")
@click.option("--hours", type=click.FloatRange(0, min_open=True), help="Analysable hours, of each site and sensor.")
@click.option("--summary", type=_FILE, metavar="JSON", help="Take the hours from what aquiver detect --json printed.")
@click.option(
    "--spans", type=_FILE, metavar="CSV", help="Time that was set aside, as aquiver detect --spans writes it."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def score(
    truth: Path,
    events: Path,
    tolerance: float | None,
    hours: float | None,
    summary: Path | None,
    spans: Path | None,
    as_json: bool,
) -> None:
    """Hold found events against true ones, for each site and sensor.

    Events are matched one to one on peak_s, as many as can be: within 0.05 s for EMG, 0.15 s for accelerometers. A
    second event on the same twitch is false. Accuracy is hits / (hits + misses + false). A true event with
    is_visible 0 counts neither as a miss nor, when found, as false.

    \b
    aquiver simulate n.edf --truth truth.csv
    aquiver detect n.edf --site left_calf --events found.csv --spans spans.csv --json > summary.json
    aquiver score truth.csv found.csv --summary summary.json --spans spans.csv
    """
    if hours is not None and summary is not None:
        raise SettingsError("--hours and --summary contradict each other; give one of them")
    true, found = read_events(truth), read_events(events)
    set_aside = None if spans is None else read_spans(spans)
    by_place = {} if summary is None else read_hours(summary)
    places = sorted({event.place for event in [*true, *found]} | set(by_place))
    lines = [
        _line(place, true, found, set_aside, by_place.get(place, hours), tolerance or _tolerance_s(place))
        for place in places
    ]
    click.echo(json.dumps({"scores": [line.facts() for line in lines]}, indent=2) if as_json else _table(lines))


@dataclass(frozen=True, slots=True)
class _Line:
    """One place's score. ``over_analysable`` is the sensitivity where time was analysed, if that is known."""

    place: Place
    tolerance_s: float
    score: Score
    n_true: int
    n_found: int
    over_analysable: float | None
    hours: float | None

    @property
    def false_per_hour(self) -> float | None:
        return self.score.false_per_hour(self.hours * 3600.0) if self.hours else None

    def facts(self) -> dict[str, object]:
        return {
            "site": self.place.site,
            "modality": self.place.modality,
            "tolerance_s": self.tolerance_s,
            "n_true": self.n_true,
            "n_found": self.n_found,
            "n_hits": self.score.n_hits,
            "n_misses": self.score.n_misses,
            "n_false": self.score.n_false,
            "sensitivity": self.score.sensitivity,
            "sensitivity_over_analysable_time": self.over_analysable,
            "precision": self.score.precision,
            "f1": self.score.f1,
            "accuracy": self.score.accuracy,
            "analysable_hours": self.hours,
            "false_per_hour": self.false_per_hour,
        }

    def cells(self) -> list[str]:
        shares = (
            self.score.sensitivity,
            self.over_analysable,
            self.score.precision,
            self.score.f1,
            self.score.accuracy,
        )
        counts = (self.n_true, self.n_found, self.score.n_hits)
        false = "-" if self.false_per_hour is None else f"{self.false_per_hour:.1f}"
        names = (self.place.site.words, str(self.place.modality))
        return [*names, *map(str, counts), *("-" if share is None else f"{share:.3f}" for share in shares), false]


def _line(
    place: Place,
    true: Sequence[Event],
    found: Sequence[Event],
    set_aside: Sequence[SetAside] | None,
    hours: float | None,
    tolerance_s: float,
) -> _Line:
    mine = [event for event in true if event.place == place]
    found_s = [event.peak_s for event in found if event.place == place]
    visible_s = [event.peak_s for event in mine if event.is_visible]
    n_false = score_of([event.peak_s for event in mine], found_s, tolerance_s).n_false
    visible = score_of(visible_s, found_s, tolerance_s)
    over_analysable = None
    if set_aside is not None:
        spans = [span for span in set_aside if span.place == place]
        judged_s = [time_s for time_s in visible_s if not any(s.start_s <= time_s < s.stop_s for s in spans)]
        over_analysable = score_of(judged_s, found_s, tolerance_s).sensitivity
    found_score = Score(visible.n_hits, visible.n_misses, n_false)
    return _Line(place, tolerance_s, found_score, len(visible_s), len(found_s), over_analysable, hours)


def _tolerance_s(place: Place) -> float:
    if place.modality not in _TOLERANCE_S:
        raise SettingsError(f"{place.modality} has no twitches to score")
    return _TOLERANCE_S[place.modality]


def _table(lines: Sequence[_Line]) -> str:
    if not lines:
        return "No event in either file."
    rows = [list(_HEAD), *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
