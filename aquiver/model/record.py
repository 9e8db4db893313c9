"""Records: what is kept of a night."""

from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from aquiver.model.rate import rates
from aquiver.model.signal import Modality, Unit

LARGE_UV = 50.0  # peak to peak (van der Heijden 1994; detection.md 1.2)


class Label(StrEnum):
    """How a twitch stands to its neighbours on the same site (Sleutjes 2016; Kleine 2012)."""

    ISOLATED = "isolated"
    DOUBLET = "doublet"
    GROUPED = "grouped"


class SpanReason(StrEnum):
    """Why a stretch of time cannot be judged.

    ``gap``: no samples. ``warm_up``: the method has not settled, at the start or after a gap. ``edge``: the last
    fraction of a second before a gap or the end. ``contact``: flat, or an electrode that slipped. ``unsuitable``: no
    method for such a signal.
    """

    WARM_UP = "warm_up"
    GAP = "gap"
    MOVEMENT = "movement"
    CONTACT = "contact"
    SATURATED = "saturated"
    NOISE = "noise"
    HEART = "heart"
    EDGE = "edge"
    UNSUITABLE = "unsuitable"


class Period(StrEnum):
    """What a tally covers."""

    MINUTE = "minute"
    HOUR = "hour"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Twitch:
    """One twitch, on the clock and on the body. ``night`` is the evening's local date.

    ``amplitude`` is peak to peak in ``unit``; ``snr`` the same in units of the noise floor.
    """

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    run: str
    sample: int
    onset_s: float
    duration_s: float
    peak_s: float
    channel: str
    amplitude: float
    unit: Unit
    snr: float
    label: Label


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that was measured but not judged, or not measured at all."""

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    run: str
    sample: int
    start_s: float
    stop_s: float
    reason: SpanReason


@dataclass(frozen=True, slots=True)
class Tally:
    """Twitches and the time they were counted in, for a minute, an hour or a night.

    ``analysable_s`` and ``excluded_s`` add up to the time since the stream appeared in this period.
    A later tally of the same period replaces an earlier one; ``is_final`` says that none will follow. ``n_large``
    of the twitches reach 50 uV peak to peak, the size from which the literature counts; None where no volts are known.
    ``zone`` is the time zone that ``night`` is a date in (empty in records from before it was kept).
    """

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    period: Period
    start_s: float
    analysable_s: float
    excluded_s: dict[SpanReason, float]
    n_twitches: int
    floor: float
    unit: Unit
    is_final: bool
    n_large: int | None = None
    zone: str = ""

    @property
    def rates(self) -> dict[str, float | None]:
        """Give what follows from the counts: never kept in a record, told to those who cannot work it out."""
        return rates(self.n_twitches, self.analysable_s)
