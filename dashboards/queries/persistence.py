"""What the board of persistence asks."""

from dashboards.queries.sentence import SITE, WEARER, ask

_MEASURED = "(\"state\" = 'positive' OR \"state\" = 'below')"
_NEWEST = "ORDER BY time DESC LIMIT 1"

CALENDAR = ask('"shade"', "judged", WEARER, SITE, by=("site",))
LAST_NIGHTS = ask(
    '"night", "n_positive_14" AS "positive of 14", "n_valid_14" AS "measured of 14", '
    '"analysable_14_s" AS "analysable in 14", "n_positive_28" AS "positive of 28", '
    '"n_valid_28" AS "measured of 28", "analysable_28_s" AS "analysable in 28"',
    "judged",
    WEARER,
    SITE,
    _MEASURED,
    by=("site",),
    end=_NEWEST,
)
KNOWN = ask(
    '"night", "recurrent", "persistent", "new_region" AS "new", "changed", "trend" AS "weekly look", '
    '"trend_ratio" AS "factor in four weeks", "trend_low" AS "factor from", "trend_high" AS "factor to", '
    '"trend_nights" AS "nights looked at"',
    "judged",
    WEARER,
    SITE,
    _MEASURED,
    by=("site",),
    end=_NEWEST,
)
RATES = ask(
    '"rate_per_hour" AS "rate", "low_per_hour" AS "lower end", "high_per_hour" AS "upper end", '
    '"usual_low_per_hour" AS "usual from", "usual_high_per_hour" AS "usual to", "line_per_hour" AS "line"',
    "judged",
    WEARER,
    SITE,
    by=("site",),
)
ANALYSABLE = ask('"analysable_s"', "judged", WEARER, SITE, by=("site",))
NOTES = ask('"subject", "amount", "night"', "note", WEARER, '"is_removed" = false')
NOTICES = ask('"kind", "site_f", "state"', "notice", WEARER)
