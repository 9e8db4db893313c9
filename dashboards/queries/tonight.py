"""What the board of tonight asks."""

from dashboards.queries.sentence import BY_STREAM, EACH_INTERVAL, SITE, TWITCHING, WEARER, ask, within

_MINUTES = ("\"period\" = 'minute'", TWITCHING, WEARER, SITE)
_RATE = 'sum("n_twitches") / sum("analysable_s") * 3600 AS "rate", sum("analysable_s") AS "analysable"'
_ENOUGH_S = 600  # a rate over less than ten minutes says nothing
_ENOUGH_OF_AN_INTERVAL_S = 60

BANDS = ask(
    'last("state") AS "state", last("newest_ms") AS "newest sample", last("battery_percent") AS "battery"',
    "band",
    WEARER,
    SITE,
    by=BY_STREAM,
)
COUNTS = ask(
    'sum("n_twitches") AS "twitches", sum("analysable_s") AS "analysable", sum("excluded_s") AS "set aside"',
    "tally",
    *_MINUTES,
    by=BY_STREAM,
)
RATES = within(
    ask(_RATE, "tally", *_MINUTES, '"analysable_s" > 0', by=BY_STREAM),
    '"rate" AS "twitches per analysable hour"',
    f'"analysable" >= {_ENOUGH_S}',
    BY_STREAM,
)
RATE_OVER_TIME = within(
    ask(_RATE, "tally", *_MINUTES, '"analysable_s" > 0', by=(EACH_INTERVAL, *BY_STREAM), end="fill(none)"),
    '"rate"',
    f'"analysable" >= {_ENOUGH_OF_AN_INTERVAL_S}',
    BY_STREAM,
)
ANALYSABLE_OVER_TIME = ask('sum("analysable_s")', "tally", *_MINUTES, by=(EACH_INTERVAL, *BY_STREAM), end="fill(none)")
TWITCHES = ask(
    'max("snr")', "twitch", TWITCHING, WEARER, SITE, by=(EACH_INTERVAL, "site", "modality"), end="fill(none)"
)
FLOOR = ask('mean("floor")', "tally", *_MINUTES, '"analysable_s" > 0', by=(EACH_INTERVAL, *BY_STREAM), end="fill(none)")
MOVEMENT = ask(
    'sum("movement_s")',
    "tally",
    *_MINUTES,
    '("analysable_s" > 0 OR "movement_s" > 0)',
    by=(EACH_INTERVAL, *BY_STREAM),
    end="fill(none)",
)
