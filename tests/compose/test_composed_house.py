"""The composed house at work: virtual bands, a broker and a store behind TLS with secrets made at its first start."""

import stat
import time

import pytest

from aquiver.errors import StoreError
from aquiver.model import Tally, Twitch
from aquiver.passwords import influx_token
from aquiver.store import open_store
from tests.compose.house import House
from tests.influx import ask, local
from tests.servers import needs_curl, needs_influxd, needs_mosquitto, needs_mosquitto_clients

pytestmark = [pytest.mark.service, needs_mosquitto, needs_mosquitto_clients, needs_influxd, needs_curl]
LASTING = ("recorder", "detector", "judge", "notify", "collector-demo")
WITHIN_S = 90.0  # a busy machine takes its time; a quiet one ten seconds


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    ask(local(), "CREATE DATABASE aquiver")
    try:
        house.start("mosquitto")
        _until(lambda: house.health("mosquitto").returncode == 0, "the broker is not healthy")
        for name in LASTING:
            house.start(name)
        yield house
    finally:
        house.end()
        ask(local(), "DROP DATABASE aquiver")


@pytest.fixture
def store(house, monkeypatch):
    folder = house.path("/secrets/recorder", "recorder")
    monkeypatch.setenv("AQUIVER_SECRETS", str(folder))
    opened = open_store(house.store_url, folder, str(folder / "store-ca.crt"))
    yield opened
    opened.close()


def _until(is_so, what: str) -> None:
    give_up_s = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < give_up_s, what
        time.sleep(0.3)


def test_records_of_virtual_bands_arrive_in_influxdb(house, store):
    _until(lambda: len(store.read(Twitch, "demo", 0, 1e11)) >= 2, house.logs().decode())
    assert {str(one.site) for one in store.read(Tally, "demo", 0, 1e11)} <= {"right_forearm", "left_calf"}


def test_every_health_check_says_that_its_service_lives(house):
    for name in (*LASTING, "mosquitto", "influxdb"):
        done = house.health(name)
        assert done.returncode == 0, (name, done.stdout, done.stderr)


def test_the_tools_read_the_same_nights(house, store):
    report = house.call("tools", "report", "--last")
    assert report.returncode == 0, report.stderr
    assert "left calf" in report.stdout


def test_secrets_are_readable_by_their_owner_alone_and_the_same_after_another_start(house):
    files = [path for path in house.secrets.rglob("*") if path.is_file()]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in files)
    before = {path: path.read_bytes() for path in files if path.parent.name in ("keep", "influxdb", "grafana", "judge")}
    done = house.call("secrets")
    assert done.returncode == 0
    assert all(path.read_bytes() == text for path, text in before.items())


def test_no_secret_is_in_a_command_a_log_or_an_environment(house):
    words = [path.read_bytes().strip() for path in (house.secrets / "keep").iterdir() if path.is_file()]
    assert len(words) > 10
    said = house.logs() + b"".join(house.words_of(name) for name in ("mosquitto", *LASTING))
    said += "".join(str(house.environment(name)) for name in LASTING).encode()
    assert not any(word in said for word in words)


def test_each_has_the_token_who_may_speak_to_the_store_and_nobody_else(house, monkeypatch):
    monkeypatch.delenv("AQUIVER_INFLUX_TOKEN", raising=False)
    has = set()
    for name in ("recorder", "detector", "judge", "notify", "collector", "tools"):
        monkeypatch.setenv("AQUIVER_SECRETS", str(house.secrets / name))
        if influx_token(house.secrets) is not None:
            has.add(name)
    assert has == {"recorder", "judge", "notify", "tools"}


def test_a_server_whose_certificate_is_not_trusted_is_refused_and_it_is_said_what_to_do(house, tmp_path):
    stranger = open_store(house.store_url, tmp_path)
    with pytest.raises(StoreError, match="certificate that is not trusted: set store_ca"):
        stranger.wearers()
    stranger.close()


def test_every_service_ends_in_order_when_it_is_asked_to(house):
    assert {name: house.stop(name) for name in reversed(LASTING)} == dict.fromkeys(LASTING, 0)
    assert house.health("judge").returncode == 1
