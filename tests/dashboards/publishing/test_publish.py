"""aquiver boards publish, against a server of ours that answers as Grafana's API does (there is no Grafana here)."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.errors import GrafanaError, SettingsError
from dashboards.boards.generated import committed
from dashboards.publishing.item import Item, Sort, State, compare
from dashboards.publishing.items import items, source_of
from dashboards.publishing.publication import publish
from dashboards.publishing.server import GrafanaServer
from tests.free_port import free_port
from tests.grafana_server import TOKEN, grafana

SECRET = "an-influx-token"


@pytest.fixture
def there():
    with grafana() as server:
        yield server


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_GRAFANA_TOKEN", TOKEN)
    monkeypatch.setenv("AQUIVER_INFLUX_TOKEN", SECRET)
    file = tmp_path / "night.toml"
    file.write_text(f'data = "{tmp_path / "data"}"\nstore = "influx://127.0.0.1:8086/nights"\n')
    return file


def run(settings, there, *words: str):
    done = CliRunner().invoke(cli, ["boards", "publish", "--config", str(settings), "--url", there.url, *words])
    assert SECRET not in done.output
    assert TOKEN not in done.output
    return done


def test_all_of_it_is_there_afterwards(settings, there):
    done = run(settings, there)
    assert done.exit_code == 0, done.output
    assert done.output.count(": new\n") == 1 + 1 + 4 + 2
    assert list(there.folders) == ["aquiver"]
    assert sorted(there.boards) == ["aquiver-health", "aquiver-persistence", "aquiver-spread", "aquiver-tonight"]
    assert sorted(name for _, name in there.groups) == ["aquiver faults", "aquiver notices"]
    (source,) = there.sources.values()
    assert (source["uid"], source["url"]) == ("aquiver", "http://127.0.0.1:8086")
    assert source["jsonData"]["dbName"] == "nights"
    assert there.secrets["aquiver"] == {"httpHeaderValue1": f"Token {SECRET}"}


def test_published_twice_nothing_is_changed_the_second_time(settings, there):
    run(settings, there)
    n_changes = there.n_changes
    done = run(settings, there)
    assert done.output.count(": the same\n") == 8
    assert there.n_changes == n_changes


def test_a_dry_run_shows_each_difference_and_changes_nothing(settings, there):
    assert run(settings, there, "--dry-run").output.count(": new\n") == 8
    assert there.n_changes == 0
    run(settings, there)
    n_changes = there.n_changes
    there.boards["aquiver-tonight"]["refresh"] = "30s"
    there.groups["aquiver", "aquiver faults"]["rules"][0]["for"] = "9m"
    done = run(settings, there, "--dry-run")
    assert "board aquiver-tonight: changed" in done.output
    assert [line.split() for line in done.output.splitlines() if '"refresh"' in line] == [
        ["-", '"refresh":', '"30s",'],
        ["+", '"refresh":', '"1s",'],
    ]
    assert '"for": "9m"' in done.output
    assert done.output.count(": the same\n") == 6
    assert there.n_changes == n_changes


def test_what_someone_changed_there_is_put_right_and_the_rest_left_alone(settings, there):
    run(settings, there)
    versions = {uid: board["version"] for uid, board in there.boards.items()}
    there.boards["aquiver-spread"]["panels"].pop()
    there.folders["aquiver"]["title"] = "mine"
    there.sources["aquiver"]["url"] = "http://elsewhere:8086"
    done = run(settings, there)
    assert done.output.count(": changed\n") == 3
    assert there.folders["aquiver"]["title"] == "aquiver"
    assert there.sources["aquiver"]["url"] == "http://127.0.0.1:8086"
    changed = {uid for uid, board in there.boards.items() if board["version"] != versions[uid]}
    assert changed == {"aquiver-spread"}


def test_a_token_that_is_not_set_there_is_a_difference_and_is_not_shown(settings, there):
    run(settings, there)
    there.secrets.clear()
    assert "+ (the token is not set there)" in run(settings, there, "--dry-run").output
    run(settings, there)
    assert there.secrets["aquiver"]


def test_grafanas_own_way_to_the_store_can_be_given_and_parts_be_left_out(settings, there):
    run(settings, there, "--source-url", "http://influxdb:8086", "--without", "rules")
    assert there.sources["aquiver"]["url"] == "http://influxdb:8086"
    assert there.groups == {}
    with grafana() as other:
        run(settings, other, "--without", "source")
        assert other.sources == {}
        assert len(other.groups) == 2


def failed(settings, there, *words: str) -> str:
    done = run(settings, there, *words)
    assert done.exit_code != 0
    return str(done.exception)


@pytest.mark.parametrize(
    ("status", "words"), [(401, "refused the token"), (403, "role Admin"), (500, "500"), (400, "400")]
)
def test_a_refusal_says_what_to_do(settings, there, status, words):
    there.trouble = status
    assert words in failed(settings, there)


def test_what_grafana_says_of_an_item_is_said_with_its_name(settings, there):
    there.sources["other"] = {"name": "aquiver", "uid": "other"}
    assert "data source aquiver" in (said := failed(settings, there))
    assert "already exists" in said


def test_a_grafana_that_is_not_there_is_said_to_be_so():
    server = GrafanaServer(f"http://127.0.0.1:{free_port()}", TOKEN)
    with pytest.raises(GrafanaError, match="cannot be reached"):
        list(publish(server, items(None, with_rules=False), is_dry=True))


@pytest.mark.parametrize("url", ["ftp://x", "grafana.lan:3000", "https://me:secret@grafana.lan"])
def test_an_address_that_is_none_is_refused_and_nothing_secret_repeated(url):
    with pytest.raises(SettingsError) as refused:
        GrafanaServer(url, TOKEN)
    assert "secret" not in str(refused.value)


def test_without_a_token_or_influxdb_one_is_told_where_to_get_it(settings, there, monkeypatch):
    settings.write_text(f'data = "{settings.parent / "data"}"\n')
    assert 'set store = "influx://HOST:8086/BUCKET"' in failed(settings, there)
    monkeypatch.delenv("AQUIVER_GRAFANA_TOKEN")
    assert "service account" in failed(settings, there)


def test_the_token_is_read_from_a_file_of_ones_own(settings, there, monkeypatch):
    monkeypatch.delenv("AQUIVER_GRAFANA_TOKEN")
    secrets = settings.parent / "data" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "grafana-token").write_text(TOKEN + "\n")
    (secrets / "grafana-token").chmod(0o600)
    assert run(settings, there).exit_code == 0


def test_a_store_with_tls_is_asked_with_tls():
    assert source_of("influxs://box/nights", None, None).url == "https://box"


def test_what_is_there_beyond_ours_in_a_list_is_a_difference():
    item = Item(Sort.BOARD, "b", {"panels": [{"id": 1}]})
    assert compare(item, {"panels": [{"id": 1, "added": True}]}).state is State.SAME
    assert compare(item, {"panels": [{"id": 1}, {"id": 2}]}).state is State.CHANGED
    assert compare(item, {"panels": []}).state is State.CHANGED


def test_every_board_that_is_committed_is_published():
    uids = [item.uid for item in items(None, with_rules=False) if item.sort is Sort.BOARD]
    assert len(uids) == sum(name.startswith("boards/") for name in committed())


def test_grafanas_client_leaves_influxdbs_in_peace():
    """Later ones bring a package that overwrites urllib3."""
    program = (
        "import grafana_client, urllib3, importlib.metadata as m\n"
        "assert urllib3.__version__ == m.version('urllib3'), urllib3.__version__\n"
        "from influxdb_client.client.influxdb_client import InfluxDBClient\n"
        "InfluxDBClient('http://127.0.0.1:1', '').close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
