"""Whatever is asked of nights that are there, within the description or beside it: no 5xx, and each as described."""

import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from aquiver.settings import Settings
from aquiver.store import open_store
from dashboards.page.api import diary, experiments, nights, notices, weeks
from dashboards.page.api.description import ROOT
from dashboards.page.app import create_app
from dashboards.page.guard import Guard
from tests.page.house import given_of
from tests.page.nights.stage import BERLIN, NIGHT, NOW_S, WEARER

ROWS = [row for subject in (nights, weeks, diary, notices, experiments) for row in subject.ROUTES]


@pytest.fixture(scope="module")
def described(stage, tmp_path_factory):
    folder = shutil.copytree(stage, tmp_path_factory.mktemp("fuzz") / "data")
    store = open_store("sqlite:", folder)
    chosen = Settings(wearer=WEARER, timezone=BERLIN.key, data=str(folder))
    app = create_app(given_of(WEARER, NIGHT, store, chosen, NOW_S), Guard())
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"host": "localhost"})
    store.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}")
def test_the_api_keeps_to_its_description(described, row):
    """What no type can say (a twitch nobody has, a date that is none) may be refused, with a sentence."""

    @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=described[f"{ROOT}{row.path}"][row.method].as_strategy())
    def ask(case):
        if "night" in (case.path_parameters or {}):
            case.path_parameters["night"] = NIGHT
        case.call_and_validate(headers={"host": "localhost"}, excluded_checks=[positive_data_acceptance])

    ask()
