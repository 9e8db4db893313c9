"""The label of a twitch: how it stands to its neighbours."""

from aquiver.model import Label

_ALONE_S = 0.250  # Sleutjes 2016
_DOUBLET_S = (0.010, 0.110)  # Kleine 2012


def label_of(since_s: float, until_s: float) -> Label:
    """Label a twitch by the time since the one before and until the next; infinite if there is none.

    >>> [label_of(9.0, 0.3).value, label_of(9.0, 0.05).value, label_of(0.05, 0.05).value, label_of(0.2, 9.0).value]
    ['isolated', 'doublet', 'grouped', 'grouped']
    """
    nearest_s, other_s = sorted((since_s, until_s))
    if nearest_s > _ALONE_S:
        return Label.ISOLATED
    shortest_s, longest_s = _DOUBLET_S
    is_pair = shortest_s <= nearest_s <= longest_s and other_s > _ALONE_S
    return Label.DOUBLET if is_pair else Label.GROUPED
