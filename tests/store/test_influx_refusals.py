"""What a server itself refuses, in its own words: InfluxDB 1.6.7, or the one that $AQUIVER_TEST_INFLUX names."""

import urllib.request
from urllib.parse import urlsplit

import pytest

from aquiver.errors import StoreAway
from aquiver.model import Note, Span, Twitch
from aquiver.store import open_store
from tests.influx import needs_influx, new_bucket
from tests.samples import NOW_S, a_note, a_span, a_twitch

pytestmark = needs_influx


@pytest.fixture
def url():
    return new_bucket()


def another_bucket(url: str) -> str:
    return urlsplit(url)._replace(path="/no-such-bucket").geturl()


def version(url: str) -> str:
    """Give the server's version, as every version of it says it."""
    scheme = {"influx": "http", "influxs": "https"}[urlsplit(url).scheme]
    with urllib.request.urlopen(f"{scheme}://{urlsplit(url).netloc}/ping") as answer:
        return answer.headers.get("X-Influxdb-Version", "")


def test_a_bucket_that_is_not_there_is_said_by_its_name(url, tmp_path):
    store = open_store(another_bucket(url), tmp_path)
    with pytest.raises(StoreAway, match='has no bucket "no-such-bucket"'):
        store.write([a_twitch()])
    with pytest.raises(StoreAway, match="InfluxDB"):
        store.wearers()
    store.close()


def test_a_token_that_is_wrong_is_said_with_where_to_put_the_right_one(url, tmp_path, monkeypatch):
    if not version(url).lstrip("v").startswith("2"):
        pytest.skip("only InfluxDB 2 always asks for a token")
    monkeypatch.setenv("AQUIVER_INFLUX_TOKEN", "not-this-one")
    store = open_store(url, tmp_path)
    for work in (lambda: store.write([a_twitch()]), store.wearers, lambda: store.erase("me")):
        with pytest.raises(StoreAway, match=r"refused the token.*AQUIVER_INFLUX_TOKEN"):
            work()
    store.close()


def test_a_field_of_another_type_is_a_partial_write_and_the_good_lines_are_kept(url, tmp_path):
    store, at_ns = open_store(url, tmp_path), int(NOW_S * 1e9)
    store._server.write(b"oddly,wearer=stranger size=1.0 %d" % at_ns)
    with pytest.raises(StoreAway, match="partial write"):
        store._server.write(b"oddly,wearer=me size=t %d\nrightly,wearer=me size=2.0 %d" % (at_ns, at_ns))
    (series,) = store._server.ask("SELECT size FROM rightly WHERE wearer = 'me'")
    assert [value for _, value in series["values"]] == [2.0]
    for name in ("oddly", "rightly"):
        store._server.ask(f"DELETE FROM {name}")
    assert store._server.ask("SELECT size FROM oddly, rightly") == []
    store.close()


def test_what_was_said_is_replaced_and_what_was_erased_is_gone_at_once(url, tmp_path):
    """Both delete: InfluxDB 2 answers that with nothing at all."""
    store = open_store(url, tmp_path)
    store.write([a_note(), a_note(amount=3.0, time_s=NOW_S + 60.0), a_span(), a_twitch()])
    assert store.read(Note, "me", 0, 2 * NOW_S) == [a_note(amount=3.0, time_s=NOW_S + 60.0)]
    store.erase("me", a_twitch().night)
    assert [store.read(kind, "me", 0, 2 * NOW_S) for kind in (Span, Twitch, Note)] == [[], [], []]
    store.close()
