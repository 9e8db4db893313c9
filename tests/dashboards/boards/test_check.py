"""aquiver boards check finds what is planted, and the boards that are committed have nothing of it."""

import json
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from aquiver.__main__ import cli
from dashboards.alerts.yaml import yaml_of
from dashboards.boards import generated
from dashboards.boards.check import board_complaints, complaints, query_complaints
from dashboards.boards.generated import committed, files
from tests.dashboards.boards.grafana import boards
from tests.servers import NODE, needs_grafana_schema

BOARDS = boards()


def run(*words: str):
    return CliRunner().invoke(cli, ["boards", *words])


def test_the_committed_boards_are_clean_and_as_they_are_made():
    assert complaints(files(), committed()) == []
    assert run("check").exit_code == 0


def test_render_makes_what_is_missing_or_old_and_takes_away_what_nothing_makes(tmp_path, monkeypatch):
    monkeypatch.setattr(generated, "FOLDER_OF_FILES", tmp_path)
    monkeypatch.setattr("aquiver.commands.boards.FOLDER_OF_FILES", tmp_path)
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "old.json").write_text("{}")
    (tmp_path / "boards" / "health.json").write_text("{}")
    done = run("check")
    assert done.exit_code == 1
    assert "boards/health.json: not as it is made; run: aquiver boards render" in done.output
    assert run("render").exit_code == 0
    assert run("check").exit_code == 0
    assert run("render").output == ""
    assert not (tmp_path / "boards" / "old.json").exists()


def broken(change) -> list[str]:
    board = deepcopy(BOARDS["tonight"])
    change(board)
    return list(board_complaints(board))


def set_query(old: str, new: str):
    def change(board):
        target = board["panels"][1]["targets"][0]
        assert old in target["query"]
        target["query"] = target["query"].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda board: board["panels"][2].update(id=2), "panel 2 is there twice"),
        (lambda board: board["panels"][2]["gridPos"].update(x=1), "overlap"),
        (lambda board: board["panels"][3]["gridPos"].update(x=20), "beyond the right edge"),
        (lambda board: board["panels"][1].update(description=""), "needs a title and a description"),
        (lambda board: board["panels"].pop(0), "must say in words"),
        (lambda board: board["panels"][1]["datasource"].update(uid="other"), 'must ask the data source "aquiver"'),
        (lambda board: board["panels"][1]["targets"][0]["datasource"].update(uid="other"), "must ask the data source"),
        (lambda board: board["templating"]["list"][0]["datasource"].update(uid="other"), "variable wearer"),
        (set_query("=~ /^${wearer:regex}$/", "= 'anna'"), "for nobody by name"),
        (set_query('AND "wearer" =~ /^${wearer:regex}$/', ""), "must ask for the chosen wearer"),
        (set_query('last("state")', 'last("stat")'), 'no point has a tag or field "stat"'),
        (set_query('FROM "band"', 'FROM "bands"'), 'no measurement "bands"'),
        (set_query('FROM "band"', "FROM autogen.band"), "not InfluxQL over one measurement"),
    ],
)
def test_each_mistake_is_found(change, words):
    assert any(words in one for one in broken(change)), broken(change)


def test_a_name_of_another_measurement_is_no_name_of_this_one():
    assert list(query_complaints('SELECT "snr" FROM "tally" WHERE $timeFilter'))


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_goes_through_the_sdk_and_comes_out_the_same(name):
    """What the SDK does not know it drops: so no key is misspelled."""
    again = json.loads(json.dumps(Dashboard.from_json(BOARDS[name]), cls=JSONEncoder))
    for variable in again["templating"]["list"]:
        assert {variable.pop(key) for key in ("auto", "auto_count", "auto_min")} == {False, 30, "10s"}
    assert again == BOARDS[name]


@needs_grafana_schema
def test_the_boards_are_what_grafanas_own_types_allow(tmp_path):
    """Checked by the compiler of TypeScript; a plain text stands there for a value of an enumeration."""
    for name, board in BOARDS.items():
        source = f"{_TYPES}export const board: Board = {json.dumps(board)};\n"
        (tmp_path / f"{name}.ts").write_text(source)
    (tmp_path / "node_modules").symlink_to(NODE)
    assert compiled(tmp_path, *(f"{name}.ts" for name in BOARDS)) == ""
    wrong = deepcopy(BOARDS["tonight"]) | {"refrsh": "1s"}
    (tmp_path / "wrong.ts").write_text(f"{_TYPES}export const board: Board = {json.dumps(wrong)};\n")
    assert "'\"refrsh\"' does not exist" in compiled(tmp_path, "wrong.ts")


_TYPES = """\
import type { AnnotationQuery, Dashboard } from '@grafana/schema';
type Plain<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Annotation = Omit<Plain<AnnotationQuery>, 'target'> & { target?: Record<string, unknown> };
type Board = Omit<Plain<Dashboard>, 'annotations'> & { annotations: { list: Annotation[] } };
"""


def compiled(folder: Path, *sources: str) -> str:
    options = ("--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler")
    command = ["node", NODE / "typescript" / "bin" / "tsc", *options, "--target", "es2022", *sources]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("name", BOARDS)
def test_boards_are_linked_say_what_they_show_and_know_wearer_and_site(name):
    board = BOARDS[name]
    assert [one["name"] for one in board["templating"]["list"]] == ["wearer", "site"]
    assert [(link["type"], link["tags"], link["includeVars"]) for link in board["links"]] == [
        ("dashboards", ["aquiver"], True)
    ]
    assert "aquiver" in board["tags"]
    assert "not measured" in board["panels"][0]["options"]["content"] or name == "health"


def test_only_faults_are_red_and_no_data_is_grey():
    red, grey = "#c4162a", "#8e8e8e"
    health, others = json.dumps(BOARDS["health"]), [json.dumps(BOARDS[name]) for name in ("persistence", "spread")]
    assert red in health
    assert all(red not in text and grey in text for text in others)
    for name in ("tonight", "persistence", "spread", "health"):
        assert not {"red", "green", "dark-red"} & set(json.dumps(BOARDS[name]).split('"')), name
    mapped = BOARDS["persistence"]["panels"][1]["fieldConfig"]["defaults"]["mappings"][0]["options"]
    assert mapped["not_measured"] == {"color": grey, "index": 0, "text": "not measured"}


_NO_VALUES = ("not measured", "no gap, or not measured", "no fault was seen")


def test_what_is_not_measured_is_drawn_as_nothing_and_never_as_zero():
    for board in BOARDS.values():
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                assert "fill(0)" not in target["query"]
                assert "fill(previous)" not in target["query"]
            if panel["type"] == "timeseries":
                assert panel["fieldConfig"]["defaults"]["custom"]["spanNulls"] is False
            if panel["type"] not in ("text", "canvas"):
                assert panel["fieldConfig"]["defaults"]["noValue"] in _NO_VALUES


def test_yaml_is_read_as_it_was_meant():
    yaml = pytest.importorskip("yaml")
    value = {"a": 1, "b": {"c": [], "d": [{"e": "x: y", "f": [1, 2]}, {"g": True}], "k-l": None}, "m": ["n", [], {}]}
    assert yaml.safe_load(yaml_of(value)) == value


def test_the_files_for_grafana_are_in_the_wheel():
    assert (Path(generated.__file__).parents[1] / "grafana" / "boards" / "tonight.json").exists()
