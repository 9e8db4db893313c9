"""The words of the board of tonight."""

from dashboards.phrases.boards import Words

TITLE = "Tonight"
ABOUT = "How the bands do now, and what they have counted since the evening."
LEAD = Words(
    "What am I looking at?",
    "What this board shows and what it does not.",
)
TEXT = """\
**The last twelve hours of ${wearer}.** Above: whether each band is heard. Below: twitches, always with the time in which
they could be counted. *Analysable* time is in contact, still and without a gap; a stretch that is empty here was
**not measured**, which is not zero. One night says little by itself: [Persistence](/d/aquiver-persistence) and
[Spread](/d/aquiver-spread) look at weeks. This board counts and shows; it does not diagnose.
"""
BANDS = Words(
    "Is every band heard?",
    "What the collector does about each band, when its newest sample came, and how full its battery is. Judge a band by "
    "its newest sample. A band that never began is not listed.",
)
NIGHT = Words(
    "How many twitches so far?",
    "Counts of the whole range by band, with the time they were counted in and the time set aside. There is no rate "
    "while less than ten minutes were analysable: that is too early to say.",
)
HOUR = Words(
    "How many twitches in the last hour?",
    "The same for the last hour alone. No row: nothing was measured. No rate: less than ten minutes were analysable.",
)
RATE = Words(
    "When did twitches come?",
    "Twitches per analysable hour, interval by interval, where at least a minute of it was analysable. An empty stretch "
    "was not measured, or too little of it.",
)
ANALYSABLE = Words(
    "How much of that time could be counted in?",
    "Analysable time in each interval: what the rates above rest on.",
)
TWITCHES = Words(
    "How large were the twitches?",
    "The largest twitch of each interval: peak to peak in units of that site's own noise floor. Where the panel above shows "
    "no analysable time, no dot could be seen.",
)
FLOOR = Words(
    "How quiet are the sensors?",
    "The noise floor while something could be analysed, in each sensor's own unit; sites can be compared with "
    "themselves only. A floor that rises hides small twitches.",
)
MOVEMENT = Words(
    "How much did the wearer move?",
    "Time set aside as movement in each interval. In it nothing is counted, whatever twitches there were.",
)
