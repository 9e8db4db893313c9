"""A balance: the samples of one stream in one night, each in exactly one place. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """Counts from three books: what the collector committed, what its spool holds, what the detector committed.

    ``lost_by_radio`` never reached the collector. What was ``received`` is ``under_way`` to the detector, was
    ``dropped`` by a full spool, or is ``confirmed``. What is confirmed is ``undecided`` yet, ``used``, or ``excluded``
    for a reason. ``n_droppable`` and ``missing`` are second opinions: what the spool says it dropped, and what the
    detector found missing in the numbering.
    """

    stream: str
    night: str
    lost_by_radio: int
    received: int
    under_way: int
    confirmed: int
    used: int
    excluded: Mapping[str, int]
    n_droppable: int
    missing: int

    @property
    def dropped(self) -> int:
        """Count what was received, and is neither under way nor confirmed."""
        return self.received - self.under_way - self.confirmed

    @property
    def undecided(self) -> int:
        """Count what the detector has, and has not decided yet."""
        return self.confirmed - self.used - sum(self.excluded.values())

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is under way any more."""
        return not self.under_way and not self.undecided

    def faults(self) -> Iterator[str]:
        """Say what does not add up.

        >>> whole = Balance("me/left_calf/a/emg", "2026-11-22", 5, 100, 20, 80, 50, {"movement": 10}, 0, 5)
        >>> list(whole.faults()), whole.undecided, whole.is_settled
        ([], 20, False)
        >>> from dataclasses import replace
        >>> list(replace(whole, confirmed=79).faults())
        ['1 received samples are neither under way nor confirmed, and the spool dropped 0']
        """
        if self.dropped < 0:
            yield f"{-self.dropped} samples are confirmed or under way that were never received"
        if self.dropped > self.n_droppable:
            yield (
                f"{self.dropped} received samples are neither under way nor confirmed, "
                f"and the spool dropped {self.n_droppable}"
            )
        if self.undecided < 0:
            yield f"{-self.undecided} samples were decided that were never taken"
        if not self.dropped and self.is_settled and self.missing != self.lost_by_radio:
            yield f"the detector missed {self.missing} samples, the radio lost {self.lost_by_radio}"
