"""How one wearer's bands stand now, for Home Assistant, from tallies and statuses. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aquiver.model import BandState, Modality, Period, SpanReason, Status, Tally
from dashboards.home.place import OFFLINE, ONLINE, Place
from dashboards.site_night import ENOUGH_S

FRESH_S = 60.0  # Home Assistant is told every half minute; a sample older than this is not of now
_STREAMING_S = 10.0
_WORN_MINUTES = 3  # contact is judged over the last minutes, so that a turn in bed is no undressing


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in a night, by one kind of sensor of one band."""

    n_twitches: int = 0
    analysable_s: float = 0.0

    @property
    def rate_per_hour(self) -> float | None:
        """Give the rate; none of too little time."""
        return round(self.n_twitches / self.analysable_s * 3600, 2) if self.analysable_s >= ENOUGH_S else None


@dataclass(slots=True)
class _Band:
    status: Status | None = None
    nights: dict[tuple[Modality, str, float], Tally] = field(default_factory=dict)
    minutes: dict[tuple[Modality, float], Tally] = field(default_factory=dict)


class Standing:
    """Follow one wearer's bands. Feeding again what is known changes nothing."""

    def __init__(self, wearer: str) -> None:
        self._wearer = wearer
        self._bands: dict[Place, _Band] = {}

    def feed(self, messages: Iterable[Status | Tally]) -> None:
        """Take statuses, and tallies of nights and minutes, into account."""
        for message in messages:
            if message.wearer != self._wearer:
                continue
            band = self._bands.setdefault(Place(message.site, message.device), _Band())
            match message:
                case Status():
                    band.status = message
                case Tally(period=Period.NIGHT):
                    band.nights[message.modality, message.night, message.start_s] = message
                case Tally(period=Period.MINUTE):
                    band.minutes[message.modality, message.start_s] = message
                    _forget(band)

    def streams(self) -> dict[Place, list[Modality]]:
        """List the bands and what they measure."""
        return {place: sorted({modality for modality, _, _ in band.nights}) for place, band in self._bands.items()}

    def totals(self) -> dict[tuple[Place, Modality], int]:
        """Sum what was counted in all nights."""
        return {
            (place, modality): sum(tally.n_twitches for (each, _, _), tally in band.nights.items() if each is modality)
            for place, band in self._bands.items()
            for modality in self.streams()[place]
        }

    def state(self, place: Place, totals: dict[Modality, int], tonight: str, now_s: float) -> dict[str, Any]:
        """Give all that is told of a band; none is what is not known."""
        band = self._bands[place]
        newest_s = _newest_s(band)
        is_streaming = newest_s is not None and now_s - newest_s <= _STREAMING_S and _is_on(band)
        told: dict[str, Any] = {
            "battery": None if band.status is None else band.status.battery_percent,
            "worn": _on_off(_is_worn(band, now_s)),
            "streaming": _on_off(is_streaming),
            "newest_sample": None
            if newest_s is None
            else datetime.fromtimestamp(newest_s, UTC).isoformat("T", "seconds"),
        }
        for modality, total in totals.items():
            counted = _by_night(band, modality)
            before = max((night for night in counted if night < tonight), default=None)
            told[modality.value] = {
                "total": total,
                "rate_per_hour": counted.get(tonight, Counted()).rate_per_hour,
                "last_night": _night(before, counted),
            }
        return told

    def fresh(self, place: Place, now_s: float) -> str:
        """Say whether what this band says is of now, by the age of its newest sample."""
        newest_s = _newest_s(self._bands[place])
        return ONLINE if newest_s is not None and now_s - newest_s <= FRESH_S else OFFLINE


def _night(night: str | None, counted: dict[str, Counted]) -> dict[str, Any]:
    if night is None:
        return {"night": None, "n_twitches": None, "analysable_h": None, "rate_per_hour": None}
    one = counted[night]
    hours = round(one.analysable_s / 3600, 2)
    n_twitches = one.n_twitches if one.analysable_s else None  # nothing analysed is not none counted
    return {"night": night, "n_twitches": n_twitches, "analysable_h": hours, "rate_per_hour": one.rate_per_hour}


def _by_night(band: _Band, modality: Modality) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for (each, night, _), tally in band.nights.items():
        if each is modality:
            so_far = found.get(night, Counted())
            n_twitches = so_far.n_twitches + tally.n_twitches
            found[night] = Counted(n_twitches, so_far.analysable_s + tally.analysable_s)
    return found


def _newest_s(band: _Band) -> float | None:
    streams = band.status.streams.values() if band.status is not None else ()
    return max((one.newest_sample_s for one in streams if one.newest_sample_s is not None), default=None)


def _is_on(band: _Band) -> bool:
    return band.status is not None and band.status.state is BandState.STREAMING


def _is_worn(band: _Band, now_s: float) -> bool | None:
    """Judge by contact in the last minutes; none where nothing was measured in them."""
    last = [tally for (_, start_s), tally in band.minutes.items() if start_s > now_s - (_WORN_MINUTES + 1) * 60]
    contact_s = sum(tally.excluded_s.get(SpanReason.CONTACT, 0.0) for tally in last)
    gap_s = sum(tally.excluded_s.get(SpanReason.GAP, 0.0) for tally in last)
    measured_s = sum(tally.analysable_s + sum(tally.excluded_s.values()) for tally in last) - gap_s
    return contact_s < measured_s / 2 if measured_s > 0 else None


def _on_off(is_so: bool | None) -> str | None:  # noqa: FBT001  # three values, not an option
    return None if is_so is None else ("ON" if is_so else "OFF")


def _forget(band: _Band) -> None:
    newest_s = max(start_s for _, start_s in band.minutes)
    band.minutes = {key: tally for key, tally in band.minutes.items() if key[1] > newest_s - 600}
