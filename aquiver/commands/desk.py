"""The desk: what the pages of nights need from the judge, the recordings, the notices and the report."""

import threading
from collections.abc import Sequence
from functools import partial

from aquiver.commands.doctor import doctors_page
from aquiver.commands.experiment import lay_out, result_on
from aquiver.commands.judging import nights_to_judge
from aquiver.commands.matters import Matters
from aquiver.commands.notifying import outbox_of
from aquiver.export.measured import Measured, measured
from aquiver.model import Effect, Judgement, Note, SiteJudgement, Tally
from aquiver.model.rate import interval_per_hour
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.nights.wave import Moments
from dashboards.nights.works import Form, Paper, Works
from dashboards.notices.lifecycle import Told
from dashboards.notices.outbox import Letter
from dashboards.notices.window import Window
from dashboards.report.content import Room
from dashboards.report.typeset import typeset
from dashboards.report.web import write_page
from detector.judgement import effects_of, factors_of, judge
from detector.sleep import estimate_sleep


def works_of(store: Store, settings: Settings) -> Works:
    """Give what the pages of the settings' wearer need; ``store`` stays its owner's."""
    return Works(
        rules=settings.judgement,
        moment=Moments(settings.folder / "recordings").find,
        window=Window.parse(settings.notices.window),
        hours=settings.notices.window,
        measured=_Summed(store, settings.wearer),
        judgement=_Judged(store, settings),
        effects=_effects,
        slept_h=_slept_h,
        matters=Matters(store, settings),
        post=partial(_post, settings),
        lay_out=partial(lay_out, store, settings),
        result=partial(result_on, store, settings),
        report=partial(_report, settings),
    )


class _Judged:
    """Judge all nights; judged again only when one of them has changed, for that takes longest of all."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = threading.Lock()  # two who look at once do not judge twice
        self._nights: tuple[list[Tally], list[Tally]] | None = None
        self._judgement: Judgement | None = None

    def __call__(self, now_s: float) -> Judgement:
        """Give the judgement of what is kept now."""
        wearer = self._settings.wearer
        with self._lock:
            nights = nights_to_judge(self._store, wearer, now_s)
            if self._judgement is None or nights != self._nights:
                self._nights, self._judgement = nights, judge(wearer, *nights, self._settings.judgement)
            return self._judgement


class _Summed:
    """Sum all nights; summed again only when one of them has changed."""

    def __init__(self, store: Store, wearer: str) -> None:
        self._store = store
        self._wearer = wearer
        self._lock = threading.Lock()
        self._tallies: list[Tally] | None = None
        self._measured: list[Measured] = []

    def __call__(self) -> Sequence[Measured]:
        """Give what is kept now, summed."""
        with self._lock:
            tallies = self._store.night_tallies(self._wearer)
            if tallies != self._tallies:
                self._tallies, self._measured = tallies, measured(tallies, interval_per_hour)
            return self._measured


def _effects(notes: Sequence[Note], nights: Sequence[SiteJudgement]) -> Sequence[Effect]:
    return effects_of(factors_of(notes), nights)


def _slept_h(tallies: Sequence[Tally]) -> float | None:
    sleep = estimate_sleep(tallies)
    return None if sleep is None else sleep.slept_s / 3600.0


def _post(settings: Settings) -> tuple[Sequence[Told], Sequence[Letter]]:
    outbox = outbox_of(settings)
    try:
        return outbox.told(), outbox.letters()
    finally:
        outbox.close()


def _report(settings: Settings, weeks: int, form: Form, paper: Paper) -> bytes:
    page = doctors_page(settings, settings.wearer, weeks)
    return typeset(page, paper) if form == "pdf" else write_page(page(Room())).encode()
