"""A lane: how far one consumer of a journal is, and what to send it next. Pure; time is given."""

from aquiver.model import Position

WINDOW = 512  # parcels in flight beyond the last one confirmed: flow control without the broker
PATIENCE_S = 2.0  # without progress for so long, go back and send again
LONGEST_PATIENCE_S = 8.0  # with one that has been away for long, so that it costs little
REST_S = 0.2  # between two times of going back, so that one hole does not cause ten


class Lane:
    """One consumer: it has confirmed all before ``confirmed``, and was sent all before ``next_to_send``.

    One that is silent is sent the same window again, ever more seldom, until it speaks.

    >>> lane = Lane("recorder", confirmed=1, now_s=0.0)
    >>> lane.room(0.0), lane.sent(512), lane.room(0.1), lane.room(2.2), lane.next_to_send
    (512, None, 0, 512, 1)
    >>> lane.hear(Position("j", "recorder", 500), 2.3)
    >>> lane.room(2.3), lane.next_to_send
    (512, 500)
    """

    def __init__(self, consumer: str, confirmed: int, now_s: float) -> None:
        self.consumer = consumer
        self.confirmed = confirmed
        self.next_to_send = confirmed
        self._is_asked = False
        self._patience_s = PATIENCE_S
        self._went_back_s = now_s
        self._progressed_s = now_s

    def hear(self, word: Position, now_s: float) -> None:
        """Take the consumer's word. One that asks may have lost its memory: then it is believed backwards too."""
        self._patience_s = PATIENCE_S
        if word.is_request:
            self._is_asked = True
            self.confirmed = word.next_number
        if word.next_number > self.confirmed or word.is_request:
            self._progressed_s = now_s
        self.confirmed = max(self.confirmed, word.next_number)

    def give_up(self, base: int) -> None:
        """Take note that what comes before ``base`` is kept no longer."""
        self.confirmed = max(self.confirmed, base)

    def room(self, now_s: float) -> int:
        """Say how many parcels may be sent now, after going back if that is due."""
        self.next_to_send = max(self.next_to_send, self.confirmed)
        if self.next_to_send == self.confirmed:
            self._progressed_s = now_s
        if now_s - self._progressed_s > self._patience_s:
            self._patience_s = min(2 * self._patience_s, LONGEST_PATIENCE_S)
            self._go_back(now_s)
        elif self._is_asked and now_s - self._went_back_s > REST_S:
            self._go_back(now_s)
        return max(0, self.confirmed + WINDOW - self.next_to_send)

    def sent(self, number: int) -> None:
        """Take note that all up to this number was sent."""
        self.next_to_send = max(self.next_to_send, number + 1)

    def _go_back(self, now_s: float) -> None:
        self.next_to_send = self.confirmed
        self._is_asked = False
        self._went_back_s = self._progressed_s = now_s
