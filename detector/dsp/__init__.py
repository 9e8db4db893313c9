"""Numbers in, numbers out: every part here carries its state, so that cutting its input changes nothing.

States are ``msgspec.Struct``, because a snapshot keeps them as they are. Sums run in a fixed order: results are
the same to the last bit, however many samples arrive at once.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.intp]
