"""What an experiment says. "No difference seen" is a result like any other."""

from aquiver.body import Site
from aquiver.model import Modality, Subject
from dashboards.phrases.diary import NAMES

FIXED = "The outcome is fixed now: twitches per analysable hour, nights with it against nights without."
BLIND = "The two kinds of nights are compared only after the last one: who looks early stops when it suits."
WASHOUT = "The first night of each block does not count."
NONE_YET = "No experiment was laid out yet."
NONE = "No experiment is running. Begin one with: aquiver experiment new caffeine"
STOPPED = "Stopped. As it did not reach its end, nothing is compared."
NO_DIFFERENCE_TOO = "That is a result, too: what you do about it can be left to taste."
NOT_FOR = {
    Subject.MEDICATION: "medication is for those who prescribed it, not for an experiment of this kind",
    Subject.SLEEP: "sleep cannot be drawn by lot; note it, and it is set against your nights",
    Subject.STRESS: "stress cannot be drawn by lot; stress_practice can",
}


def begun(subject: Subject, site: Site, modality: Modality, n_pairs: int, n_nights: int) -> str:
    """Say what was laid out.

    >>> begun(Subject.CAFFEINE, Site.LEFT_CALF, Modality.EMG, 4, 5)
    'Experiment with caffeine, counted on left calf (emg): 4 pairs of blocks of 5 nights each, in drawn order.'
    """
    where = f"counted on {site.words} ({modality})"
    return f"Experiment with {NAMES[subject]}, {where}: {n_pairs} pairs of blocks of {n_nights} nights each, in drawn order."


def span(first: str, last: str) -> str:
    """Say when.

    >>> span("2026-11-23", "2027-01-01")
    'First night 2026-11-23, last night 2027-01-01.'
    """
    return f"First night {first}, last night {last}."


def today(subject: Subject, number: int, total: int, *, is_on: bool) -> str:
    """Say what to do today.

    >>> today(Subject.CAFFEINE, 12, 40, is_on=False)
    'Experiment, day 12 of 40: today without caffeine. Please note it, also that there was none.'
    """
    how = "with" if is_on else "without"
    return (
        f"Experiment, day {number} of {total}: today {how} {NAMES[subject]}. Please note it, also that there was none."
    )


def before(subject: Subject, first: str) -> str:
    """Say that it has not begun.

    >>> before(Subject.CAFFEINE, "2026-11-23")
    'The experiment with caffeine begins on 2026-11-23.'
    """
    return f"The experiment with {NAMES[subject]} begins on {first}."


def over(subject: Subject) -> str:
    """Say that it is over.

    >>> over(Subject.CAFFEINE)
    'The experiment with caffeine is over. See what it says with: aquiver experiment end'
    """
    return f"The experiment with {NAMES[subject]} is over. See what it says with: aquiver experiment end"


def running(last: str) -> str:
    """Say that the end has not come.

    >>> running("2027-01-01")
    'It runs until the night of 2027-01-01, and says nothing before. To give it up: aquiver experiment end --stop'
    """
    return f"It runs until the night of {last}, and says nothing before. To give it up: aquiver experiment end --stop"


def too_little(n_pairs: int, n_needed: int) -> str:
    """Say that too little was measured.

    >>> too_little(2, 3)
    'Too little was measured to compare: 2 pairs of blocks, of at least 3.'
    """
    return f"Too little was measured to compare: {n_pairs} pairs of blocks, of at least {n_needed}."


def no_difference(subject: Subject, n_pairs: int, low: float, high: float) -> str:
    """Say that no difference was seen.

    >>> no_difference(Subject.CAFFEINE, 4, 0.9, 1.2)
    'No difference seen: with caffeine the rate was 0.90 to 1.20 times that without, over 4 pairs of blocks.'
    """
    how_much = f"{low:.2f} to {high:.2f} times that without"
    return f"No difference seen: with {NAMES[subject]} the rate was {how_much}, over {n_pairs} pairs of blocks."


def difference(subject: Subject, n_pairs: int, ratio: float, low: float, high: float) -> str:
    """Say a difference with its interval.

    >>> difference(Subject.CAFFEINE, 4, 1.4, 1.1, 1.8)
    'With caffeine the rate was 1.40 times that without (1.10 to 1.80), over 4 pairs of blocks.'
    """
    how_much = f"{ratio:.2f} times that without ({low:.2f} to {high:.2f})"
    return f"With {NAMES[subject]} the rate was {how_much}, over {n_pairs} pairs of blocks."


def kept_to(n_against: int, n_noted: int, n_days: int) -> str:
    """Say how the diary and the draw met.

    >>> kept_to(2, 30, 40)
    'Your diary speaks of 30 of the 40 days; on 2 of them it was not as drawn.'
    """
    return f"Your diary speaks of {n_noted} of the {n_days} days; on {n_against} of them it was not as drawn."


def one_at_a_time(subject: Subject) -> str:
    """Refuse a second one.

    >>> one_at_a_time(Subject.CAFFEINE)
    'an experiment with caffeine is running; two at once could not be told apart'
    """
    return f"an experiment with {NAMES[subject]} is running; two at once could not be told apart"


def not_possible(given: str, known: str) -> str:
    """Say what can be tried.

    >>> not_possible("chocolate", "caffeine, alcohol")
    '"chocolate" cannot be tried; what can: caffeine, alcohol'
    """
    return f'"{given}" cannot be tried; what can: {known}'


WHERE = "no site has been measured yet; name one with --site"
