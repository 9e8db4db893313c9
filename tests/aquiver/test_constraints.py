"""constraints.txt pins all that pyproject.toml asks for, exactly, and within what it allows."""

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINES = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
PINS = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in LINES}


def asked() -> list[Requirement]:
    groups = PROJECT["optional-dependencies"].items()
    extras = [one for name, group in groups if name != "bench" for one in group]  # others' detectors; make has them not
    found = [Requirement(text) for text in (*PROJECT["dependencies"], *extras)]
    here = [one for one in found if one.marker is None or one.marker.evaluate()]
    return [one for one in here if one.name != "aquiver"]


def test_every_pin_is_exact_and_names_no_host():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in LINES)


def test_every_dependency_is_pinned_within_what_is_allowed():
    for one in asked():
        assert PINS[canonicalize_name(one.name)] in one.specifier, one


def test_what_the_pins_need_is_pinned_and_satisfied():
    """The pins resolve: each installed package finds what it asks for among them."""
    for found in distributions():
        if canonicalize_name(found.name) not in PINS:
            continue
        for text in found.requires or ():
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert PINS[canonicalize_name(need.name)] in need.specifier, f"{found.name} needs {need}"
