"""The verdicts on a lane in a block: a row of flags each, in arrays of shape (verdicts, lanes, blocks)."""

SEARCHED, LOUD, SATURATED, FLAT, NOISY, WARM_UP = range(6)
