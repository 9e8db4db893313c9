"""The table of virtual wearables: a driver's name, and the firmware that speaks to it."""

from collections.abc import Callable, Mapping

from aquiver.body import Site
from collector.simulation.body import Body
from collector.virtual.firmware import Firmware
from collector.virtual.gforce import VirtualGForce
from collector.virtual.movesense import VirtualMovesense
from collector.virtual.myo import VirtualMyo
from collector.virtual.polar import VirtualPolar

FIRMWARES: Mapping[str, Callable[[Body, Site], Firmware]] = {
    "gforce": VirtualGForce,
    "movesense": VirtualMovesense,
    "myo": VirtualMyo,
    "polar": VirtualPolar,
}
