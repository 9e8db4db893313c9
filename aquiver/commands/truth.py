"""The truth of a simulated night, held against what was found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aquiver.body import Site
from aquiver.model import Modality, Span, Twitch
from collector.opening import Simulation
from collector.simulation.body import Body
from dashboards.site_night import SiteNight
from detector.score import ACCELEROMETER_TOLERANCE_S, EMG_TOLERANCE_S, Score, score

_TOLERANCE_S = {Modality.EMG: EMG_TOLERANCE_S, Modality.ACCELEROMETER: ACCELEROMETER_TOLERANCE_S}


@dataclass(frozen=True, slots=True)
class Truth:
    """How one stream of a simulated night did.

    Sensitivity is over the twitches above rest noise that fell in analysable time; a found event is false when no
    twitch of any size is near it.
    """

    site: Site
    modality: Modality
    n_true: int
    n_true_analysable: int
    n_hits: int
    sensitivity: float
    n_false: int
    precision: float
    false_per_hour: float | None

    def lines(self) -> list[str]:
        """Say it in words."""
        false = "" if self.false_per_hour is None else f", {self.false_per_hour:.1f} per analysable hour"
        return [
            "",
            (
                f"Simulated truth of {self.site.words}, {self.modality}: {self.n_true} twitches above rest noise, "
                f"{self.n_true_analysable} of them in analysable time"
            ),
            (
                f"  sensitivity {self.sensitivity:.3f} ({self.n_hits} found); "
                f"false events {self.n_false} (precision {self.precision:.3f}{false})"
            ),
        ]


def truth_of(
    folder: Path, wearer: str, nights: Sequence[SiteNight], twitches: Sequence[Twitch], spans: Sequence[Span]
) -> list[Truth]:
    """Compare a night with the body it was simulated on; nothing for a night of a real person."""
    card = folder / f"simulated-{wearer}.json"
    if not card.exists():
        return []
    found = json.loads(card.read_text())
    body = Simulation(found["seed"], found["habits"]).body()
    return [_of_stream(body, night, twitches, spans) for night in nights if night.modality in _TOLERANCE_S]


def _of_stream(body: Body, night: SiteNight, twitches: Sequence[Twitch], spans: Sequence[Span]) -> Truth:
    mine = [one for one in spans if (one.device, one.modality) == (night.device, night.modality)]
    found_s = [one.peak_s for one in twitches if (one.device, one.modality) == (night.device, night.modality)]
    start_s = min(one.start_s for one in mine)
    real = body.truth(night.site, night.modality, start_s, start_s + night.measured_s)
    visible_s = [one.peak_s for one in real if one.is_visible]
    analysable_s = [time_s for time_s in visible_s if not _is_excluded(time_s, mine)]
    tolerance_s = _TOLERANCE_S[night.modality]
    by_visible = score(analysable_s, found_s, tolerance_s)
    by_all: Score = score([one.peak_s for one in real], found_s, tolerance_s)
    return Truth(
        site=night.site,
        modality=night.modality,
        n_true=len(visible_s),
        n_true_analysable=len(analysable_s),
        n_hits=by_visible.n_hits,
        sensitivity=by_visible.sensitivity,
        n_false=by_all.n_false,
        precision=by_all.precision,
        false_per_hour=by_all.false_per_hour(night.analysable_s) if night.analysable_s else None,
    )


def _is_excluded(time_s: float, spans: Sequence[Span]) -> bool:
    return any(span.start_s <= time_s < span.stop_s for span in spans)
