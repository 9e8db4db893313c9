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
    rate = night.rate_per_hour
    if rate is None:
        count = f"  {phrases.TOO_LITTLE}"
    else:
        count = f"  {phrases.count(night.n_twitches, night.modality)}, {rate:.1f} {phrases.UNIT_OF_RATE}"
    return [
        f"{night.site.words} ({night.device}, {night.modality})",
        coverage + (f"; set aside: {set_aside}" if set_aside else ""),
        count,
    ]
