"""The table of wearables: a name, and the driver that speaks to it.

Others add theirs through the entry-point group ``aquiver.devices``: each entry is an ``aquiver.driver.Driver``.
"""

from importlib.metadata import entry_points

from aquiver.driver import Driver
from aquiver.errors import SettingsError
from collector.devices.ganglion import Ganglion
from collector.devices.gforce import GForce
from collector.devices.movesense import Movesense
from collector.devices.myo import Myo
from collector.devices.npg import Npg
from collector.devices.open_band import OpenBand
from collector.devices.polar import Polar
from collector.devices.umyo import Umyo
from collector.devices.witmotion import Witmotion

_ENTRY_POINTS = "aquiver.devices"
_OURS: tuple[Driver, ...] = (
    Ganglion(),
    GForce(),
    Movesense(),
    Myo(),
    Npg(),
    OpenBand(),
    Polar(),
    Umyo(),
    Witmotion(),
)

DRIVERS = {driver.name: driver for driver in _OURS}


def driver_named(name: str) -> Driver:
    """Give the driver of a wearable.

    Raises:
        SettingsError: there is none of that name; the text lists those there are.
    """
    if name in DRIVERS:
        return DRIVERS[name]
    others = entry_points(group=_ENTRY_POINTS)
    if name in others.names:
        driver: Driver = others[name].load()
        return driver
    known = ", ".join(sorted({*DRIVERS, *others.names}))
    raise SettingsError(f"no wearable is called {name!r}; known are: {known}")
