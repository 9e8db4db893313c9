"""The words of the board of persistence."""

from dashboards.phrases.boards import Words

TITLE = "Persistence"
ABOUT = "Whether twitches last over weeks, site by site."
LEAD = Words("What am I looking at?", "What this board shows and what it does not.")
TEXT = """\
**The nights of ${wearer}, site by site.** A night is a date from noon to noon. A *measured* night has at least two
analysable hours; a night *with twitches* has more than the site's own floor of false events, beyond chance. Grey was
**not measured**, which is not zero. Counts of one night scatter by half or double without anything having changed, so
nothing here is said of one night. *Changed* is said of a rate, in either direction; it says nothing of what that means.
Weakness, shrinking muscles, trouble speaking, swallowing or breathing, unexplained loss of weight: see a doctor,
whatever this board shows; breathing or swallowing trouble: now.
"""
CALENDAR = Words(
    "On which nights were there how many?",
    "One cell a night and site, by twitches per analysable hour. Light grey: too little data to say. Grey: not measured.",
)
LAST_NIGHTS = Words(
    "On how many of the last measured nights were there twitches?",
    "Of the last 14 and 28 measured nights of each site, with the analysable time in them. Fewer than 14 or 28 are "
    "counted where there are not more. The night is the newest measured one.",
)
KNOWN = Words(
    "What do the weeks say together?",
    "Recurrent: on most nights of a week. Persistent: on at least 10 of 14 measured nights, without clearly falling. New: "
    "a site that was measured and quiet before. Changed: two weekly looks agree that the rate is another, with the factor "
    "in four weeks and its 95 % interval. docs/judgement.md has the definitions with their sources.",
)
RATES = Words(
    "How many per analysable hour, and is that usual for you?",
    "Measured nights only, with the 95 % interval of each. The band is your own usual range: four fifths of your last 28 "
    "measured nights before that one. The line (Theil-Sen) comes once there are nights enough: until then it is too "
    "early to say. Marks at the foot are diary entries and notices.",
)
ANALYSABLE = Words(
    "How long could be counted in?",
    "Analysable time of each night and site: what the rates rest on. No bar: not measured.",
)
NOTES = "Diary"
NOTICES = "Notices"
