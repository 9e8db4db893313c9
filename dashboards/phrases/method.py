"""How was counted and judged, in the words of the page for the doctor."""

from aquiver.model import Rules


def made_by(version: str, method: str) -> str:
    """Say what made the page."""
    return f"aquiver {version}, method {method}"


def method_lines(rules: Rules, version: str, method: str) -> tuple[str, ...]:
    """Say how was counted and judged, with the numbers in force."""
    counting = (
        f"{made_by(version, method)}: band-pass, running noise floor, threshold; time with movement, no contact, "
        "heartbeats or gaps is set aside and is in no rate."
    )
    nights = (
        f"Valid night: at least {rules.valid_hours:g} analysable hours. Positive: the lower 95 % bound of the rate lies "
        f"above the site's own floor of false events (it starts at {rules.start_floor_per_hour:g} per hour and is never "
        f"below {rules.least_floor_per_hour:g})."
    )
    definitions = (
        f"Persistent: positive on {rules.persistent_nights} of {rules.persistent_of} valid nights within "
        f"{rules.persistent_days} days, the second half not clearly below the first. New region: positive on "
        f"{rules.new_nights} of {rules.new_of} valid nights after at least {rules.new_after} that were not, each above "
        f"the {rules.new_confidence:.1%} prediction limit of the nights before."
    )
    trends = (
        "Change: a line through the log rate with autocorrelated errors (Prais-Winsten), over up to "
        f"{rules.trend_days} days and at least {rules.trend_nights} valid nights, looked at once a week. “Changed” needs "
        f"p\u00a0<\u00a0{rules.trend_p:g} (shared between sites) and {rules.trend_share:.0%} in four weeks, on {rules.looks} looks "
        "in a row. No change seen does not mean that there was none."
    )
    return counting, nights, definitions, trends
