"""Laws of the table of wearables."""

import ast
from pathlib import Path

import pytest

from aquiver.errors import SettingsError
from collector import devices
from collector.devices import DRIVERS, driver_named


@pytest.mark.parametrize("name", DRIVERS)
def test_a_driver_is_found_by_its_name(name: str) -> None:
    assert driver_named(name).name == name


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SettingsError, match="'mio'; known are: myo, open_band, polar"):
        driver_named("mio")


def test_others_may_add_a_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foreign.py").write_text("from collector.devices.myo import Myo\nDRIVER = Myo()\n")
    entry = tmp_path / "foreign-1.0.dist-info"
    entry.mkdir()
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (entry / "entry_points.txt").write_text("[aquiver.devices]\nband = foreign:DRIVER\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert driver_named("band").service == DRIVERS["myo"].service
    with pytest.raises(SettingsError, match="band, myo, open_band, polar"):
        driver_named("mio")


@pytest.mark.parametrize("path", sorted(Path(devices.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_a_driver_imports_nothing_that_could_reach_a_wearable(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) if node.module}
    pure = (
        "aquiver.",
        "collector.devices",
        "numpy",
        "collections",
        "dataclasses",
        "importlib.metadata",
        "math",
        "struct",
    )
    assert not [name for name in names if not name.startswith(pure)]
