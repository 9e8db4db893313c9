"""The judge: run the detector over a scene, and hold what it found against what was planted."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.model import Modality, Period, Record, Span, Tally, Twitch
from detector.engine import Engine
from detector.score import ACCELEROMETER_TOLERANCE_S, EMG_TOLERANCE_S, pairs
from tests.accuracy.outcome import Outcome
from tests.accuracy.scene import Disturbance, Scene

TOLERANCE_S = {Modality.EMG: EMG_TOLERANCE_S, Modality.ACCELEROMETER: ACCELEROMETER_TOLERANCE_S}
_UTC = ZoneInfo("UTC")
_NEAR_S = 1.5  # what began or ended so shortly before or after explains a false alarm
_DOUBLE_S = 0.25  # a second event so near a planted twitch is that twitch, counted twice


def judge(scene: Scene, mains_hz: float | None = 50.0) -> Outcome:
    """Give the outcome of one scene."""
    return compare(scene, detect(scene, mains_hz))


def detect(scene: Scene, mains_hz: float | None) -> list[Record]:
    """Give every record of a scene's own stream, not of the one beside it."""
    engine = Engine(_UTC, mains_hz)
    records = [record for chunk in scene.chunks() for record in engine.feed(chunk)]
    mine = scene.stream.site, scene.stream.modality
    return [
        record
        for record in records + engine.finish()
        if isinstance(record, Twitch | Span | Tally) and (record.site, record.modality) == mine
    ]


def compare(scene: Scene, records: Sequence[Record]) -> Outcome:
    """Match events one to one, and look for a reason for each that is false."""
    found_s = np.array([record.peak_s for record in records if isinstance(record, Twitch)])
    truth_s = scene.twitches.peaks_s
    matched = pairs(truth_s.tolist(), found_s.tolist(), TOLERANCE_S[scene.stream.modality])
    are_hit = np.zeros(len(truth_s), bool)
    are_hit[[true for true, _ in matched]] = True
    is_false = np.ones(len(found_s), bool)
    is_false[[found for _, found in matched]] = False
    spans = [record for record in records if isinstance(record, Span)]
    night = _night(records)
    return Outcome(
        sigmas=scene.twitches.sigmas,
        ideal=scene.twitches.ideal,
        are_hit=are_hit,
        are_analysable=~_covered(truth_s, spans) | are_hit,
        n_found=len(found_s),
        n_false=int(is_false.sum()),
        analysable_s=night.analysable_s,
        length_s=scene.length_s,
        excluded_s=Counter({str(reason): seconds for reason, seconds in night.excluded_s.items()}),
        false_near=Counter(_reason(time_s, scene) for time_s in found_s[is_false]),
        disturbed_s=_lasting(scene.disturbances),
    )


def _lasting(disturbances: Sequence[Disturbance]) -> Counter[str]:
    lasting_s: Counter[str] = Counter()
    for one in disturbances:
        lasting_s[one.name] += one.stop_s - one.start_s
    return lasting_s


def _night(records: Sequence[Record]) -> Tally:
    """Give the newest tally of the night; a scene never reaches the next noon."""
    return [record for record in records if isinstance(record, Tally) and record.period is Period.NIGHT][-1]


def _covered(times_s: np.ndarray, spans: Sequence[Span]) -> np.ndarray:
    is_covered = np.zeros(len(times_s), bool)
    for span in spans:
        first, last = np.searchsorted(times_s, (span.start_s, span.stop_s))
        is_covered[first:last] = True
    return is_covered


def _reason(time_s: float, scene: Scene) -> str:
    """Name the planted disturbance that is nearest to a false alarm; the shortest one where several are as near."""
    truth_s = scene.twitches.peaks_s
    if len(truth_s) and np.abs(truth_s - time_s).min() < _DOUBLE_S:
        return "a twitch"
    near = [one for one in scene.disturbances if _away_s(one, time_s) <= _NEAR_S]
    nearest = min(near, key=lambda one: (_away_s(one, time_s), one.stop_s - one.start_s), default=None)
    return "nothing" if nearest is None else nearest.name


def _away_s(one: Disturbance, time_s: float) -> float:
    return max(one.start_s - time_s, time_s - one.stop_s, 0.0)
