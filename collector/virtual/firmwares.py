"""The table of virtual wearables: a driver's name, and the firmware that speaks to it."""

from collections.abc import Callable, Mapping

from aquiver.body import Site
from collector.simulation.body import Body
from collector.virtual.firmware import Firmware
from collector.virtual.myo import VirtualMyo
from collector.virtual.open_band import VirtualOpenBand
from collector.virtual.polar import VirtualPolar

FIRMWARES: Mapping[str, Callable[[Body, Site], Firmware]] = {
    "myo": VirtualMyo,
    "open_band": VirtualOpenBand,
    "polar": VirtualPolar,
}
