"""A year of minutes is not looked through for its nights: the calendar has to open at once."""

from dataclasses import replace

import pytest

from aquiver.model import Period
from aquiver.store.sqlite import SqliteStore
from tests.samples import NOW_S, a_tally

NIGHTS = ("2026-11-20", "2026-11-21", "2026-11-22")
MANY = 1500


@pytest.fixture
def store():
    store = SqliteStore(":memory:")
    for night in NIGHTS:
        minutes = [a_tally(NOW_S + 60.0 * at, night=night) for at in range(MANY)]
        store.write([*minutes, a_tally(period=Period.NIGHT, night=night)])
    yield store
    store.close()


@pytest.mark.parametrize(
    ("ask", "n_found"),
    [
        (lambda store: store.night_tallies("me"), len(NIGHTS)),
        (lambda store: store.nights("me"), len(NIGHTS)),
        (lambda store: store.wearers(), 1),
    ],
    ids=["night_tallies", "nights", "wearers"],
)
def test_nights_are_found_without_looking_at_their_minutes(store, ask, n_found):
    n_steps = 0

    def step():
        nonlocal n_steps
        n_steps += 1

    store._connection.set_progress_handler(step, 1)
    found = ask(store)
    store._connection.set_progress_handler(None, 1)
    assert len(found) == n_found
    assert n_steps < MANY, f"{n_steps} steps of SQLite's machine for {len(NIGHTS)} nights"


def test_a_night_without_its_sum_is_given_by_its_minutes_in_order_of_time(store):
    minutes = [replace(a_tally(NOW_S - 3600.0 * at, night="2026-11-19"), device="other") for at in range(3)]
    store.write(minutes)
    found = store.night_tallies("me")
    assert [one.start_s for one in found] == sorted(one.start_s for one in found)
    assert [one.device for one in found if one.period is Period.MINUTE] == ["other"] * 3
