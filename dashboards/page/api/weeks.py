"""Weeks: what nights say together: persistence, spread, and what goes with it."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from aquiver.model import Note
from aquiver.nights import night_of
from dashboards.nights.weeks import Weeks, weeks_of
from dashboards.page.api.nights import EVER_S
from dashboards.page.api.route import Route
from dashboards.page.given import Given


@dataclass(frozen=True, slots=True)
class LastWeeks:
    """How many weeks the charts show. What is said of a site rests on all nights."""

    weeks: Annotated[int, Meta(ge=4, le=52)] = 12


def weeks(given: Given, asked: LastWeeks) -> Weeks:
    """Say what nights say together, site by site, coverage first."""
    judgement = given.works.judgement(given.now())
    notes = given.store.read(Note, given.wearer, -EVER_S, EVER_S)
    effects = given.works.effects(notes, judgement.nights)
    return weeks_of(judgement, effects, notes, given.works.rules, night_of(given.now(), given.zone), asked.weeks)


ROUTES = (Route("GET", "/weeks", weeks, tag="weeks"),)
