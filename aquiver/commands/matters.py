"""What there is to tell one wearer, from the store: notices, faults, and the morning at its hour."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from datetime import time as hour_of_day
from zoneinfo import ZoneInfo

from aquiver.commands.judging import judgement_of
from aquiver.commands.keeping import FOREVER_S
from aquiver.model import Fault, Note, Notice, Tally, Trial, Twitch
from aquiver.nights import end_of, start_of
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.diary.day import day_of
from dashboards.diary.experiments import today_line
from dashboards.diary.notes import standing
from dashboards.notices.fault_telling import fault_matters
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.telling import matters_of
from dashboards.notices.window import Window, moment_of
from dashboards.phrases import notices as phrases
from dashboards.summary import Morning, lines

_FAULTS_S = 86_400.0  # a fault of yesterday is no news


def morning_lines(store: Store, settings: Settings, night: str, now_s: float) -> list[str]:
    """Say one night of the wearer in the settings."""
    span = (settings.wearer, start_of(night, settings.zone), end_of(night, settings.zone))
    judgement = judgement_of(store, settings.wearer, settings.judgement, now_s)
    experiments = store.read(Trial, settings.wearer, 0.0, FOREVER_S)
    known = Morning(
        night=night,
        tallies=[tally for tally in store.read(Tally, *span) if tally.night == night],
        judged=judgement.nights,
        notices=judgement.notices,
        notes=standing(store.read(Note, *span)),
        twitches=store.read(Twitch, *span),
        more=[line for one in experiments if (line := today_line(one, day_of(now_s, settings.zone)))],
    )
    return lines(known)


class Matters:
    """What there is to tell the wearer at a time. Notices are in the store: the judge's service puts them there."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def __call__(self, now_s: float) -> Sequence[Matter]:
        """Give what is so at ``now_s``."""
        notices = self._store.read(Notice, self._settings.wearer, 0.0, FOREVER_S)
        faults = self._store.read(Fault, self._settings.wearer, now_s - _FAULTS_S, now_s + 1)
        return [*matters_of(notices), *fault_matters(faults, now_s), *self._morning(now_s)]

    def _morning(self, now_s: float) -> list[Matter]:
        """Give the morning between its hour and the closing of the window, where a channel tells it."""
        hour, zone = self._settings.notices.morning, self._settings.zone
        if not hour or not any(one.tells == "morning" for one in self._settings.channel):
            return []
        today = datetime.fromtimestamp(now_s, UTC).astimezone(zone).date()
        due_s = moment_of(today, hour_of_day.fromisoformat(hour), zone)
        closes_s = moment_of(today, Window.parse(self._settings.notices.window).closes, zone)
        night = date.fromordinal(today.toordinal() - 1).isoformat()
        if not due_s <= now_s < closes_s or night not in self._store.nights(self._settings.wearer):
            return []
        text = "\n".join(morning_lines(self._store, self._settings, night, now_s))
        return [Matter(Sort.MORNING, Sort.MORNING.value, night, f"morning/{night}", due_s, phrases.MORNING_TITLE, text)]


def local(time_s: float | None, zone: ZoneInfo) -> datetime | None:
    """Give a time as the clocks on the wall say it."""
    return None if time_s is None else datetime.fromtimestamp(time_s, UTC).astimezone(zone)
