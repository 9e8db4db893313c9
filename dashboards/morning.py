"""The morning report of one night in words: coverage first, then counts."""

from dashboards import phrases
from dashboards.site_night import SiteNight


def lines(night: str, nights: list[SiteNight]) -> list[str]:
    """Say a night in lines of text."""
    if not nights:
        return [f"Night of {night}: {phrases.NOT_MEASURED}."]
    return [f"Night of {night}", *(line for one in nights for line in ("", *_site_lines(one)))]


def _site_lines(night: SiteNight) -> list[str]:
    set_aside = phrases.excluded(night.excluded_s)
    coverage = f"  analysable {phrases.duration(night.analysable_s)} of {phrases.duration(night.measured_s)}"
    return [
        f"{night.site.words} ({night.device}, {night.modality})",
        coverage + (f"; set aside: {set_aside}" if set_aside else ""),
        f"  {_count(night)}",
    ]


def _count(night: SiteNight) -> str:
    if not night.analysable_s:
        return phrases.TOO_LITTLE
    rate = night.rate_per_hour
    how_often = phrases.RATE_TOO_EARLY if rate is None else f"{rate:.1f} {phrases.UNIT_OF_RATE}"
    return f"{phrases.count(night.n_twitches, night.modality)}, {how_often}"
