"""Shade: the class of a rate, for cells and bodies that are coloured by it. The darker the more."""

from enum import StrEnum


class Shade(StrEnum):
    """Twitches per analysable hour, in classes; and the two for which there is no rate."""

    NOT_MEASURED = "not_measured"
    TOO_LITTLE = "too_little"
    UNDER_5 = "under_5"
    FROM_5 = "from_5"
    FROM_20 = "from_20"
    FROM_60 = "from_60"
    FROM_150 = "from_150"


_LEAST = {Shade.UNDER_5: 0.0, Shade.FROM_5: 5.0, Shade.FROM_20: 20.0, Shade.FROM_60: 60.0, Shade.FROM_150: 150.0}


def shade_of(rate_per_hour: float) -> Shade:
    """Give the class of a rate.

    >>> shade_of(0.0), shade_of(20.0)
    (<Shade.UNDER_5: 'under_5'>, <Shade.FROM_20: 'from_20'>)
    """
    return [shade for shade, least in _LEAST.items() if rate_per_hour >= least][-1]
