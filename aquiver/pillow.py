"""The pillow: a wearer of its own, so that a placebo night can never count as a night of the person."""

SUFFIX = "-pillow"


def pillow_of(wearer: str) -> str:
    """Name the wearer under which a person's placebo nights are kept.

    >>> pillow_of("anna")
    'anna-pillow'
    """
    return wearer if is_pillow(wearer) else wearer + SUFFIX


def is_pillow(wearer: str) -> bool:
    """Tell whether a wearer is a pillow.

    >>> is_pillow("anna-pillow"), is_pillow("anna")
    (True, False)
    """
    return wearer.endswith(SUFFIX)
