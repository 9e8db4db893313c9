"""aquiver ledger: three books must agree, while a night runs and afterwards; what does not add up is said."""

import json
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from aquiver import accounts
from aquiver.__main__ import cli
from aquiver.journal import Bounds, connect
from collector.chunk_journal import ChunkJournal
from detector.engine import Engine
from detector.state import State
from tests.samples import a_chunk

UTC = ZoneInfo("UTC")
N_CHUNKS, N_TAKEN = 100, 60


def ask(folder, *more: str):
    done = CliRunner().invoke(cli, ["ledger", "--data", str(folder), *more])
    return done.exit_code, done.output


def fill(folder, bounds: Bounds | None = None):
    """A collector that has committed a hundred chunks with one gap, and a detector that has taken sixty of them."""
    journal = ChunkJournal(connect(folder / "spool.db"), UTC, bounds or Bounds())
    for number in range(N_CHUNKS):
        first = 20 * number + (100 if number >= 10 else 0)
        journal.append([a_chunk(first, follows=200 if number == 10 else first)])
    state, engine = State(folder / "detector.db"), Engine(UTC)
    journal.serve(["detector"])
    taken = journal.read(1, N_TAKEN)
    records = [record for _, chunk in taken for record in engine.feed(chunk)]
    state.commit(records, engine.snapshot(), {journal.name: N_TAKEN + 1}, engine.settle())
    return journal, state


@pytest.fixture
def running(tmp_path):
    """The books of a night that is under way."""
    journal, state = fill(tmp_path)
    yield tmp_path, journal, state
    journal.close()
    state.close()


def test_a_running_night_says_what_is_under_way_and_its_sums_match(running):
    folder, _, _ = running
    code, said = ask(folder, "--json")
    (stream,) = json.loads(said)["streams"]
    assert code == 0
    assert (stream["received"], stream["lost_by_radio"]) == (20 * N_CHUNKS, 100)
    assert (stream["under_way"], stream["confirmed"]) == (20 * (N_CHUNKS - N_TAKEN), 20 * N_TAKEN)
    assert stream["confirmed"] == stream["undecided"] + stream["used"] + sum(stream["excluded"].values())
    assert not json.loads(said)["is_settled"]


def test_what_was_confirmed_may_be_forgotten(running):
    folder, journal, _ = running
    journal.confirm({"detector": 30})
    assert ask(folder)[0] == 0
    journal.confirm({"detector": N_TAKEN + 1})
    code, said = ask(folder)
    assert code == 0
    assert "The sums match." in said
    assert "still under way" in said


def test_a_sample_that_is_nowhere_is_found_out(running):
    folder, journal, _ = running
    with journal.transaction([]) as connection:
        connection.execute("DELETE FROM parcel WHERE number = 80")
    code, said = ask(folder)
    assert code == 1
    assert "20 received samples are neither under way nor confirmed" in said
    assert "do NOT match" in said


def test_a_sample_counted_twice_is_found_out(running):
    folder, _, state = running
    with state.journal.transaction([]) as connection:
        connection.execute("UPDATE account SET n = n + 1 WHERE what = 'used'")
        connection.execute("UPDATE account SET n = 0 WHERE what = 'taken'")
    assert ask(folder)[0] == 1


def test_what_a_full_spool_dropped_is_a_place_too(tmp_path):
    journal = ChunkJournal(connect(tmp_path / "spool.db"), UTC, Bounds(max_bytes=150_000))
    state, engine = State(tmp_path / "detector.db"), Engine(UTC)
    for number in range(3000):
        journal.append([a_chunk(20 * number)])
    kept = journal.read(journal.base, 100_000)
    records = [record for _, chunk in kept for record in engine.feed(chunk)]
    state.commit(records, engine.snapshot(), {journal.name: journal.next_number}, engine.settle())
    journal.serve(["detector"])
    journal.confirm({"detector": journal.next_number})
    code, said = ask(tmp_path, "--json")
    (stream,) = json.loads(said)["streams"]
    assert code == 0, said
    assert stream["dropped"] == 20 * (3000 - len(kept)) > 0
    journal.close()
    state.close()


def test_nights_are_named_and_unknown_ones_refused(running):
    folder, _, _ = running
    assert ask(folder, "--night", "2026-11-22")[0] == 0
    done = CliRunner().invoke(cli, ["ledger", "--data", str(folder), "--night", "2020-01-01"])
    assert "there are 2026-11-22" in str(done.exception)


def test_a_folder_without_books_is_refused_with_a_sentence(tmp_path):
    done = CliRunner().invoke(cli, ["ledger", "--data", str(tmp_path)])
    assert "is not there" in str(done.exception)


def test_an_engine_that_cannot_go_on_leaves_no_sample_undecided_for_ever(running):
    folder, journal, state = running
    state.abandon()
    engine = Engine(UTC)
    rest = journal.read(N_TAKEN + 1, 100)
    records = [record for _, chunk in rest for record in engine.feed(chunk)] + engine.finish()
    state.commit(records, engine.snapshot(), {journal.name: journal.next_number}, engine.settle())
    journal.confirm({"detector": journal.next_number})
    code, said = ask(folder, "--json")
    (stream,) = json.loads(said)["streams"]
    assert code == 0
    assert json.loads(said)["is_settled"]
    assert stream["excluded"]["update"] > 0


def test_what_is_erased_is_counted_no_longer(running):
    folder, journal, state = running
    for one in (journal, state.journal):
        with one.transaction([]) as connection:
            accounts.erase(connection, lambda wearer, night: (wearer, night) == ("me", "2026-11-22"))
    with journal.transaction([]) as connection:
        connection.execute("DELETE FROM parcel")
    done = CliRunner().invoke(cli, ["ledger", "--data", str(folder)])
    assert "none has begun" in str(done.exception)
