"""The vigil: what the page knows of tonight, from the store's records so far and the messages on the bus. Pure."""

from typing import TypeVar

from aquiver.model import Glimpse, Message, Modality, Span, Tally, Twitch
from dashboards.evening import Evening

R = TypeVar("R", Twitch, Span)
Key = tuple[str, Modality, str, int]  # device, modality, run, sample


class Vigil:
    """Follow one wearer's night for all who look on."""

    def __init__(self, wearer: str, night: str) -> None:
        self.wearer = wearer
        self.evening = Evening(wearer, night)
        self.twitches: dict[Key, Twitch] = {}
        self.spans: dict[Key, Span] = {}

    def feed(self, message: Message) -> bool:
        """Take a message into account; tell whether it is news to be told at once. A repeated record is none."""
        night = self.evening.night
        self.evening.feed(message)
        if self.evening.night > night:
            self.twitches.clear()
            self.spans.clear()
        match message:
            case Twitch() if self._is_of_tonight(message):
                return _keep(self.twitches, message)
            case Span() if self._is_of_tonight(message):
                return _keep(self.spans, message)
            case Glimpse():
                return message.wearer == self.wearer
            case _:
                return False

    def minutes(self) -> list[Tally]:
        """Give the minutes of the night so far, in order of time."""
        return self.evening.minutes()

    def _is_of_tonight(self, record: Twitch | Span) -> bool:
        return record.wearer == self.wearer and record.night == self.evening.night


def _keep(kept: dict[Key, R], record: R) -> bool:
    key = (record.device, record.modality, record.run, record.sample)
    is_news = kept.get(key) != record
    kept[key] = record
    return is_news
