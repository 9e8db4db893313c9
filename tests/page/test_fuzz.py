"""Whatever is asked, within the description or beside it: no answer is a 5xx, and each keeps to its description."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from aquiver.settings import Settings
from aquiver.store import open_store
from dashboards.page.api.description import ROOT
from dashboards.page.api.table import ROUTES
from dashboards.page.app import create_app
from dashboards.page.guard import Guard
from tests.page.house import NOW_S, given_of


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    store = open_store("sqlite:", folder)
    app = create_app(given_of("me", "2026-11-22", store, Settings(timezone="UTC", data=str(folder)), NOW_S), Guard())
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"host": "localhost"})
    store.close()


# A search takes seconds and a radio; tests/page/test_tonight.py makes one.
ROWS = [row for row in ROUTES if row.path != "/bands/search"]
CASES = [
    *(pytest.param(row, GenerationMode.POSITIVE, id=f"{row.method} {row.path}") for row in ROWS),
    *(
        pytest.param(row, GenerationMode.NEGATIVE, id=f"{row.method} {row.path} wrongly")
        for row in ROWS
        if row.asked is not None or row.body is not None
    ),
]


@pytest.mark.parametrize(("row", "mode"), CASES)
def test_the_api_keeps_to_its_description(described, row, mode):
    """What no type can say (a name nobody has, a date that is none) may be refused, with a sentence."""

    @settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=described[f"{ROOT}{row.path}"][row.method].as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers={"host": "localhost"}, excluded_checks=[positive_data_acceptance])

    ask()
