"""The judge draws what it found, in a store that people draw from; a store that refuses holds up no notice."""

import pytest

from aquiver.commands.judging import judge_store
from aquiver.errors import StoreError
from aquiver.model import Tally
from aquiver.settings import Settings
from aquiver.store import open_store
from aquiver.store.sqlite import SqliteStore
from collector.stories.table import STORIES
from tests.influx import needs_influx, new_bucket


@pytest.fixture
def told() -> list[Tally]:
    return list(STORIES["persistent"](60, 3).tell(3))


@needs_influx
async def test_the_judge_draws_every_night_and_a_night_that_is_erased_is_gone_from_the_picture(told, tmp_path):
    url = new_bucket()
    store = open_store(url, tmp_path)
    store.write(told)
    settings = Settings(data=str(tmp_path), store=url)
    await judge_store(settings)
    first, last = drawn(store)
    assert (first["night"], last["night"], len(drawn(store, limit=""))) == ("2026-01-05", "2026-03-05", 120)
    store.erase("story", last["night"])
    assert drawn(store) == []
    await judge_store(settings)
    assert drawn(store)[-1]["night"] == "2026-03-04"
    store.close()


def drawn(store, limit: str = "SLIMIT 1") -> list[dict]:
    found = store._server.ask(f"SELECT night, state FROM judged WHERE wearer = 'story' GROUP BY site {limit}")
    rows = [dict(zip(series["columns"], row, strict=True)) for series in found for row in series["values"]]
    return [rows[0], rows[-1]] if limit and rows else rows


async def test_a_store_that_does_not_take_the_picture_holds_up_no_notice(told, tmp_path, monkeypatch):
    store = open_store("sqlite:", tmp_path)
    store.write(told)
    store.close()

    def refuse(*_: object) -> None:
        raise StoreError("busy")

    monkeypatch.setattr(SqliteStore, "redraw", refuse)
    assert await judge_store(Settings(data=str(tmp_path)))
