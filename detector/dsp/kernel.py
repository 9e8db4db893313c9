"""The inner loops, compiled: same inputs, same order of operations, same bits as the numpy code beside them.

Only ``compiling.loops`` imports this, and only where numba is. Arrays named ``state`` or ``history`` are changed in place.
"""

from detector.dsp.kernel_context import step, swings
from detector.dsp.kernel_ranks import quantiles
from detector.dsp.kernel_recurrence import matched
from detector.dsp.kernel_sizes import sizes
from detector.dsp.kernel_tile import scan

__all__ = ["matched", "quantiles", "scan", "sizes", "step", "swings"]
