"""The stories that can be told, each with what is true of it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import cos, exp, log, pi

import numpy as np

from aquiver.body import Site
from aquiver.pillow import pillow_of
from collector.stories.scatter import Scatter
from collector.stories.story import FIRST_NIGHT, Place, Rate, Story

_ME = "story"
_QUIET = 3.0  # a sensor's own false events, and the few twitches that everyone has, per hour
_CLEAR = 120.0
_COFFEE_SHARE, _COFFEE_RATIO = 0.4, 1.8
_CALM = Scatter(log_sd=0.35, lag_1=0.2)  # a caffeine effect has to be visible in 90 nights


def _steady(rate_per_hour: float) -> Rate:
    return lambda _: rate_per_hour


def _from(number: int, rate_per_hour: float = _CLEAR) -> Rate:
    return lambda night: rate_per_hour if night >= number else _QUIET


def _stable(n_nights: int, _seed: int) -> Story:
    """Two sites that twitch as they always do."""
    places = (Place(_ME, Site.LEFT_CALF, _steady(20.0)), Place(_ME, Site.RIGHT_FOREARM, _steady(_QUIET)))
    return Story("stable", places, n_nights, truth={"changes": []})


def _persistent(n_nights: int, _seed: int) -> Story:
    """One calf begins to twitch after a third of the nights, and goes on."""
    begins = n_nights // 3
    places = (Place(_ME, Site.LEFT_CALF, _from(begins)), Place(_ME, Site.RIGHT_FOREARM, _steady(_QUIET)))
    return Story("persistent", places, n_nights, truth=_begins(left_calf=begins))


def _spread(n_nights: int, _seed: int) -> Story:
    """Hand from the start, forearm from a third of the nights on, calf from two thirds."""
    third = n_nights // 3
    places = (
        Place(_ME, Site.RIGHT_HAND, _steady(_CLEAR)),
        Place(_ME, Site.RIGHT_FOREARM, _from(third)),
        Place(_ME, Site.RIGHT_CALF, _from(2 * third)),
    )
    return Story("spread", places, n_nights, truth=_begins(right_hand=0, right_forearm=third, right_calf=2 * third))


def _seasonal(n_nights: int, _seed: int) -> Story:
    """One calf goes slowly from 40 to 160 an hour, as the days grow longer."""

    def rate(night: int) -> float:
        return 40.0 * exp(log(4.0) * (1.0 - cos(pi * night / max(1, n_nights))) / 2.0)

    places = (Place(_ME, Site.LEFT_CALF, rate), Place(_ME, Site.RIGHT_FOREARM, _steady(60.0)))
    return Story("seasonal", places, n_nights, truth={"changes": ["left_calf"], "ratio_over_all": 4.0})


def _caffeine(n_nights: int, seed: int) -> Story:
    """Some days with coffee, drawn at random; the nights after them have 1.8 times the rate."""
    coffee = np.random.default_rng([seed, 99]).random(n_nights) < _COFFEE_SHARE
    by_night = {(FIRST_NIGHT + timedelta(days=n)).isoformat(): 2.0 * bool(coffee[n]) for n in range(n_nights)}
    places = (
        Place(_ME, Site.LEFT_CALF, lambda night: 60.0 * (_COFFEE_RATIO if coffee[night] else 1.0)),
        Place(_ME, Site.RIGHT_FOREARM, _steady(60.0)),
    )
    truth = {"factor": "caffeine", "ratio_with": {"left_calf": _COFFEE_RATIO, "right_forearm": 1.0}}
    return Story("caffeine", places, n_nights, truth=truth, scatter=_CALM, factors={"caffeine": by_night})


def _forgotten(n_nights: int, _seed: int) -> Story:
    """A calf that twitches from the start; its band stays in the drawer for a week."""
    missing = range(n_nights // 3, n_nights // 3 + 7)
    places = (
        Place(_ME, Site.LEFT_CALF, _steady(_CLEAR), is_worn=lambda night: night not in missing),
        Place(_ME, Site.RIGHT_FOREARM, _steady(_QUIET)),
    )
    return Story("forgotten", places, n_nights, truth={**_begins(left_calf=0), "not_worn": list(missing)})


def _clocks(first_night: date) -> Callable[[int, int], Story]:
    def told(n_nights: int, _seed: int) -> Story:
        """Twitches from the start, over a change of the clocks in Berlin; a nap on the Sunday of the change."""
        changed = (_sunday_after(first_night) - first_night).days
        places = (Place(_ME, Site.LEFT_CALF, _steady(_CLEAR)),)
        sessions = {changed: "Europe/Berlin"} if changed < n_nights else {}
        return Story("clocks", places, n_nights, first_night, truth=_begins(left_calf=0), sessions=sessions)

    return told


def _sunday_after(day: date) -> date:
    """Give the last Sunday of the month a fortnight or so after a day: when European clocks change."""
    return date(day.year, 3, 29) if day.month < date(day.year, 7, 1).month else date(day.year, 10, 25)


def _flight(n_nights: int, _seed: int) -> Story:
    """London to Los Angeles, eight zones west, after a third of the nights; home after another fortnight.

    The date of the flight has two sessions: one in the plane, one in the hotel.
    """
    there, back = n_nights // 3, n_nights // 3 + 14

    def zone_of(night: int) -> str:
        return "America/Los_Angeles" if there < night < back else "Europe/London"

    places = (Place(_ME, Site.LEFT_CALF, _steady(_CLEAR)), Place(_ME, Site.RIGHT_FOREARM, _steady(_QUIET)))
    truth = {**_begins(left_calf=0), "flights": [there, back]}
    return Story("flight", places, n_nights, zone_of=zone_of, sessions={there: "America/Los_Angeles"}, truth=truth)


def _pillow(n_nights: int, _seed: int) -> Story:
    """A noisy band: 70 events an hour on the calf, and as many on a pillow, where it lies on two nights."""
    on_pillow = (n_nights // 4, n_nights // 4 + 1)
    places = (
        Place(_ME, Site.LEFT_CALF, _steady(70.0), is_worn=lambda night: night not in on_pillow),
        Place(pillow_of(_ME), Site.LEFT_CALF, _steady(90.0), is_worn=lambda night: night in on_pillow),
    )
    return Story("pillow", places, n_nights, truth={"placebo_nights": list(on_pillow)})


def _two(n_nights: int, _seed: int) -> Story:
    """Two people of one household: one calf that twitches, one that does not."""
    places = (
        Place("first", Site.LEFT_CALF, _steady(_CLEAR)),
        Place("second", Site.LEFT_CALF, _steady(_QUIET)),
    )
    return Story("two", places, n_nights, truth={"begins": {"first": {"left_calf": 0}, "second": {}}})


def _begins(**sites: int) -> dict[str, object]:
    return {"begins": {_ME: sites}}


STORIES: Mapping[str, Callable[[int, int], Story]] = {
    "stable": _stable,
    "persistent": _persistent,
    "spread": _spread,
    "seasonal": _seasonal,
    "caffeine": _caffeine,
    "forgotten": _forgotten,
    "clocks-forward": _clocks(date(2026, 3, 1)),
    "clocks-back": _clocks(date(2026, 10, 1)),
    "flight": _flight,
    "pillow": _pillow,
    "two-wearers": _two,
}
