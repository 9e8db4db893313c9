"""docs/detector.md tells the detector's numbers as they are."""

import re
from importlib import import_module
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "detector.md").read_text()
ROWS = re.findall(r"^\| `([a-z_.]+)\.([A-Z_]+)` \| ([0-9.]+) \|", TEXT, flags=re.MULTILINE)


def test_the_page_has_its_tables():
    assert len(ROWS) > 30


@pytest.mark.parametrize(("module", "name", "value"), ROWS, ids=lambda part: part)
def test_a_number_is_what_the_page_says(module, name, value):
    assert getattr(import_module(f"detector.{module}"), name) == pytest.approx(float(value))
