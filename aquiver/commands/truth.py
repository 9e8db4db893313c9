"""The truth of a simulated night, held against what was found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.score import TOLERANCE_S, Score, score

from aquiver.body import Site
from aquiver.model import Modality, Span, Twitch
from collector.opening import Simulation
from collector.simulation.body import Body
from dashboards.site_night import SiteNight


@dataclass(frozen=True, slots=True)
class Truth:
    """How one stream of a simulated night did, over the time it could analyse."""

    site: Site
    modality: Modality
    n_true: int
    n_true_analysable: int
    score: Score

    def lines(self) -> list[str]:
        """Say it in words."""
        return [
            "",
            (
                f"Simulated truth, {self.site.words}, {self.modality}: {self.n_true} twitches above rest noise, "
                f"{self.n_true_analysable} of them in analysable time"
            ),
            (
                f"  found {self.score.n_matched}, sensitivity {self.score.sensitivity:.3f}; "
                f"false {self.score.n_false}, precision {self.score.precision:.3f}, "
                f"{self.score.false_per_hour:.1f} false per analysable hour"
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
    return [_of_stream(body, night, twitches, spans) for night in nights]


def _of_stream(body: Body, night: SiteNight, twitches: Sequence[Twitch], spans: Sequence[Span]) -> Truth:
    mine = [one for one in spans if (one.device, one.modality) == (night.device, night.modality)]
    found = [one for one in twitches if (one.device, one.modality) == (night.device, night.modality)]
    start_s = min(one.start_s for one in mine)
    real = list(body.truth(night.site, night.modality, start_s, start_s + night.measured_s))
    clear = [one.peak_s for one in real if one.is_visible and not _is_excluded(one.peak_s, mine)]
    return Truth(
        night.site,
        night.modality,
        sum(one.is_visible for one in real),
        len(clear),
        score(clear, [one.peak_s for one in found], TOLERANCE_S[night.modality], night.analysable_s),
    )


def _is_excluded(time_s: float, spans: Sequence[Span]) -> bool:
    return any(span.start_s <= time_s < span.stop_s for span in spans)
