"""Tonight as it stands, in the types that the API and the live stream tell it with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import BandState, Modality, SpanReason, Status
from dashboards.evening import Evening
from dashboards.phrases import faults as phrases_of_faults
from dashboards.site_night import ORDER, SiteNight

_NOT_WORN = frozenset({SpanReason.CONTACT, SpanReason.SATURATED, SpanReason.NOISE})
_MOST_SET_ASIDE = 0.5  # of the newest minute


class Worn(StrEnum):
    """Whether a band is worn, as far as its signal tells; an accelerometer cannot."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """How a band is doing. Judge it by ``newest_sample_s``, never by ``state`` alone.

    ``battery_until_s`` is when the battery may be empty; ``is_enough`` whether that is after morning.
    """

    device: str
    site: Site
    site_words: str
    state: BandState
    reason: str
    newest_sample_s: float | None
    worn: Worn
    n_samples: int
    n_lost: int
    battery_percent: float | None
    battery_until_s: float | None
    is_enough: bool | None


@dataclass(frozen=True, slots=True)
class SiteSoFar:
    """What was counted on one site so far, and the time it was counted in; no rate while that is too short."""

    device: str
    site: Site
    site_words: str
    modality: Modality
    n_twitches: int
    analysable_s: float
    measured_s: float
    excluded_s: dict[SpanReason, float]
    rate_per_hour: float | None
    last_twitch_s: float | None


@dataclass(frozen=True, slots=True)
class Tonight:
    """A night as it goes on. ``faults`` are sentences about the machine."""

    night: str
    now_s: float
    bands: list[Band]
    sites: list[SiteSoFar]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Morning:
    """When morning is, ``HH:MM`` in the wearer's zone, and how many hours each band lasts from full, by device."""

    at: str
    zone: ZoneInfo
    battery_h: Mapping[str, float]

    def after(self, now_s: float) -> float:
        """Give the next morning.

        >>> Morning("07:00", ZoneInfo("UTC"), {}).after(1_795_392_000.0) - 1_795_392_000.0
        25200.0
        """
        now = datetime.fromtimestamp(now_s, self.zone)
        hour, minute = map(int, self.at.split(":"))
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return (then if then > now else then + timedelta(days=1)).timestamp()


def tonight_of(evening: Evening, morning: Morning, now_s: float) -> Tonight:
    """Say how a night stands."""
    bands = sorted(evening.bands.values(), key=lambda status: (ORDER[status.site], status.device))
    return Tonight(
        night=evening.night,
        now_s=now_s,
        bands=[_band(status, evening, morning, now_s) for status in bands],
        sites=[_site(one, evening) for one in evening.site_nights()],
        faults=list(phrases_of_faults.sentences(evening.faults(), now_s)),
    )


def _band(status: Status, evening: Evening, morning: Morning, now_s: float) -> Band:
    streams = status.streams.values()
    percent, full_h = status.battery_percent, morning.battery_h.get(status.device)
    until_s = None if percent is None or full_h is None else now_s + full_h * 3600 * percent / 100
    return Band(
        device=status.device,
        site=status.site,
        site_words=status.site.words,
        state=status.state,
        reason=status.reason,
        newest_sample_s=max((one.newest_sample_s for one in streams if one.newest_sample_s is not None), default=None),
        worn=_worn(status, evening),
        n_samples=sum(one.n_samples for one in streams),
        n_lost=sum(one.n_lost for one in streams),
        battery_percent=percent,
        battery_until_s=until_s,
        is_enough=None if until_s is None else until_s >= morning.after(now_s),
    )


def _worn(status: Status, evening: Evening) -> Worn:
    """Judge by the newest minute of its electrodes."""
    newest = evening.newest_minute(status.device, Modality.EMG)
    if newest is None:
        return Worn.UNKNOWN
    not_worn_s = sum(length_s for reason, length_s in newest.excluded_s.items() if reason in _NOT_WORN)
    if not_worn_s > _MOST_SET_ASIDE * (newest.analysable_s + sum(newest.excluded_s.values())):
        return Worn.NO
    return Worn.YES if newest.analysable_s else Worn.UNKNOWN


def _site(one: SiteNight, evening: Evening) -> SiteSoFar:
    return SiteSoFar(
        device=one.device,
        site=one.site,
        site_words=one.site.words,
        modality=one.modality,
        n_twitches=one.n_twitches,
        analysable_s=one.analysable_s,
        measured_s=one.measured_s,
        excluded_s=one.excluded_s,
        rate_per_hour=one.rate_per_hour,
        last_twitch_s=evening.last_twitch_s.get((one.device, one.modality)),
    )
