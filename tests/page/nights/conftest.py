"""One stage for all tests of the pages of nights, and a copy of it for each test that may write."""

import shutil

import httpx
import pytest

from aquiver.settings import Settings
from aquiver.store import open_store
from dashboards.page.app import create_app
from dashboards.page.guard import Guard
from tests.page.house import given_of
from tests.page.nights.stage import BERLIN, NIGHT, NOW_S, WEARER, set_stage

HOME = "http://127.0.0.1:8737"


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    return set_stage(tmp_path_factory.mktemp("stage") / "data").folder


@pytest.fixture
def folder(stage, tmp_path):
    return shutil.copytree(stage, tmp_path / "data")


@pytest.fixture
def given(folder):
    settings = Settings(wearer=WEARER, timezone=BERLIN.key, data=str(folder))
    store = open_store("sqlite:", folder)
    yield given_of(WEARER, NIGHT, store, settings, NOW_S)
    store.close()


@pytest.fixture
async def api(given):
    transport = httpx.ASGITransport(app=create_app(given, Guard()), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"{HOME}/api/v1") as client:
        yield client
