"""What the morning summary says: coverage first, then counts, then one sentence for each notable thing."""

from aquiver.body import Site
from aquiver.model import Modality


def heading(night: str) -> str:
    """Name the night.

    >>> heading("2026-11-22")
    'Night of 2026-11-22'
    """
    return f"Night of {night}"


def coverage(site: Site, modality: Modality, analysable: str, measured: str) -> str:
    """Say how much of the night a count rests on.

    >>> coverage(Site.LEFT_CALF, Modality.EMG, "6 h 10 min", "7 h 30 min")
    'left calf (emg): analysable 6 h 10 min of 7 h 30 min'
    """
    return f"{site.words} ({modality}): analysable {analysable} of {measured}"


def rate(count: str, per_hour: float, low: float, high: float) -> str:
    """Say a count with its rate and the 95 % interval.

    >>> rate("41 twitches", 6.6, 4.9, 8.9)
    '41 twitches, 6.6 per analysable hour (4.9 to 8.9)'
    """
    return f"{count}, {per_hour:.1f} per analysable hour ({low:.1f} to {high:.1f})"


def usual(low: float, high: float, n_nights: int) -> str:
    """Say the wearer's own usual range.

    >>> usual(4.2, 9.5, 21)
    'your usual range over 21 measured nights: 4.2 to 9.5'
    """
    return f"your usual range over {n_nights} measured nights: {low:.1f} to {high:.1f}"


def usual_too_early(n_nights: int, n_needed: int) -> str:
    """Say that there are too few nights for a usual range.

    >>> usual_too_early(3, 7)
    'your usual range: too early to say (3 of 7 measured nights)'
    """
    return f"your usual range: too early to say ({n_nights} of {n_needed} measured nights)"


def not_measured(site: Site) -> str:
    """Say that a site that was measured lately was not measured this night.

    >>> not_measured(Site.RIGHT_HAND)
    'right hand: not measured'
    """
    return f"{site.words}: not measured"


def recurrent(site: Site, n_positive: int, n_valid: int) -> str:
    """Say that twitches come on most nights of a week.

    >>> recurrent(Site.LEFT_CALF, 5, 7)
    'Left calf: twitches on 5 of the last 7 measured nights.'
    """
    return f"{site.words.capitalize()}: twitches on {n_positive} of the last {n_valid} measured nights."
