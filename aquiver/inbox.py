"""The inbox: take each parcel of each journal once, in order."""

from collections.abc import Mapping
from enum import Enum

from aquiver.model import Place, Position


class Verdict(Enum):
    """What to do with a parcel."""

    TAKE = "take"
    DUPLICATE = "duplicate"
    HOLE = "hole"
    NOT_OURS = "not ours"


class Inbox:
    """Admit what comes next. Lower is a duplicate; higher is a hole in transport, and the sender must go back.

    >>> inbox = Inbox("me", {})
    >>> [inbox.admit(Place("j", number, base=1)).value for number in (1, 2, 2, 4, 3)]
    ['take', 'take', 'duplicate', 'hole', 'take']
    """

    def __init__(self, consumer: str, next_numbers: Mapping[str, int]) -> None:
        self._consumer = consumer
        self._next = dict(next_numbers)
        self._touched: set[str] = set()
        self._holed: set[str] = set()
        self.n_duplicates = 0
        self.n_given_up = 0

    def admit(self, place: Place) -> Verdict:
        """Judge a parcel by its place.

        What the sender no longer keeps (``base`` has passed it) cannot be asked for: it is counted in
        ``n_given_up`` and the inbox goes on from there. What is sent again for another consumer is not ours.
        """
        if place.to and self._consumer not in place.to:
            return Verdict.NOT_OURS
        known = self._next.get(place.journal)
        if known is None:
            known = place.base
        elif place.base > known:
            self.n_given_up += place.base - known
            known = place.base
        self._next[place.journal] = known
        self._touched.add(place.journal)
        if place.number == known:
            self._next[place.journal] = known + 1
            return Verdict.TAKE
        if place.number < known:
            self.n_duplicates += 1
            return Verdict.DUPLICATE
        self._holed.add(place.journal)
        return Verdict.HOLE

    def positions(self) -> list[Position]:
        """Give our word on each journal heard from since last asked; to be given after the work is committed."""
        words = [
            Position(journal, self._consumer, self._next[journal], is_request=journal in self._holed)
            for journal in sorted(self._touched)
        ]
        self._touched.clear()
        self._holed.clear()
        return words

    def next_numbers(self) -> dict[str, int]:
        """Give what must be kept to go on after a restart."""
        return dict(self._next)
