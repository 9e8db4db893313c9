"""Acts: what the page can set going at a bedside, done by those who may: the check, the search for bands, a new band."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from dashboards.readiness import Finding


@dataclass(frozen=True, slots=True)
class Near:
    """A wearable that is near: the driver that takes it, its address and name, and how strong its signal is."""

    kind: str
    address: str
    name: str
    rssi_dbm: int | None


@dataclass(frozen=True, slots=True)
class SetUp:
    """A band that is set up: its name, where it is worn, where its samples come from."""

    device: str
    site: Site
    source: str
    battery_h: float


@dataclass(frozen=True, slots=True)
class Acts:
    """What others do for the page.

    ``check`` judges whether all is ready until a morning ``HH:MM``. ``search`` lists what is near after so many
    seconds. ``add`` puts a band into the settings and gives its name; ``set_up`` lists what stands there now.
    They raise AquiverError with a sentence for the person.
    """

    check: Callable[[str], Awaitable[Sequence[Finding]]]
    search: Callable[[float], Awaitable[Sequence[Near]]]
    add: Callable[[str, str, Site], str]
    set_up: Callable[[], Sequence[SetUp]]
    drivers: tuple[str, ...]
