"""What the board of spread asks."""

from aquiver.body import Site
from dashboards.queries.sentence import WEARER, ask


def middle_of(site: Site) -> str:
    """Ask for the shade of a site's middle rate over its last measured nights."""
    return ask('last("middle_shade")', "judged", WEARER, f"\"site\" = '{site}'")


REGIONS = ask('"state"', "region", WEARER, by=("region",))
ORDER = ask(
    '"place", "site_f" AS "site", "region_f" AS "region", "measured_since" AS "measured since", '
    '"was_quiet_before" AS "measured and quiet before", "n_regions" AS "regions so far"',
    "step",
    WEARER,
    when="",
)
WEEKS = ask(
    '"n_regions_measured" AS "regions measured", "n_regions_positive" AS "regions with twitches", '
    '"n_sites_measured" AS "sites measured", "n_sites_positive" AS "sites with twitches"',
    "week",
    WEARER,
)
WEEK_HOURS = ask('"analysable_s" AS "analysable in seven nights"', "week", WEARER)
