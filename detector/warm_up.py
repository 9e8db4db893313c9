"""Compile the inner loops before a night needs them: python -m detector.warm_up."""

import numpy as np

from aquiver.model import Channel, Modality, Samples, Signal, Unit
from detector.methods import open_method

_EMG = Signal(Modality.EMG, 1000.0, Unit.MICROVOLT, 32767, (Channel("1"), Channel("2")))
_ACCELEROMETER = Signal(Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 0.0001) for axis in "xyz"))
_N_BLOCKS = 48  # 12 s: a potential after the noise is known meets every loop


def main() -> None:
    """Search either kind of signal, block by block at first and then many blocks at once."""
    for signal in (_EMG, _ACCELEROMETER):
        method = open_method(signal, None, 0)
        samples = _noise_with_a_potential(method.n_block, len(signal.channels))
        method.feed(samples[: method.n_block])
        method.feed(samples[method.n_block :])


def _noise_with_a_potential(n_block: int, n_channels: int) -> Samples:
    samples = np.random.default_rng(1).normal(0.0, 4.0, (_N_BLOCKS * n_block, n_channels))
    samples[40 * n_block : 40 * n_block + 8] += 100 * np.sin(np.arange(8))[:, np.newaxis]
    return samples.round().astype(np.int32)


if __name__ == "__main__":
    main()
