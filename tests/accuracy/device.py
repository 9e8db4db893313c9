"""Devices: rate, channels, step and range of the converter, as the wearables have them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Stream, Unit


@dataclass(frozen=True, slots=True)
class Device:
    """A converter. ``step`` is one integer in microvolts, or in g; ``offset`` an electrode's own voltage."""

    name: str
    rate_hz: float
    bits: int
    step: float
    unit: Unit = Unit.MICROVOLT
    n_channels: int = 1
    modality: Modality = Modality.EMG
    offset: float = 0.0

    @property
    def limit(self) -> int:
        return 2 ** (self.bits - 1) - 1

    def stream(self, site: Site) -> Stream:
        scale = 1.0 if self.unit is Unit.COUNT else self.step
        channels = tuple(Channel(str(number + 1), scale) for number in range(self.n_channels))
        signal = Signal(self.modality, self.rate_hz, self.unit, self.limit, channels)
        return Stream("judge", f"{self.name} on {site}", site, signal)

    def convert(self, values: NDArray) -> NDArray[np.int32]:
        """Round values in the physical unit, shape (channels, n), to integers, shape (n, channels)."""
        integers = np.rint((values.T + self.offset) / self.step)
        return np.clip(integers, -self.limit, self.limit).astype(np.int32)


EMG_DEVICES = (
    Device("8 bit 200 Hz", 200.0, 8, 1.5, Unit.COUNT, 8),
    Device("24 bit 250 Hz", 250.0, 24, 0.02, n_channels=4, offset=8000.0),
    Device("12 bit 500 Hz", 500.0, 12, 0.6, Unit.COUNT, 3),
    Device("16 bit 500 Hz", 500.0, 16, 0.1),
    Device("16 bit 1000 Hz", 1000.0, 16, 0.1, n_channels=2),
    Device("8 bit 1000 Hz", 1000.0, 8, 2.0, Unit.COUNT),
)
EMG = {device.name: device for device in EMG_DEVICES}


def accelerometer(name: str, rate_hz: float, bits: int, step_mg: float) -> Device:
    """A sensor of three axes."""
    return Device(name, rate_hz, bits, step_mg / 1000.0, Unit.G, 3, Modality.ACCELEROMETER)


ACCELEROMETER_DEVICES = (
    accelerometer("52 Hz 8 g", 52.0, 16, 0.244),
    accelerometer("100 Hz 2 g", 100.0, 16, 0.061),
    accelerometer("100 Hz 16 g", 100.0, 16, 0.488),
)
ACCELEROMETER = {device.name: device for device in ACCELEROMETER_DEVICES}
