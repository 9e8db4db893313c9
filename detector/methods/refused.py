"""The method of a stream that no method can judge."""

from typing import Self

import numpy as np
from msgspec import Struct

from aquiver.model import Samples, Signal, SpanReason
from detector.dsp.floor import block_length
from detector.finding import Finding, Mark, Stretch


class Refused(Struct, tag="refused"):
    """Find nothing, and say so: all time is excluded, none is passed off as quiet.

    >>> import numpy as np
    >>> from aquiver.model import Channel, Modality, Unit
    >>> ecg = Signal(Modality.ECG, 4.0, Unit.MICROVOLT, 32768, (Channel("1"),))
    >>> [mark.reason.value for finding in Refused.begin(ecg, 0).feed(np.zeros((2, 1), np.int32)) for mark in finding.marks]
    ['unsuitable', 'unsuitable']
    """

    n_block: int
    position: int
    n_lanes: int = 1
    k: float = np.inf

    @classmethod
    def begin(cls, signal: Signal, position: int) -> Self:
        """Start at a sample number."""
        return cls(block_length(signal.rate_hz), position)

    def feed(self, samples: Samples) -> list[Finding]:
        """Exclude the next whole blocks."""
        end = self.position + len(samples)
        starts = range(self.position, end, self.n_block)
        self.position = end
        blocks = [Stretch(start, start + self.n_block) for start in starts]
        return [Finding(block, marks=(Mark(block.start, block.stop, SpanReason.UNSUITABLE),)) for block in blocks]

    def finish(self) -> Finding:
        """End with nothing."""
        return Finding(Stretch(self.position, self.position))

    def restart(self, position: int) -> None:
        """Go on after a gap."""
        self.position = position
