"""What the pictures on the page for the doctor say to who cannot see them."""

from collections.abc import Sequence

from dashboards.phrases.page import NO_WAVES, NOT_MEASURED, full_day, median_short, middle, wave
from dashboards.report.facts import SiteFacts


def body_map_alt(sites: Sequence[SiteFacts]) -> str:
    """Say what the body map shows."""
    rates = "; ".join(f"{one.site.words} {median_short(one.middle)}" for one in sites)
    return f"A figure from the front. Median twitches per analysable hour: {rates or NOT_MEASURED}. Other sites: {NOT_MEASURED}."


def night_chart_alt(sites: Sequence[SiteFacts]) -> str:
    """Say what the chart of nights shows."""
    parts = (
        f"{one.site.words}: median and middle half {middle(one.middle)}, {one.n_valid} valid nights" for one in sites
    )
    return f"Rate per analysable hour of each night with its interval. {'; '.join(parts)}."


def spread_chart_alt(sites: Sequence[SiteFacts]) -> str:
    """Say what the chart of the order shows."""
    parts = (f"{one.site.words}: {full_day(one.step.night) if one.step else 'never'}" for one in sites)
    return f"A strip for each site, a cell for each night. Positive since: {'; '.join(parts)}."


def wave_chart_alt(sites: Sequence[SiteFacts]) -> str:
    """Say what the waveforms show."""
    parts = (f"{one.site.words}: {', '.join(wave(each) for each in one.waves) or NO_WAVES}" for one in sites)
    return f"Waveforms of single twitches. {'; '.join(parts)}."
