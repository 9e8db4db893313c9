"""The notifier: tells what is due, hears what the wearer says. A thin shell around the lifecycle."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aquiver.bus import Bus
from aquiver.complaints import Task
from aquiver.errors import AquiverError, ChannelFailed, SettingsError
from aquiver.model import Answer, Entry, Heard, Note, Parcel
from aquiver.patience import REFUSALS, agree, object_to
from aquiver.store import Store
from dashboards.channels import Way
from dashboards.diary.notes import notes_in
from dashboards.notices.lifecycle import Fate, held, stand
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.outbox import Letter, LetterState, Outbox
from dashboards.notices.reply import answer_in, is_reply, still_coming
from dashboards.notices.window import Window
from dashboards.phrases import diary, notices

_LOG = logging.getLogger(__name__)
LOOK_S = 20.0  # between two looks at what is due; weeks are what notices speak of
_ALWAYS_S = 1e11
_WITHDRAWING = frozenset({Fate.MUTED, Fate.ACKNOWLEDGED, Fate.FALSE, Fate.KNOWN_CAUSE})
_TITLES = {
    Sort.NOTICES: notices.PUSH_TITLE,
    Sort.MORNING: notices.MORNING_TITLE,
    Sort.FAULTS: notices.FAULT_TITLE,
}


@dataclass(frozen=True, slots=True)
class Wearer:
    """Whose notices these are, and when something may be sent."""

    name: str
    zone: ZoneInfo
    window: Window


class Notifier:
    """One wearer's notices and faults on their way. ``matters`` gives what is so at a time; ``clock`` the time."""

    def __init__(
        self,
        wearer: Wearer,
        store: Store,
        outbox: Outbox,
        ways: Sequence[Way],
        matters: Callable[[float], Sequence[Matter]],
        clock: Callable[[], float],
    ) -> None:
        self._wearer = wearer
        self._store = store
        self._outbox = outbox
        self._ways = {way.name: way for way in ways}
        self._matters = matters
        self._clock = clock
        self._has_news = asyncio.Event()

    @asynccontextmanager
    async def at_work(self, bus: Bus) -> AsyncIterator["Notifier"]:
        """Tell and hear while the block runs."""
        async with bus.subscribe(Entry) as entries, asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(self._tell(), name="notify")
            hearing = tasks.create_task(self._hear(entries, bus), name="entries")
            try:
                yield self
            finally:
                telling.cancel()
                hearing.cancel()

    async def look(self) -> None:
        """Look once: hand over what is due, and try what is on its way."""
        now_s = self._clock()
        matters, answers = await asyncio.to_thread(self._known, now_s)
        standings = stand(matters, answers, self._outbox.told(), now_s, self._wearer.window, self._wearer.zone)
        for matter in (standing.matter for standing in standings if standing.fate is Fate.DUE):
            names = [way.name for way in self._ways.values() if way.sort is matter.sort]
            self._outbox.hand_over(matter, names, now_s, _TITLES[matter.sort])
        by_key = {matter.key: matter for matter in matters}
        due = [letter for letter in self._outbox.waiting(now_s) if self._may_go(letter, by_key, answers, now_s)]
        async with asyncio.TaskGroup() as tasks:
            for letter in due:
                tasks.create_task(self._send(letter), name=f"letter {letter.reference}")

    def hear(self, entry: Entry) -> Heard:
        """Keep what the wearer said, and say what was made of it."""
        time_s = self._clock() if entry.time_s is None else entry.time_s
        try:
            said = self._answer(entry.words, time_s) if is_reply(entry.words) else self._note(entry.words, time_s)
        except (SettingsError, *REFUSALS) as error:
            return Heard(entry.wearer, entry.sender, entry.words, is_kept=False, said=str(error))
        return Heard(entry.wearer, entry.sender, entry.words, is_kept=True, said=said)

    def _known(self, now_s: float) -> tuple[Sequence[Matter], Sequence[Answer]]:
        return self._matters(now_s), self._store.read(Answer, self._wearer.name, 0.0, _ALWAYS_S)

    async def _tell(self) -> None:
        while True:
            self._has_news.clear()
            try:
                await self.look()
            except* (AquiverError, OSError, sqlite3.Error) as errors:  # what refuses now may not in a while
                object_to(errors.exceptions[0], Task.READ)
            else:
                agree(Task.READ)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._has_news.wait()

    async def _hear(self, batches: AsyncIterator[list[Parcel]], bus: Bus) -> None:
        async for batch in batches:
            for parcel in batch:
                entry = parcel.message
                if isinstance(entry, Entry) and entry.wearer == self._wearer.name:  # another's words are not ours
                    await bus.publish(Parcel(await asyncio.to_thread(self.hear, entry)))
                    self._has_news.set()

    def _may_go(self, letter: Letter, by_key: dict[str, Matter], answers: Sequence[Answer], now_s: float) -> bool:
        """Say whether a message may go now; withdraw it when it was answered, or is no longer so."""
        matter = by_key.get(letter.key)
        keeps = held(matter, answers, now_s, self._wearer.window, self._wearer.zone) if matter is not None else None
        is_over = matter is None or (matter.over_s is not None and matter.over_s <= now_s)
        if is_over or letter.channel not in self._ways or (keeps is not None and keeps.fate in _WITHDRAWING):
            self._outbox.settle(letter, LetterState.WITHDRAWN)
            return False
        return keeps is None

    async def _send(self, letter: Letter) -> None:
        self._outbox.begin(letter, self._clock())
        try:
            await self._ways[letter.channel].channel.send(letter)
        except ChannelFailed as error:
            _LOG.warning("channel %s: %s", letter.channel, error)
            self._outbox.fail(letter, str(error), self._clock())
        else:
            self._outbox.settle(letter, LetterState.SENT)

    def _note(self, words: str, time_s: float) -> str:
        notes = notes_in(words, self._wearer.name, time_s, self._wearer.zone)
        self._keep(notes)
        return diary.kept([diary.note(note.subject, note.amount, note.site) for note in notes], notes[0].night)

    def _answer(self, words: str, time_s: float) -> str:
        matters = self._matters(self._clock())
        answer = answer_in(words, self._wearer.name, time_s, matters)
        self._keep([answer])
        return said_of(answer, still_coming(answer, matters), self._wearer.zone)

    def _keep(self, said: Sequence[Note | Answer]) -> None:
        self._store.write(said)


def said_of(answer: Answer, others: Sequence[str], zone: ZoneInfo) -> str:
    """Say what an answer did, and what still comes."""
    if answer.until_s is not None:
        return notices.snoozed(answer.about, datetime.fromtimestamp(answer.until_s, UTC).astimezone(zone), others)
    return notices.accepted(answer.verb, answer.about, others)
