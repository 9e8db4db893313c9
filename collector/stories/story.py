"""A story: what is true of some wearers' sites night by night, and the tallies that tell it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.body import Site
from aquiver.model import Modality, Period, SpanReason, Tally, Unit
from aquiver.nights import start_of
from collector.stories.scatter import Scatter, count_in

FIRST_NIGHT = date(2026, 1, 5)
_NOON_TO_BED_S = 10.5 * 3600.0
_PLANE_HOURS = 3.0
_FEWEST_HOURS, _MOST_HOURS = 4.0, 8.0
_FALSE_FLOOR = 2.3  # the tallies' noise floor, in counts: of no consequence here
_HOUR_S = 3600.0

Rate = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Place:
    """One site of one wearer: the true rate by number of the night, and whether a band was worn there."""

    wearer: str
    site: Site
    rate_per_hour: Rate
    is_worn: Callable[[int], bool] = lambda _: True
    modality: Modality = Modality.EMG


@dataclass(frozen=True, slots=True)
class Story:
    """A few places, the nights they are told over, and what is true of them beyond their rates.

    ``zone_of`` gives the time zone a night was begun in. ``sessions`` has the nights with a second session: a nap,
    or a night in the plane before the one in the hotel, with the zone that the second was in.
    """

    name: str
    places: tuple[Place, ...]
    n_nights: int
    first_night: date = FIRST_NIGHT
    zone_of: Callable[[int], str] = lambda _: "Europe/Berlin"
    sessions: Mapping[int, str] = field(default_factory=dict)
    scatter: Scatter = field(default_factory=Scatter)
    truth: Mapping[str, object] = field(default_factory=dict)
    factors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def night(self, number: int) -> str:
        """Give the date of a night."""
        return (self.first_night + timedelta(days=number)).isoformat()

    def tell(self, seed: int) -> Iterator[Tally]:
        """Give the tallies, by hour and by night, of a draw of its own."""
        for place_number, place in enumerate(self.places):
            random = np.random.default_rng([seed, place_number])
            factors = self.scatter.factors(self.n_nights, random)
            for number in range(self.n_nights):
                hours = float(random.uniform(_FEWEST_HOURS, _MOST_HOURS))
                n_twitches = count_in(place.rate_per_hour(number) * factors[number], hours, random)
                if place.is_worn(number):
                    yield from self._night(place, number, hours, n_twitches)

    def whole_truth(self, seed: int) -> dict[str, object]:
        """Give what is true, for programs: the rates behind the counts, the nights worn, and the story's own facts.

        Numbers of nights count from 0; ``nights`` has their dates.
        """
        numbers = range(self.n_nights)
        return {
            "story": self.name,
            "seed": seed,
            "nights": [self.night(number) for number in numbers],
            "sites": [
                {
                    "wearer": place.wearer,
                    "site": place.site.value,
                    "modality": place.modality.value,
                    "rate_per_hour": [round(place.rate_per_hour(number), 3) for number in numbers],
                    "is_worn": [place.is_worn(number) for number in numbers],
                }
                for place in self.places
            ],
            "zones": [self.zone_of(number) for number in numbers],
            "log_sd": self.scatter.log_sd,
            "lag_1": self.scatter.lag_1,
            "factors": {name: dict(by_night) for name, by_night in self.factors.items()},
            **self.truth,
        }

    def _night(self, place: Place, number: int, hours: float, n_twitches: int) -> Iterator[Tally]:
        """Give one night, in one session or two: the share of the first is in the plane, or the nap."""
        second = self.sessions.get(number)
        first_hours = hours if second is None else min(_PLANE_HOURS, hours / 2.0)
        n_first = round(n_twitches * first_hours / hours)
        yield from self._session(place, number, self.zone_of(number), first_hours, n_first)
        if second is not None:
            yield from self._session(place, number, second, hours - first_hours, n_twitches - n_first)

    def _session(self, place: Place, number: int, zone: str, hours: float, n_twitches: int) -> Iterator[Tally]:
        noon_s = start_of(self.night(number), ZoneInfo(zone))
        yield from _by_hour(place, self.night(number), zone, noon_s + _NOON_TO_BED_S, hours, n_twitches)
        yield _tally(place, self.night(number), zone, Period.NIGHT, noon_s, hours * _HOUR_S, n_twitches)


def _by_hour(place: Place, night: str, zone: str, start_s: float, hours: float, n_twitches: int) -> Iterator[Tally]:
    """Share a session out over whole hours, evenly, so that the hours add up to the night."""
    first_s = start_s // _HOUR_S * _HOUR_S
    n_hours = int(hours) + 1
    for number in range(n_hours):
        n_here = n_twitches * (number + 1) // n_hours - n_twitches * number // n_hours
        hour_s = first_s + number * _HOUR_S
        yield _tally(place, night, zone, Period.HOUR, hour_s, hours * _HOUR_S / n_hours, n_here)


def _tally(
    place: Place, night: str, zone: str, period: Period, start_s: float, analysable_s: float, n_twitches: int
) -> Tally:
    return Tally(
        wearer=place.wearer,
        device=f"story-{place.site.value.replace('_', '-')}",
        site=place.site,
        modality=place.modality,
        night=night,
        period=period,
        start_s=start_s,
        analysable_s=analysable_s,
        excluded_s={SpanReason.MOVEMENT: analysable_s / 20.0},
        n_twitches=n_twitches,
        floor=_FALSE_FLOOR,
        unit=Unit.COUNT,
        is_final=True,
        zone=zone,
    )
