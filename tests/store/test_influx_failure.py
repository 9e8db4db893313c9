"""A writer to InfluxDB under failure: nothing is lost, nothing is doubled. Against the real server."""

import asyncio
import socket
import urllib.request
from functools import partial

import pytest

from aquiver.errors import SettingsError, StoreError
from aquiver.model import Notice, Span, Tally, Twitch
from aquiver.passwords import private_folder, write_private
from aquiver.patience import until_done
from aquiver.store import influx_server, open_store
from tests.free_port import free_port
from tests.influx import Influxd, Shim, Trouble, ask, new_bucket, shim
from tests.samples import NOW_S, a_notice, a_span, a_tally, a_twitch
from tests.servers import needs_influxd

pytestmark = needs_influxd  # the trouble is the shim's, so the server is always the local one
BATCH = [*(a_twitch(number, NOW_S + number) for number in range(50)), a_span(), a_tally(), a_notice()]


@pytest.fixture(autouse=True)
def local_server(monkeypatch):
    monkeypatch.setattr("tests.influx.OTHER", None)
    yield
    shim().trouble = None


@pytest.fixture
def store(tmp_path):
    opened = open_store(new_bucket(), tmp_path)
    yield opened
    opened.close()


def kept(store) -> list:
    return [one for kind in (Twitch, Span, Tally, Notice) for one in store.read(kind, "me", 0, 2 * NOW_S)]


async def written_at_last(store, records) -> None:
    async with asyncio.timeout(30):
        await until_done(partial(store.write, records), "the store cannot be written")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_at_once(store, status):
    shim().trouble = Trouble(status=status, n=2)
    store.write(BATCH)
    assert shim().trouble.n == 0
    assert kept(store) == BATCH


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble(500, "engine: no space left on device"), "no space left on device"),
        (Trouble(401, "unauthorized access"), "refused the token"),
        (Trouble(401, "unauthorized access", code="unauthorized"), "refused the token"),
        (Trouble(403, "insufficient permissions for write", code="forbidden"), "refused the token"),
        (Trouble(404, 'bucket "x" not found', code="not found"), "has no bucket"),
        (Trouble(413, "unable to read data", code="request too large"), "refused with 413: unable to read data"),
        (Trouble(500, "no space left on device", code="internal error"), "no space left on device"),
        (Trouble(422, "points beyond retention policy dropped=1", code="unprocessable entity"), "for less long"),
        (Trouble(404, "bucket not found"), "has no bucket"),
        (Trouble(413, "too large"), "refused with 413: too large"),
        (Trouble(503, n=3), "refused with 503: busy"),
    ],
)
def test_a_refusal_is_a_store_error_that_says_why_and_writing_again_makes_it_whole(store, trouble, words):
    shim().trouble = trouble
    with pytest.raises(StoreError, match=words):
        store.write(BATCH)
    store.write(BATCH)
    assert kept(store) == BATCH


def test_an_answer_that_was_lost_doubles_nothing(store):
    """The server kept everything, and said 500: as when a proxy dies between."""
    shim().trouble = Trouble(500, passes_on=True)
    with pytest.raises(StoreError):
        store.write(BATCH)
    store.write(BATCH)
    assert kept(store) == BATCH
    assert store.count("me") == len(BATCH)


def test_a_server_that_does_not_answer_in_time_is_a_store_error(store, monkeypatch):
    monkeypatch.setattr(influx_server, "_WRITE_WITHIN_MS", (1_000, 200))
    shim().trouble = Trouble(pause_s=1.0, passes_on=True)
    with pytest.raises(StoreError, match="does not answer"):
        store.write(BATCH)
    shim().trouble = None
    monkeypatch.undo()
    store.write(BATCH)
    assert kept(store) == BATCH


async def test_the_recorder_keeps_at_it_until_the_server_takes_the_records(store):
    shim().trouble = Trouble(500, n=2)
    await written_at_last(store, BATCH)
    assert shim().trouble.n == 0
    assert kept(store) == BATCH


def test_a_partial_write_keeps_the_good_lines_and_is_an_error_until_all_are_in(store):
    """Another program wrote one of our fields with another type: InfluxDB takes all lines but those."""
    port, bucket = shim().behind, store._server._bucket
    there = b"span,wearer=other duration_s=3i %d" % int(NOW_S * 1e9)
    raw_write(port, bucket, there)
    with pytest.raises(StoreError, match="partial write"):
        store.write(BATCH)
    assert kept(store) == [one for one in BATCH if not isinstance(one, Span)]
    ask(port, "DROP MEASUREMENT span", db=bucket)
    store.write(BATCH)
    assert kept(store) == BATCH


