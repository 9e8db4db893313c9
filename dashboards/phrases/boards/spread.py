"""The words of the board of spread."""

from dashboards.phrases.boards import Words

TITLE = "Spread"
ABOUT = "Where twitches were measured, and in what order sites began to have them."
LEAD = Words("What am I looking at?", "What this board shows and what it does not.")
TEXT = """\
**Where ${wearer} was measured, and what was found there.** A sensor sees the muscle below it and no other: a site
without a band is **not measured**, never quiet. *New* can only be what was measured before and was quiet then; a night
on which every site rose together counts for none. Regions are the four that clinicians use: bulbar (face), cervical
(neck, arms), thoracic (trunk), lumbosacral (legs). Weakness, shrinking muscles, trouble speaking, swallowing or
breathing, unexplained loss of weight: see a doctor, whatever this board shows; breathing or swallowing trouble: now.
"""
BODY = Words(
    "Where, and how much?",
    "The middle rate (median) of each site's last 28 measured nights, as it was with the newest one in the range. Grey: not "
    "measured. Seen from the front. Where this panel cannot be drawn, the next one says the same by region.",
)
REGIONS = Words(
    "Which region had twitches on which night?",
    "A region is as its most telling site. Pale blue: measured, and not above the floor. Grey: not measured.",
)
ORDER = Words(
    "In what order did sites begin to have twitches?",
    "The night since which each site counts; one stray night is none. Only where a site was measured and quiet before is "
    "that night known to be the first; else it had them when it was first measured, or nearly. All nights, whatever the "
    "range.",
)
WEEKS = Words(
    "How many regions, of those measured?",
    "Regions and sites with at least one night with twitches in the seven nights up to each date, beside those that were "
    "measured at all. More sites measured can show more; that alone is not spread.",
)
WEEK_HOURS = Words(
    "How long could be counted in?",
    "Analysable time of all sites together in the same seven nights.",
)
