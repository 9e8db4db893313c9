"""A lane: how far one consumer of a journal is, and what to send it next. Pure; time is given."""

from aquiver.model import Position

WINDOW = 512  # parcels in flight beyond the last one confirmed: flow control without the broker
PROBE = 16  # parcels sent to one that does not answer: enough to tell it where we are
PATIENCE_S = 2.0  # without progress for so long, go back and send again
REST_S = 0.2  # between two times of going back, so that one hole does not cause ten


class Lane:
    """One consumer: confirmed before ``confirmed``, sent before ``next_to_send``.

    One that is silent is sent little, and holds up nobody: each consumer of a journal has a lane of its own.

    >>> lane = Lane("recorder", confirmed=1, now_s=0.0)
    >>> lane.room(0.0), lane.sent(512), lane.room(0.1), lane.room(2.2), lane.next_to_send
    (512, None, 0, 16, 1)
    >>> lane.hear(Position("j", "recorder", 500), 2.3)
    >>> lane.room(2.3), lane.next_to_send
    (512, 500)
    """

    def __init__(self, consumer: str, confirmed: int, now_s: float) -> None:
        self.consumer = consumer
        self.confirmed = confirmed
        self.next_to_send = confirmed
        self._is_asked = False
        self._is_silent = False
        self._went_back_s = now_s
        self._progressed_s = now_s

    def hear(self, word: Position, now_s: float) -> None:
        """Take the consumer's word. One that asks may have lost its memory: then it is believed backwards too."""
        if word.is_request:
            self._is_asked = True
            self.confirmed = word.next_number
        if word.next_number > self.confirmed or word.is_request:
            self._is_silent = False
            self._progressed_s = now_s
        self.confirmed = max(self.confirmed, word.next_number)

    def give_up(self, base: int) -> None:
        """Take note that what comes before ``base`` is kept no longer."""
        self.confirmed = max(self.confirmed, base)

    def room(self, now_s: float) -> int:
        """Say how many parcels may be sent now, after going back if that is due."""
        is_stuck = self.next_to_send > self.confirmed and now_s - self._progressed_s > PATIENCE_S
        if is_stuck or (self._is_asked and now_s - self._went_back_s > REST_S):
            self.next_to_send = self.confirmed
            self._is_asked = False
            self._is_silent |= is_stuck
            self._went_back_s = self._progressed_s = now_s
        self.next_to_send = max(self.next_to_send, self.confirmed)
        return max(0, self.confirmed + (PROBE if self._is_silent else WINDOW) - self.next_to_send)

    def sent(self, number: int) -> None:
        """Take note that all up to this number was sent."""
        self.next_to_send = max(self.next_to_send, number + 1)
