"""What the board of health asks."""

from aquiver.model import SpanReason
from dashboards.queries.sentence import BY_STREAM, EACH_INTERVAL, SITE, WEARER, ask

_HOURS = ("\"period\" = 'hour'", WEARER, SITE)
_MOST_FAULTS = 200
_SECONDS = ", ".join(
    f'sum("{name}") AS "{words}"'
    for name, words in [
        ("analysable_s", "analysable"),
        *((f"{reason}_s", reason.replace("_", " ")) for reason in SpanReason),
    ]
)

LEDGER = ask(_SECONDS, "tally", *_HOURS, by=("time(1h)",), end="fill(none)")
LEDGER_BY_STREAM = ask(f'{_SECONDS}, sum("excluded_s") AS "set aside"', "tally", *_HOURS, by=BY_STREAM)
GAPS = ask(
    'count("duration_s") AS "gaps", sum("duration_s") AS "together", max("duration_s") AS "longest"',
    "span",
    "\"reason\" = 'gap'",
    WEARER,
    SITE,
    by=BY_STREAM,
)


def of_bands(what: str) -> str:
    """Ask for a figure of the bands over time."""
    return ask(what, "band", WEARER, SITE, by=(EACH_INTERVAL, *BY_STREAM), end="fill(none)")


RECEIVED = of_bands('non_negative_difference(last("n_samples"))')
LOST = of_bands('non_negative_difference(last("n_lost"))')
BATTERY = of_bands('last("battery_percent")')
SIGNAL = of_bands('last("rssi_dbm")')
RESIDUAL = of_bands('max("residual_s")')
SILENCE = of_bands('max("silent_s")')
DELAY = of_bands('max("delay_s")')
WAITING = ask('max("n_waiting")', "band", WEARER, SITE, by=(EACH_INTERVAL,), end="fill(none)")
FAULTS = ask(
    '"link", "fault", "subject", "reporter", "site_f" AS "site", "is_open" AS "still so", '
    '"lasted_s" AS "lasted", "reason"',
    "fault",
    WEARER,
    end=f"ORDER BY time DESC LIMIT {_MOST_FAULTS}",
)
