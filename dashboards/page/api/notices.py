"""Notices: what was told and why, and the wearer's answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from aquiver.errors import RequestRefused, SettingsError
from aquiver.model import Answer, Verb
from dashboards.nights.notices import NoticesView, notices_view, words_of
from dashboards.notices.lifecycle import held_kinds, stand
from dashboards.notices.reply import answer_in, still_coming
from dashboards.notices.service import said_of
from dashboards.page.api.diary import Said
from dashboards.page.api.nights import EVER_S
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import nights as say


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. ``about`` is a notice's key or a kind; ``length`` how long a snooze lasts (30m, 12h, 7d, 2w).

    ``time_s`` is when it was said, now without it; the same for the same moment is one answer.
    """

    verb: Verb
    about: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^\S+$")]
    length: Annotated[str, Meta(max_length=8, pattern=r"^[0-9]*[mhdw]?$")] = ""
    words: Annotated[str, Meta(max_length=200)] = ""
    time_s: Annotated[float, Meta(ge=0, le=EVER_S)] | None = None


def notices(given: Given) -> NoticesView:
    """Give the notices, newest first, with receipts and how each stands; faults of the machine apart."""
    now_s, works = given.now(), given.works
    told, letters = works.post()
    answers = given.store.read(Answer, given.wearer, 0.0, EVER_S)
    standings = stand(works.matters(now_s), answers, told, now_s, works.window, given.zone)

    def local(time_s: float | None) -> datetime | None:
        return None if time_s is None else datetime.fromtimestamp(time_s, UTC).astimezone(given.zone)

    return notices_view(standings, letters, held_kinds(answers, now_s), works.hours, local)


def answer_notice(given: Given, body: Reply) -> Said:
    """Answer a notice or a kind: snooze, mute, unmute, acknowledge, false, known cause."""
    now_s = given.now()
    time_s = now_s if body.time_s is None else min(body.time_s, now_s)
    matters = given.works.matters(now_s)
    words = words_of(body.verb, body.about, body.length, " ".join(body.words.split()))
    try:
        answer = answer_in(words, given.wearer, time_s, matters)
    except SettingsError as error:
        raise RequestRefused(400, str(error)) from error
    given.store.write([answer])
    return Said(say.sentence(said_of(answer, still_coming(answer, matters), given.zone)), (answer.id,))


ROUTES = (
    Route("GET", "/notices", notices, tag="notices"),
    Route("POST", "/notices/answers", answer_notice, tag="notices"),
)
