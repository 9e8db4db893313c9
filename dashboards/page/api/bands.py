"""Bands: which are set up, which are near, and one more."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import msgspec

from aquiver.body import Site
from aquiver.errors import AquiverError, NoBluetooth, RequestRefused, SettingsError
from dashboards.page.acts import Near, SetUp
from dashboards.page.api.route import Route
from dashboards.page.given import Given

_SEARCH_S = 6.0
_BUSY = asyncio.Lock()


@dataclass(frozen=True, slots=True)
class SetUpBands:
    """The bands in the settings, and the drivers there are."""

    bands: list[SetUp]
    drivers: list[str]


@dataclass(frozen=True, slots=True)
class Search:
    """For how many seconds to listen."""

    search_s: Annotated[float, msgspec.Meta(ge=1.0, le=20.0)] = _SEARCH_S


@dataclass(frozen=True, slots=True)
class NearBands:
    """What is near, the strongest signal first."""

    near: list[Near]


@dataclass(frozen=True, slots=True)
class NewBand:
    """A band to be added: what the search found, and where it is worn."""

    kind: str
    address: Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f:-]{12,36}$")]
    site: Site


@dataclass(frozen=True, slots=True)
class Added:
    """The new band's name. It is listened to from the next start on."""

    device: str


def bands(given: Given) -> SetUpBands:
    """List the bands that are set up."""
    return SetUpBands(list(given.acts.set_up()), list(given.acts.drivers))


async def search(given: Given, body: Search) -> NearBands:
    """Listen for wearables that are near. No address is kept."""
    if _BUSY.locked():
        raise RequestRefused(409, "a search is under way; wait for it to end")
    async with _BUSY:
        try:
            near = await given.acts.search(body.search_s)
        except NoBluetooth as error:
            raise RequestRefused(503, str(error)) from error
        except AquiverError as error:
            raise RequestRefused(503, f"the search failed: {error}") from error
    return NearBands(sorted(near, key=lambda one: -(one.rssi_dbm or -200)))


def add(given: Given, body: NewBand) -> Added:
    """Put a band into the settings; it is listened to from the next start on."""
    if body.kind not in given.acts.drivers:
        raise RequestRefused(400, f"there is no driver of that name; there are {', '.join(given.acts.drivers)}")
    try:
        return Added(given.acts.add(body.kind, body.address, body.site))
    except SettingsError as error:
        raise RequestRefused(409, str(error)) from error


ROUTES = (
    Route("GET", "/bands", bands, tag="bands"),
    Route("POST", "/bands", add, tag="bands"),
    Route("POST", "/bands/search", search, tag="bands"),
)
