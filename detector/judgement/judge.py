"""The judge: one wearer's tallies -> what is known of every night, where it spread, and what is worth telling."""

from collections.abc import Iterable, Mapping, Sequence

from aquiver.body import Site
from aquiver.model import Judgement, Rules, SiteJudgement, Tally, Trend, TrendWord
from detector.judgement.leading import Key, leading_nights
from detector.judgement.look import Looks
from detector.judgement.measured import Measured, measure
from detector.judgement.night import tracks_of
from detector.judgement.notices import notices_of
from detector.judgement.persistence import is_persistent, is_recurrent
from detector.judgement.region import Newness, general_nights, newness_of
from detector.judgement.spread import steps_of


def judge(wearer: str, tallies: Iterable[Tally], placebo: Iterable[Tally], rules: Rules) -> Judgement:
    """Judge all nights of one wearer. ``placebo`` are the tallies of nights that the bands lay on a pillow.

    Every night is judged with what was known by then: a further night never changes an earlier one.
    """
    pillows = {(track.site, track.modality): track.nights for track in tracks_of(placebo)}
    measured: dict[Key, list[Measured]] = {
        (track.site, track.modality): measure(track.nights, pillows.get((track.site, track.modality), ()), rules)
        for track in tracks_of(tallies)
    }
    leading = leading_nights(measured, rules)
    together = _Together(leading, rules)
    by_track = {key: _of_track(wearer, key, measured[key], leading[key], together) for key in measured}
    nights = sorted((one for mine in by_track.values() for one in mine), key=lambda one: one.night)
    steps = steps_of(nights, rules)
    return Judgement(wearer, tuple(nights), tuple(steps), tuple(notices_of(nights, measured, steps, rules)))


class _Together:
    """What the sites of a wearer say only together."""

    def __init__(self, leading: Mapping[Key, Sequence[Measured]], rules: Rules) -> None:
        self.rules = rules
        valid = {key: [one for one in nights if one.is_valid] for key, nights in leading.items()}
        by_site: dict[Site, list[Measured]] = {}
        for (site, _), nights in valid.items():
            by_site.setdefault(site, []).extend(nights)
        self.general = general_nights(by_site, rules)
        self._valid = valid

    def n_sites(self, day: int, n_nights: int) -> int:
        """Count the sites that have so many valid nights by a day: they are asked the same question together."""
        ready = (len(nights) >= n_nights and nights[n_nights - 1].night.day <= day for nights in self._valid.values())
        return max(1, sum(ready))


def _of_track(
    wearer: str, key: Key, measured: Sequence[Measured], leading: Sequence[Measured], together: _Together
) -> list[SiteJudgement]:
    looks = Looks(together.rules)
    trend: Trend | None = None
    valid: list[Measured] = []
    speaks = {one.night.name for one in leading}
    judged = []
    for one in measured:
        if one.is_valid:
            valid.append(one)
            trend = looks.update(valid, together.n_sites(one.night.day, together.rules.trend_nights))
        is_leading = one.night.name in speaks
        judged.append(_judgement(wearer, key, one, valid, trend, together, is_leading=is_leading))
    return judged


def _judgement(
    wearer: str,
    key: Key,
    one: Measured,
    valid: Sequence[Measured],
    trend: Trend | None,
    together: _Together,
    *,
    is_leading: bool,
) -> SiteJudgement:
    """Say what is known with one night; where it is not valid, nothing new is."""
    is_known = one.is_valid
    positive = [each.is_positive for each in valid]
    newness = _newness(valid, together) if is_known else Newness(is_new=None)
    return SiteJudgement(
        wearer=wearer,
        site=key[0],
        modality=key[1],
        night=one.night.name,
        zone=one.night.zone,
        n_twitches=one.night.n_twitches,
        analysable_s=one.night.analysable_s,
        is_final=one.night.is_final,
        is_leading=is_leading,
        floor_per_hour=one.floor_per_hour,
        rate_per_hour=one.rate_per_hour,
        low_per_hour=one.low_per_hour,
        high_per_hour=one.high_per_hour,
        is_valid=one.is_valid,
        is_positive=one.is_positive if is_known else None,
        is_general=one.night.name in together.general,
        is_recurrent=is_recurrent(positive, together.rules) if is_known else None,
        is_persistent=is_persistent(valid, together.rules) if is_known else None,
        is_new_region=newness.is_new,
        new_since=newness.since,
        is_changed=_is_changed(trend) if is_known else None,
        trend=trend,
    )


def _newness(valid: Sequence[Measured], together: _Together) -> Newness:
    n_sites = together.n_sites(valid[-1].night.day, together.rules.new_after)
    return newness_of(valid, together.general, together.rules, n_sites)


def _is_changed(trend: Trend | None) -> bool | None:
    if trend is None or trend.word in (TrendWord.TOO_EARLY, TrendWord.TOO_FEW):
        return None
    return trend.word is TrendWord.CHANGED
