"""What the nights of weeks say together, site by site."""

from aquiver.body import Site
from aquiver.model import MEASURES, Effect, Modality, SpreadStep, Subject, Trend, TrendWord

NO_NIGHTS = "No night has been measured yet, so there is nothing to judge."
NOTHING = "nothing lasting, new or changed so far"
PILLOW = "The band's own false events were measured on a pillow."
_TRENDS = {
    TrendWord.TOO_EARLY: "too early to say whether the rate changes",
    TrendWord.TOO_FEW: "too few twitches to say whether the rate changes",
    TrendWord.STEADY: "no change of the rate that is sure",
    TrendWord.CHANGED: "the rate changed",
}


def heading(site: Site, modality: Modality) -> str:
    """Name a site and the sensor.

    >>> heading(Site.LEFT_CALF, Modality.EMG)
    'left calf (emg)'
    """
    return f"{site.words} ({modality})"


def coverage(n_nights: int, n_valid: int, hours: float, valid_hours: float) -> str:
    """Say how much was measured.

    >>> coverage(20, 18, 101.4, 2.0)
    'worn on 20 nights, 18 of them with at least 2 analysable hours; 101 analysable hours in all'
    """
    nights = f"worn on {n_nights} night{'' if n_nights == 1 else 's'}"
    return f"{nights}, {n_valid} of them with at least {valid_hours:g} analysable hours; {hours:.0f} analysable hours in all"


def positive(n_positive: int, n_valid: int, floor_per_hour: float) -> str:
    """Say how often there was more than the sensor makes up by itself.

    >>> positive(11, 14, 30.0)
    "twitches above the sensor's own false events (30.0 per analysable hour) on 11 of 14 measured nights"
    """
    floor = f"({floor_per_hour:.1f} per analysable hour)"
    return f"twitches above the sensor's own false events {floor} on {n_positive} of {n_valid} measured nights"


def recurrent(n_positive: int, n_valid: int) -> str:
    """Say that twitches come on most nights.

    >>> recurrent(6, 7)
    'twitches on 6 of the last 7 measured nights'
    """
    return f"twitches on {n_positive} of the last {n_valid} measured nights"


def trend(look: Trend, needed: int) -> str:
    """Say what the newest look at the rate found.

    >>> trend(Trend(TrendWord.TOO_EARLY, "2026-01-20", 12), 28)
    'too early to say whether the rate changes (12 of the 28 measured nights it takes)'
    """
    if look.word is TrendWord.TOO_EARLY:
        return f"{_TRENDS[look.word]} ({look.n_nights} of the {needed} measured nights it takes)"
    if look.ratio is None or look.ratio_low is None or look.ratio_high is None:
        return _TRENDS[look.word]
    span = f"{look.ratio:.2f} times in four weeks, 95 % interval {look.ratio_low:.2f} to {look.ratio_high:.2f}"
    return f"{_TRENDS[look.word]} ({span}; {look.n_nights} nights up to {look.night})"


def step(one: SpreadStep) -> str:
    """Say since when a site has had twitches.

    >>> from aquiver.body import Region
    >>> calf = Site.LEFT_CALF
    >>> step(SpreadStep(calf, Region.LUMBOSACRAL, Modality.EMG, "2026-02-01", "2026-01-05", True, True, 2, 3))
    '2026-02-01  left calf, measured since 2026-01-05 (3 sites in 2 regions so far)'
    """
    since = f"measured since {one.measured_since}" if one.is_spread else "so when it was first measured, or nearly"
    counted = f"{_n(one.n_sites, 'site')} in {_n(one.n_regions, 'region')} so far"
    return f"{one.night}  {one.site.words}, {since} ({counted})"


def effect(one: Effect) -> list[str]:
    """Say what goes with a factor: that day, or the day before; only where the interval leaves no doubt.

    >>> effect(Effect("caffeine", Site.LEFT_CALF, Modality.EMG, 80, 30, 50, 1.3, 1.1, 1.5, 1.0, 0.9, 1.1, 0.01, 0.01, True))
    ['left calf: with each of caffeine (cups) 1.30 times as many twitches that night (95 % interval 1.10 to 1.50; 80 nights)']
    """
    what = f"{one.site.words}: with each of {one.factor.replace('_', ' ')} ({MEASURES[Subject(one.factor)].unit})"
    terms = (
        ("that night", one.ratio, one.ratio_low, one.ratio_high),
        ("the night after", one.previous_ratio, one.previous_low, one.previous_high),
    )
    return [
        f"{what} {ratio:.2f} times as many twitches {when} (95 % interval {low:.2f} to {high:.2f}; {one.n_nights} nights)"
        for when, ratio, low, high in terms
        if low > 1.0 or high < 1.0
    ]


def since(what: str, began: str, ended: str | None) -> str:
    """Say from when to when something held.

    >>> since("left calf: the rate changed", "2026-02-01", None)
    'since 2026-02-01: left calf: the rate changed'
    """
    return f"since {began}: {what}" if ended is None else f"{began} to {ended}: {what}"


def _n(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
