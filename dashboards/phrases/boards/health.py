"""The words of the board of health: the machine's, not the wearer's."""

from dashboards.phrases.boards import Words

TITLE = "Health of the machine"
ABOUT = "Whether bands, radio, collector and detector do what they should. Nothing here is about the body."
LEAD = Words("What am I looking at?", "What this board shows and what it does not.")
TEXT = """\
**How the machine did for ${wearer}.** Every second since a band appeared is either *analysable* or set aside for a
reason; nothing goes missing unseen. Bands are noted every half minute. Nothing on this board is about the body.
Red is a fault of the machine, and nothing else is red. `aquiver ledger` counts the same night sample by sample.
"""
LEDGER = Words(
    "Where did each second go?",
    "All seconds of the chosen bands, hour by hour: analysable, or set aside and why. The bars add up to the time since "
    "the bands appeared.",
)
LEDGER_BY_STREAM = Words(
    "How much of it could be used, band by band?",
    "The same, summed over the range. Analysable and set aside add up to the time since the band appeared.",
)
RECEIVED = Words(
    "How many samples arrived, and how many did not?",
    "Samples received, and samples missing in the numbering, in each interval. A collector that starts anew counts from "
    "nothing: the interval across that is left out.",
)
GAPS = Words(
    "How many gaps were there?",
    "Stretches without samples: how many, how long together, and the longest. No row: none, or not measured.",
)
SILENCE = Words(
    "How long was each band silent?",
    "The age of the newest sample when each note was made, the oldest in each interval.",
)
BATTERY = Words("How full are the batteries?", "As the bands tell it. Some do not; then there is no line.")
SIGNAL = Words(
    "How strongly are the bands heard?",
    "How strongly each was heard before it was last connected (dBm; nearer to zero is stronger). A connected band is not "
    "measured again.",
)
RESIDUAL = Words(
    "How well do the bands' clocks fit?",
    "The typical error of the straight line from sample numbers to time.",
)
WAITING = Words(
    "How much waits in the spool?",
    "Chunks that the collector keeps until detector and recorder have confirmed them; the most in each interval.",
)
DELAY = Words(
    "How late do decisions come?",
    "The age of what the detector decided when it reached the store; the most in each interval. A backlog that is caught "
    "up with shows as late for a while.",
)
FAULTS = Words(
    "What was broken, and for how long?",
    "Faults as the services saw them, newest first; the last 200 of the range. One that is still so has no length.",
)
NO_GAPS = "no gap, or not measured"
NO_FAULTS = "no fault was seen"
