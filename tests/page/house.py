"""The page over a store in memory, asked without a network."""

from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from aquiver.commands.bedside import acts_of
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
    return given_of(
        "me", "2026-11-22", store or SqliteStore(":memory:"), Settings(timezone=ZONE.key, data="/nonexistent")
    )


def given_of(wearer: str, night: str, store: Store, settings: Settings, now_s: float = NOW_S) -> Given:
    """Give what a page over a store needs; no service runs."""
    vigil, morning = Vigil(wearer, night), Morning("07:00", settings.zone, {"band-1": 12.0})
    pump = Pump(vigil, lambda: Now(tonight_of(vigil.evening, morning, now_s)))
    works = works_of(store, settings)
    acts = acts_of(settings, Path("/nonexistent/night.toml"), vigil.evening, lambda: pump.streams)
    return Given(wearer, settings.zone, store, vigil, pump, morning, lambda: now_s, "0.0.0", works, acts)


def client(store: Store | None = None, guard: Guard | None = None, base: str = HOME) -> httpx.AsyncClient:
    """Give a client of a page of its own; what breaks in the page is an answer, not an error in the test."""
    app = create_app(given(store), guard or Guard())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=base)
