"""The table of virtual wearables: a driver's name, and the firmware that speaks to it."""

from collections.abc import Callable, Mapping

from aquiver.body import Site
from collector.simulation.body import Body
from collector.virtual.firmware import Firmware
from collector.virtual.ganglion import VirtualGanglion
from collector.virtual.gforce import VirtualGForce
from collector.virtual.movesense import VirtualMovesense
from collector.virtual.myo import VirtualMyo
from collector.virtual.npg import VirtualNpg
from collector.virtual.open_band import VirtualOpenBand
from collector.virtual.polar import VirtualPolar
from collector.virtual.umyo import VirtualUmyo
from collector.virtual.witmotion import VirtualWitmotion

FIRMWARES: Mapping[str, Callable[[Body, Site], Firmware]] = {
    "ganglion": VirtualGanglion,
    "gforce": VirtualGForce,
    "movesense": VirtualMovesense,
    "myo": VirtualMyo,
    "npg": VirtualNpg,
    "open_band": VirtualOpenBand,
    "polar": VirtualPolar,
    "umyo": VirtualUmyo,
    "witmotion": VirtualWitmotion,
}
