"""Given: what the page is given by those who open it."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aquiver.store import Store
from dashboards.nights.works import Works
from dashboards.page.acts import Acts
from dashboards.page.live.pump import Pump
from dashboards.page.state import Morning
from dashboards.page.vigil import Vigil


@dataclass(frozen=True, slots=True)
class Given:
    """Plain dependencies, so that a test gives its own. ``now`` gives the time in UNIX seconds."""

    wearer: str
    zone: ZoneInfo
    store: Store
    vigil: Vigil
    pump: Pump
    morning: Morning
    now: Callable[[], float]
    version: str
    works: Works
    acts: Acts
