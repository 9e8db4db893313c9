"""A sentence of InfluxQL. ``$timeFilter`` and what else begins with a dollar is put in by Grafana."""

WEARER = '"wearer" =~ /^${wearer:regex}$/'  # as a pattern, in which Grafana escapes what a name may hold
SITE = '"site" =~ /^${site:regex}$/'
TWITCHING = '"modality" =~ /^(emg|accelerometer)$/'
BY_STREAM = ("site", "modality", "device")
EACH_INTERVAL = "time($__interval)"


def ask(
    what: str, where_from: str, *where: str, by: tuple[str, ...] = (), end: str = "", when: str = "$timeFilter"
) -> str:
    """Spell a question about one measurement.

    >>> ask('count("snr")', "twitch", WEARER, by=("site",))
    'SELECT count("snr") FROM "twitch" WHERE $timeFilter AND "wearer" =~ /^${wearer:regex}$/ GROUP BY "site"'
    """
    conditions = " AND ".join(one for one in (when, *where) if one)
    return " ".join(one for one in (f'SELECT {what} FROM "{where_from}"', f"WHERE {conditions}", _by(by), end) if one)


def within(inner: str, what: str, where: str, by: tuple[str, ...]) -> str:
    """Spell a question about what another one gives."""
    return f"SELECT {what} FROM ({inner}) WHERE {where} {_by(by)}"


def _by(by: tuple[str, ...]) -> str:
    return "GROUP BY " + ", ".join(one if "(" in one else f'"{one}"' for one in by) if by else ""
