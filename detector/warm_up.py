"""Compile the inner loops before a night needs them: python -m detector.warm_up."""

import numpy as np

from aquiver.model import Channel, Modality, Signal, Unit
from detector.methods import open_method

_EMG = Signal(Modality.EMG, 1000.0, Unit.MICROVOLT, 32767, (Channel("1"), Channel("2")))
_ACCELEROMETER = Signal(Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 0.0001) for axis in "xyz"))


def main() -> None:
    """Search one block of either kind of signal."""
    for signal in (_EMG, _ACCELEROMETER):
        method = open_method(signal, None, 0)
        method.feed(np.zeros((method.n_block, len(signal.channels)), np.int32))


if __name__ == "__main__":
    main()
