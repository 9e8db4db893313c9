"""The wearable that is looked for, and whether it is among those that were heard."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from aquiver.errors import LinkLost

SETTLE_S = 3.0  # wearables advertise at least once in about 1.3 s: time for a second one, or the known address


@dataclass(frozen=True, slots=True)
class Wanted:
    """One wearable of a kind. With neither address nor name, the only one near is the one.

    ``others`` are addresses that belong to other bands of the same person. The methods take the names that were heard, by address.
    """

    kind: str
    address: str | None = None
    name: str | None = None
    others: frozenset[str] = frozenset()

    def patience_s(self, names: Mapping[str, str], settle_s: float) -> float:
        """Give how long to listen on: not at all once the address is heard, a while once it may be there."""
        if self._addressed(names):
            return 0.0
        return settle_s if self._matching(names) else math.inf

    def choose(self, names: Mapping[str, str]) -> str:
        """Give the address of the wanted one. A wearable of a stranger is never taken for it.

        >>> Wanted("myo", name="Left leg").choose({"A": "Left leg", "B": "Right leg"})
        'A'

        Raises:
            LinkLost: it is not there, or it could be several.
        """
        chosen = self._addressed(names) or self._matching(names)
        match chosen:
            case [address]:
                return address
            case []:
                raise LinkLost(self._absence(names))
            case _:
                raise LinkLost(
                    f"{len(chosen)} wearables could be this {self.kind}: {_listed(names, chosen)}; set its address"
                )

    def _addressed(self, names: Mapping[str, str]) -> list[str]:
        return [address for address in names if self.address and address.upper() == self.address.upper()]

    def _matching(self, names: Mapping[str, str]) -> list[str]:
        """List those that are it by name: after a change of address it is still known so."""
        others = {address.upper() for address in self.others}
        free = [address for address in names if address.upper() not in others]
        if self.address is None and self.name is None:
            return free
        return [address for address in free if self.name and names[address] == self.name]

    def _absence(self, names: Mapping[str, str]) -> str:
        which = " ".join(word for word in (self.kind, self.name, self.address) if word)
        advice = "is it charged, near, and not connected to a phone?"
        others = f" Others near: {_listed(names, names)}." if names else ""
        return f"{which} not found; {advice}{others}"


def _listed(names: Mapping[str, str], addresses: Mapping[str, str] | list[str]) -> str:
    return ", ".join(f"{names[address] or 'nameless'} ({address})" for address in addresses)
