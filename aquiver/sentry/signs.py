"""Signs of life: when each last changed, by the machine's clock of the one who looks. Pure.

Times inside messages are other machines' and may step; that one differs from the last is a sign of life, and the only
one that is used.
"""

from collections.abc import Hashable


class Signs:
    """Remember for each sign its last value and since when it has that value.

    >>> signs = Signs()
    >>> for machine_s, newest_s in ((0.0, 7.0), (1.0, 8.0), (9.0, 8.0)):
    ...     signs.see("band", newest_s, machine_s)
    >>> signs.age_s("band", 10.0), signs.age_s("another", 10.0)
    (9.0, None)
    """

    def __init__(self) -> None:
        self._seen: dict[Hashable, tuple[object, float]] = {}
        self._changed: set[Hashable] = set()

    def see(self, sign: Hashable, value: object, machine_s: float) -> None:
        """Take note of a value. The first one counts as a change: how old it is cannot be known."""
        before = self._seen.get(sign)
        if before is None or before[0] != value:
            self._seen[sign] = (value, machine_s)
        if before is not None and before[0] != value:
            self._changed.add(sign)

    def has_changed(self, sign: Hashable) -> bool:
        """Tell whether a sign ever changed while we looked; a word that a broker kept does not."""
        return sign in self._changed

    def age_s(self, sign: Hashable, machine_s: float) -> float | None:
        """Give how long a sign has not changed; none if it was never seen."""
        found = self._seen.get(sign)
        return None if found is None else machine_s - found[1]

    def forgive(self, machine_s: float) -> None:
        """Begin to wait anew for every sign: we were not looking."""
        self._seen = {sign: (value, machine_s) for sign, (value, _) in self._seen.items()}
