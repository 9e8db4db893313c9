"""The symptom card's page. It reads the diary and nothing else: no count, no notice, no judgement. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aquiver.model import Note
from dashboards.diary.card import led_lines
from dashboards.phrases import card as phrases


@dataclass(frozen=True, slots=True)
class CardView:
    """The card: what the wearer ticked first (``led``), then the list that is the same for everyone."""

    title: str
    led: tuple[str, ...]
    now: str
    soon: str
    signs: tuple[str, ...]
    more: tuple[str, ...]


def card_view(notes: Sequence[Note], now_s: float) -> CardView:
    """Lay out the card."""
    return CardView(
        title=phrases.TITLE,
        led=tuple(led_lines(notes, now_s)),
        now=phrases.NOW,
        soon=phrases.SOON,
        signs=phrases.SIGNS,
        more=(phrases.MENTION, phrases.COMMON, phrases.SAME),
    )
