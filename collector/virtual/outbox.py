"""The outbox of a firmware: a short queue for the radio, in which notifications get lost."""

from collections.abc import Callable, Iterable

from collector.virtual.firmware import Said

Drop = Callable[[int], bool]


class Outbox:
    """Lets notifications through, but for those whose number ``drop`` picks (0 is the first ever sent).

    A radio link repeats until it succeeds; real loss is a full queue in the wearable, so it is modelled here.
    """

    def __init__(self, drop: Drop | None = None) -> None:
        self._drop = drop
        self._n_said = 0

    def feed(self, said: Iterable[Said]) -> tuple[Said, ...]:
        """Give what leaves the wearable."""
        numbered = list(enumerate(said, self._n_said))
        self._n_said += len(numbered)
        return tuple(one for number, one in numbered if self._drop is None or not self._drop(number))
