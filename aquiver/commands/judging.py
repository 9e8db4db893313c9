"""Judging what is in a store: the shell around the judge. It alone asks what time it is."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from aquiver.bus import Bus
from aquiver.commands.keeping import FOREVER_S, store_of
from aquiver.complaints import Task
from aquiver.errors import StoreError
from aquiver.model import Judgement, Notice, Parcel, Rules, Tally
from aquiver.nights import end_of
from aquiver.patience import until_done
from aquiver.pillow import is_pillow, pillow_of
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.marks import marks_of
from detector.judgement import judge

_LOG = logging.getLogger(__name__)
_LOOK_S = 600.0  # between two looks for nights that are over; a judgement is made once a day


def judgement_of(store: Store, wearer: str, rules: Rules, now_s: float) -> Judgement:
    """Judge all nights of one wearer that are in a store. A night whose noon has passed is final."""
    return judge(wearer, *nights_to_judge(store, wearer, now_s), rules)


def nights_to_judge(store: Store, wearer: str, now_s: float) -> tuple[list[Tally], list[Tally]]:
    """Give the tallies that a judgement rests on: of the wearer's nights, and of those on a pillow."""
    placebo = store.night_tallies(pillow_of(wearer))
    return _finished(store.night_tallies(wearer), now_s), _finished(placebo, now_s)


def people_in(store: Store) -> list[str]:
    """List the wearers of a store who are no pillows."""
    return [wearer for wearer in store.wearers() if not is_pillow(wearer)]


def keep_notices(store: Store, judgement: Judgement, rules: Rules) -> list[Notice]:
    """Keep the notices that are new, and give them.

    A night that arrives late can move the day a definition began to hold; what has been told of it stays told.
    """
    known = store.read(Notice, judgement.wearer, -FOREVER_S, FOREVER_S)
    new: list[Notice] = []
    for notice in judgement.notices:
        if not any(_is_same(notice, one, rules) for one in (*known, *new)):
            new.append(notice)
    store.write(new)
    return new


async def judge_store(settings: Settings) -> list[Notice]:
    """Judge everyone in the store once, keep and draw what is new, and give it."""
    return await asyncio.to_thread(_judge_store, settings)


@asynccontextmanager
async def judge_nights(settings: Settings, bus: Bus) -> AsyncIterator[None]:
    """Judge nights as they become final, while the block runs; what is new is kept, then told on the bus."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_keep_judging(settings, bus), name="judge")
        try:
            yield
        finally:
            task.cancel()


async def _keep_judging(settings: Settings, bus: Bus) -> None:
    while True:
        for notice in await _judged(settings):
            await bus.publish(Parcel(notice))
        await asyncio.sleep(_LOOK_S)


async def _judged(settings: Settings) -> list[Notice]:
    """Judge, as soon as the store lets us."""
    new: list[Notice] = []

    def judge_now() -> None:
        new[:] = _judge_store(settings)

    await until_done(judge_now, Task.READ)
    return new


def _judge_store(settings: Settings) -> list[Notice]:
    with store_of(settings) as store:
        judged = [judgement_of(store, wearer, settings.judgement, time.time()) for wearer in people_in(store)]
        new = [notice for one in judged for notice in keep_notices(store, one, settings.judgement)]
        for one in judged:
            draw(store, one)
        return new


def draw(store: Store, judgement: Judgement) -> None:
    """Draw what the nights say; where that fails, no notice is held up, and the next look draws it."""
    try:
        store.redraw(judgement.wearer, marks_of(judgement))
    except StoreError as error:
        _LOG.warning("what the nights say could not be drawn: %s", error)


def _finished(tallies: Sequence[Tally], now_s: float) -> list[Tally]:
    return [replace(tally, is_final=True) if _is_over(tally, now_s) else tally for tally in tallies]


def _is_over(tally: Tally, now_s: float) -> bool:
    return end_of(tally.night, ZoneInfo(tally.zone or "UTC")) <= now_s


def _is_same(notice: Notice, other: Notice, rules: Rules) -> bool:
    what = (notice.kind, notice.site, notice.state)
    return what == (other.kind, other.site, other.state) and abs(_day(notice) - _day(other)) < rules.apart_days


def _day(notice: Notice) -> int:
    return date.fromisoformat(notice.night).toordinal()
