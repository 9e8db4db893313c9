"""Tonight as it stands: bands, sites with their counts and coverage, and what of the machine is broken."""

from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import BandState, Modality, SpanReason
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import faults as phrases_of_faults


@dataclass(frozen=True, slots=True)
class Band:
    """How a band is doing. Judge it by ``newest_sample_s``, never by ``state`` alone."""

    device: str
    site: Site
    state: BandState
    reason: str
    newest_sample_s: float | None
    battery_percent: float | None


@dataclass(frozen=True, slots=True)
class SiteSoFar:
    """What was counted on one site so far, and the time it was counted in."""

    device: str
    site: Site
    modality: Modality
    n_twitches: int
    analysable_s: float
    excluded_s: dict[SpanReason, float]
    rate_per_hour: float | None


@dataclass(frozen=True, slots=True)
class Tonight:
    """A night as it goes on. ``faults`` are sentences about the machine."""

    night: str
    now_s: float
    bands: list[Band]
    sites: list[SiteSoFar]
    faults: list[str]


async def tonight(given: Given) -> Tonight:
    """Say how tonight stands."""
    now_s = given.now()
    evening = given.vigil.evening
    return Tonight(
        night=evening.night,
        now_s=now_s,
        bands=[
            Band(
                device=status.device,
                site=status.site,
                state=status.state,
                reason=status.reason,
                newest_sample_s=max((s.newest_sample_s or 0.0 for s in status.streams.values()), default=0.0) or None,
                battery_percent=status.battery_percent,
            )
            for status in evening.bands.values()
        ],
        sites=[
            SiteSoFar(
                device=one.device,
                site=one.site,
                modality=one.modality,
                n_twitches=one.n_twitches,
                analysable_s=one.analysable_s,
                excluded_s=one.excluded_s,
                rate_per_hour=one.rate_per_hour,
            )
            for one in evening.site_nights()
        ],
        faults=list(phrases_of_faults.sentences(evening.faults(), now_s)),
    )


ROUTES = (Route("GET", "/tonight", tonight, tag="tonight"),)
