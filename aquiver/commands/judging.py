"""Judging: one wearer's nights from the store, and what is to be told of them."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from datetime import time as hour_of_day
from zoneinfo import ZoneInfo

from aquiver.commands.keeping import FOREVER_S
from aquiver.model import Judgement, Note, Notice, Rules, Tally, Twitch
from aquiver.nights import end_of, start_of
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.diary.notes import standing
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.telling import matters_of
from dashboards.notices.window import Window, moment_of
from dashboards.phrases import notices as phrases
from dashboards.summary import Morning, lines
from detector.judgement import judge

_JUDGE_EVERY_S = 600.0  # reading all nights takes about a second; what they say changes once a day


def judgement_of(store: Store, settings: Settings) -> Judgement:
    """Judge all nights of the wearer in the settings."""
    tallies = store.read(Tally, settings.wearer, 0.0, FOREVER_S)
    return judge(settings.wearer, tallies, store.read(Tally, f"{settings.wearer}-pillow", 0.0, FOREVER_S), Rules())


def notices_of(store: Store, settings: Settings) -> list[Notice]:
    """Judge, keep what is new, and give all notices of the wearer, oldest first."""
    found = judgement_of(store, settings).notices
    if found:
        store.write(found)
    return store.read(Notice, settings.wearer, 0.0, FOREVER_S)


def morning_lines(store: Store, settings: Settings, night: str) -> list[str]:
    """Say one night of the wearer in the settings."""
    span = (settings.wearer, start_of(night, settings.zone), end_of(night, settings.zone))
    known = Morning(
        night=night,
        tallies=[tally for tally in store.read(Tally, *span) if tally.night == night],
        judged=judgement_of(store, settings).nights,
        notices=store.read(Notice, settings.wearer, 0.0, FOREVER_S),
        notes=standing(store.read(Note, *span)),
        twitches=store.read(Twitch, *span),
    )
    return lines(known)


class Matters:
    """What there is to tell the wearer: notices, judged anew every ten minutes, and the morning at its hour."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._judged_s = float("-inf")
        self._notices: list[Notice] = []

    def __call__(self, now_s: float) -> Sequence[Matter]:
        """Give what is so at ``now_s``."""
        if time.monotonic() - self._judged_s >= _JUDGE_EVERY_S:
            self._notices = notices_of(self._store, self._settings)
            self._judged_s = time.monotonic()
        return [*matters_of(self._notices), *self._morning(now_s)]

    def _morning(self, now_s: float) -> list[Matter]:
        hour = self._settings.notices.morning
        is_wanted = hour and any(one.tells == "morning" for one in self._settings.channel)
        nights = self._store.nights(self._settings.wearer) if is_wanted else []
        zone = self._settings.zone
        today = datetime.fromtimestamp(now_s, UTC).astimezone(zone).date()
        if not nights or nights[-1] != _evening_before(today):
            return []
        due_s = moment_of(today, hour_of_day.fromisoformat(hour), zone)
        closes = Window.parse(self._settings.notices.window).closes
        if not due_s <= now_s < moment_of(today, closes, zone):
            return []
        text = "\n".join(morning_lines(self._store, self._settings, nights[-1]))
        key = f"{Sort.MORNING}/{nights[-1]}"
        return [Matter(Sort.MORNING, Sort.MORNING.value, nights[-1], key, due_s, phrases.MORNING_TITLE, text)]


def _evening_before(today: date) -> str:
    return date.fromordinal(today.toordinal() - 1).isoformat()


def local(time_s: float | None, zone: ZoneInfo) -> datetime | None:
    """Give a time as the clocks on the wall say it."""
    return None if time_s is None else datetime.fromtimestamp(time_s, UTC).astimezone(zone)
