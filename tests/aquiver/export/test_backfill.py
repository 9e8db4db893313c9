"""A back-fill: everything arrives, once, and a second run goes on where the first was broken off."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli, main
from aquiver.errors import StoreError
from aquiver.export.backfill import backfill
from aquiver.export.backfill_log import BackfillLog
from aquiver.export.choice import RECORDS, bounds_of, chosen
from aquiver.model import Tally, Twitch
from aquiver.nights import start_of
from aquiver.store import open_store
from tests.influx import needs_influx, new_bucket
from tests.samples import NIGHT, NOW_S, a_fault, a_note, a_notice, a_span, a_tally, a_trial, a_twitch, an_answer

DAY_S = 86_400.0
BERLIN = ZoneInfo("Europe/Berlin")
EVER = (-1e11, 1e11)


def some_nights() -> list:
    """Three nights with all that is kept, one of another wearer, one far away in another time zone."""
    found = [
        a_notice(),
        a_note(),
        an_answer(),
        a_trial(),
        a_fault(),
        replace(a_note(), id="n2", time_s=NOW_S - 9 * DAY_S),
    ]
    for number in range(3):
        night = (date.fromisoformat(NIGHT) - timedelta(days=number)).isoformat()
        at_s = NOW_S - number * DAY_S
        found += [replace(a_twitch(each, at_s + each), night=night) for each in range(5)]
        found += [a_tally(at_s + 60 * each, night=night) for each in range(5)]
        found.append(replace(a_span(at_s), night=night))
    abroad = replace(a_twitch(7, start_of("2026-11-10", BERLIN) - 8 * 3600.0), night="2026-11-10")
    return [*found, abroad, a_twitch(1, NOW_S, wearer="anna")]


def all_of(store, wearer: str = "me") -> dict:
    return {name: sorted(store.read(kind, wearer, *EVER), key=repr) for name, kind in RECORDS.items()}


@pytest.fixture
def source(tmp_path):
    store = open_store("sqlite:", tmp_path)
    store.write(some_nights())
    yield store
    store.close()


@pytest.fixture(params=["sqlite:other.db", pytest.param("influx:", marks=needs_influx)])
def target(request, tmp_path):
    store = open_store(new_bucket() if request.param == "influx:" else f"sqlite:{tmp_path}/other.db", tmp_path)
    yield store
    store.close()


def everything(store):
    return chosen(store, "me", "me", BERLIN, (None, None))


def test_all_of_a_wearer_arrives_as_it_was_and_nothing_of_another(source, target, tmp_path):
    days = list(backfill(source, target, everything(source), BackfillLog(tmp_path, "t", "me")))
    assert all_of(target) == all_of(source)
    assert target.wearers() == ["me"]
    assert sum(day.n_written for day in days) == source.count("me")


def test_again_writes_nothing_and_after_a_change_only_what_changed(source, target, tmp_path):
    choice = everything(source)
    list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    again = list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    assert (sum(day.n_written for day in again), sum(day.n_there for day in again)) == (0, source.count("me"))
    source.write([a_tally(n_twitches=9)])
    changed = list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    assert sum(day.n_written > 0 for day in changed) == 1
    assert all_of(target) == all_of(source)


def test_only_the_nights_that_are_meant(source, target, tmp_path):
    choice = chosen(source, "me", "me", BERLIN, bounds_of(NIGHT, None, None))
    list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    assert target.nights("me") == [NIGHT]


class BreaksOff:
    """A store that takes some writes and then none."""

    def __init__(self, store, n_writes: int) -> None:
        self._store, self._left = store, n_writes

    def write(self, records) -> None:
        if not self._left:
            raise StoreError("gone")
        self._left -= 1
        self._store.write(records)

    def nights(self, wearer: str) -> list[str]:
        return self._store.nights(wearer)


def test_what_was_broken_off_goes_on_and_nothing_is_sent_twice(source, target, tmp_path):
    choice = everything(source)
    first = []
    with pytest.raises(StoreError):
        first.extend(backfill(source, BreaksOff(target, 3), choice, BackfillLog(tmp_path, "t", "me")))
    rest = list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    assert all_of(target) == all_of(source)
    assert sum(day.n_there for day in rest) > 0
    assert sum(day.n_there for day in rest) + sum(day.n_written for day in rest) == source.count("me")


def test_a_target_that_was_emptied_is_filled_again(source, target, tmp_path):
    choice = everything(source)
    list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    target.erase("me")
    list(backfill(source, target, choice, BackfillLog(tmp_path, "t", "me")))
    assert len(target.read(Twitch, "me", *EVER)) == len(source.read(Twitch, "me", *EVER))
    assert len(target.read(Tally, "me", *EVER)) == len(source.read(Tally, "me", *EVER))


def export(*words: object):
    return CliRunner().invoke(cli, ["export", *map(str, words)])


@needs_influx
def test_the_command_fills_and_says_how_much_and_fills_nothing_twice(source, tmp_path):
    url = new_bucket()
    first, second = (export("--data", tmp_path, "--to", url) for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.output
    assert f"{source.count('me'):,} records written" in first.output
    assert f"0 records written; {source.count('me'):,} were there" in second.output


def test_a_server_that_is_away_is_said_with_what_to_do(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        "sys.argv", ["aquiver", "export", "--data", str(tmp_path), "--to", "influx://127.0.0.1:1/nights"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say either --format"),
        (("--format", "csv", "--to", "sqlite:x"), "say either --format"),
        (("--to", "sqlite:x", "--out", "y"), "--out goes with --format"),
    ],
)
def test_files_and_stores_are_not_mixed(source, tmp_path, words, says):
    done = export("--data", tmp_path, *words)
    assert done.exit_code == 2
    assert says in done.output


def test_the_store_itself_is_no_target(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["aquiver", "export", "--data", str(tmp_path), "--to", "sqlite:"])
    with pytest.raises(SystemExit):
        main()
    assert "kept there already" in capsys.readouterr().err
