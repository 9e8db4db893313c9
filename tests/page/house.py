"""The page over a store in memory, asked without a network."""

from zoneinfo import ZoneInfo

import httpx

from aquiver.commands.desk import works_of
from aquiver.settings import Settings
from aquiver.store import Store
from aquiver.store.sqlite import SqliteStore
from dashboards.page.app import create_app
from dashboards.page.given import Given
from dashboards.page.guard import Guard
from dashboards.page.live.events import Now
from dashboards.page.live.pump import Pump
from dashboards.page.state import Morning, tonight_of
from dashboards.page.vigil import Vigil

ZONE = ZoneInfo("Europe/Berlin")
NOW_S = 1_795_390_000.0  # in the night of 2026-11-22
HOME = "http://127.0.0.1:8737"


def given(store: Store | None = None) -> Given:
    store = store or SqliteStore(":memory:")
    works = works_of(store, Settings(timezone=ZONE.key, data="/nonexistent"))
    vigil, morning = Vigil("me", "2026-11-22"), Morning("07:00", ZONE, {"band-1": 12.0})
    pump = Pump(vigil, lambda: Now(tonight_of(vigil.evening, morning, NOW_S)))
    return Given("me", ZONE, store, vigil, pump, morning, lambda: NOW_S, "0.0.0", works)


def client(store: Store | None = None, guard: Guard | None = None, base: str = HOME) -> httpx.AsyncClient:
    """Give a client of a page of its own; what breaks in the page is an answer, not an error in the test."""
    app = create_app(given(store), guard or Guard())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=base)
