"""The symptom card: a fixed list, led by what the wearer noted and by nothing a band measured."""

from collections.abc import Sequence

TITLE = "When to see a doctor"
NOW = "Now, by telephone or in an emergency department: trouble breathing at rest or lying flat, or trouble swallowing."
SOON = "Soon, if you notice any of these:"
SIGNS = (
    "weakness of an arm, a leg or the neck that grows over days or weeks, or a foot that drops",
    "a muscle that visibly shrinks",
    "trouble speaking, or slurred words",
    "trouble swallowing or breathing: see above",
    "weight loss that you cannot explain",
    "twitches that spread, together with any of these",
)
COMMON = "Twitches alone are common: about seven people in ten notice them at some time, and most keep them for years."
MENTION = "Worth mentioning to a doctor at your next visit, with your notes: cramps, and numbness or tingling."
SAME = "This list is the same for everyone and does not look at what a band counted."
HOW = f"{SAME} If you notice one of these, note it with: aquiver note weakness right hand"
TAKE = "Take along: aquiver report, and your diary (aquiver note --list)."


def ticked(names: Sequence[str]) -> str:
    """Say what the wearer noted.

    >>> ticked(["weakness, 1 time, right hand (2026-11-22)"])
    'You noted: weakness, 1 time, right hand (2026-11-22).'
    """
    return f"You noted: {'; '.join(names)}."


SEE_NOW = "With trouble breathing or swallowing: get medical help now, today, whatever a band counted."
SEE_SOON = "With what you noted: make an appointment with a doctor and say when it began and how it changed."
SEE_MENTION = "What you noted is worth mentioning to a doctor at your next visit."
SEE_SOON_SPREAD = "If twitches have spread as well, say that too."