def raw_write(port: int, bucket: str, line: bytes) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/write?db={bucket}", line).close()


def test_a_server_that_is_killed_and_comes_back_has_all_that_was_confirmed(tmp_path):
    folder = tmp_path / "influxd"
    folder.mkdir()
    server = Influxd(folder, free_port())
    server.start()
    ask(server.port, "CREATE DATABASE nights")
    front = Shim(server.port)
    store = open_store(f"influx://127.0.0.1:{front.server_port}/nights", tmp_path)
    try:
        store.write(BATCH[:20])
        server.kill()
        with pytest.raises(StoreError):
            store.write(BATCH[20:])
        server.start()
        store.write(BATCH[20:])
        assert kept(store) == BATCH
    finally:
        store.close()
        front.shutdown()
        front.server_close()
        server.kill()


def test_a_server_that_is_not_there_is_a_store_error(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        store = open_store(f"influx://127.0.0.1:{nobody.getsockname()[1]}/nights", tmp_path)
        with pytest.raises(StoreError, match="cannot be reached"):
            store.write(BATCH)
    store.close()


def test_the_token_and_gzip_are_on_each_write(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_INFLUX_TOKEN", "a-token")
    store = open_store(new_bucket(), tmp_path)
    shim().seen.clear()
    store.write(BATCH)
    first = {name.lower(): value for name, value in shim().seen[0].items()}
    assert (first["authorization"], first["content-encoding"]) == ("Token a-token", "gzip")
    store.close()


def test_the_token_comes_from_a_file_that_only_its_owner_may_read(tmp_path, monkeypatch):
    monkeypatch.delenv("AQUIVER_INFLUX_TOKEN", raising=False)
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "influx-token").write_text("from-a-file\n")
    (secrets / "influx-token").chmod(0o644)
    with pytest.raises(SettingsError):
        open_store("influx://127.0.0.1:1/nights", tmp_path)
    (secrets / "influx-token").chmod(0o600)
    store = open_store(new_bucket(), tmp_path)
    shim().seen.clear()
    store.write(BATCH)
    assert "Token from-a-file" in shim().seen[0].values()
    store.close()


def test_a_token_that_was_refused_is_looked_for_again_so_that_a_right_one_needs_no_new_start(tmp_path, monkeypatch):
    monkeypatch.delenv("AQUIVER_INFLUX_TOKEN", raising=False)
    file = tmp_path / "secrets" / "influx-token"
    private_folder(file.parent)
    write_private(file, "wrong")
    store = open_store(new_bucket(), tmp_path)
    shim().trouble = Trouble(401, "unauthorized access", code="unauthorized")
    file.write_text("right")
    with pytest.raises(StoreError, match="refused the token"):
        store.write(BATCH)
    shim().seen.clear()
    store.write(BATCH)
    assert "Token right" in shim().seen[0].values()
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "influx://127.0.0.1:8086",
        "influx://127.0.0.1:8086/a/b",
        "influx:///nights",
        "influx://me:secret@127.0.0.1/nights",
        "influx://127.0.0.1:99999/nights",
        "influx://127.0.0.1/nights?token=x",
        "influx://me:secret@192.168.1.5/nights",
    ],
)
def test_an_address_that_is_none_is_refused_and_nothing_secret_is_repeated(url, tmp_path):
    with pytest.raises(SettingsError) as refused:
        open_store(url, tmp_path)
    assert "secret" not in str(refused.value).replace("secrets", "")
    assert "token=x" not in str(refused.value)


@pytest.mark.parametrize("host", ["192.168.1.5:8086", "influxdb", "[2001:db8::1]:8086"])
def test_another_machine_without_tls_is_refused_and_it_is_said_how_to_do_it(host, tmp_path):
    with pytest.raises(SettingsError, match=r'Use "influxs://.*store_ca.*ssh -L 8086:127.0.0.1:8086') as refused:
        open_store(f"influx://{host}/nights?org=home", tmp_path)
    assert host.split(":8086")[0] in str(refused.value)
    open_store(f"influxs://{host}/nights?org=home", tmp_path).close()


def test_a_certificate_that_is_not_there_is_refused_at_once(tmp_path):
    with pytest.raises(SettingsError, match="store_ca"):
        open_store("influxs://box.lan/nights", tmp_path, str(tmp_path / "ca.crt"))
