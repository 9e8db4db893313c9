"""docs/operating.md is whole: it names every setting, every account, every variable of the environment, every link."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from aquiver.bus.rights import RIGHTS
from aquiver.model import Link
from aquiver.settings import BandSettings, Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text()
NAMED = set(re.findall(r"[A-Za-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", TEXT))))
SOURCES = [path for name in ("aquiver", "collector", "detector", "dashboards") for path in (ROOT / name).rglob("*.py")]
VARIABLES = {name for path in SOURCES for name in re.findall(r'"(AQUIVER_[A-Z_]+)"', path.read_text())}


@pytest.mark.parametrize("kind", [Settings, BandSettings])
def test_every_setting_is_named(kind):
    assert {one.name for one in fields(kind)} <= NAMED


def test_every_variable_of_the_environment_is_named():
    assert {"AQUIVER_DATA", "AQUIVER_SECRETS"} <= VARIABLES <= NAMED


def test_every_account_is_named():
    assert set(RIGHTS) <= NAMED


def test_every_link_has_a_row_of_what_to_do():
    assert all(f"\n| {link} | " in TEXT for link in Link)
