"""What this page is: version, wearer and time, for its own scripts and for others."""

from dataclasses import dataclass

from dashboards.page.api.route import Route
from dashboards.page.given import Given


@dataclass(frozen=True, slots=True)
class About:
    """Who serves, whose nights these are, and what time it is here. ``zone`` is the wearer's time zone."""

    version: str
    wearer: str
    zone: str
    now_s: float


async def about(given: Given) -> About:
    """Say what this page is."""
    return About(given.version, given.wearer, given.zone.key, given.now())


ROUTES = (Route("GET", "/about", about, tag="about"),)
