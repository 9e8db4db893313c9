"""What the alert rules ask. There are no variables in a rule: everyone in the bucket is asked about."""

from dashboards.queries.sentence import ask

_WHOSE = ("wearer", "site")
_BAND = ("wearer", "site", "device", "modality")


def held(kind: str) -> str:
    """Ask whether the judge's rule holds: 1 while it does."""
    return ask(f'last("{kind}_open")', "judged", by=_WHOSE)


SILENT = ask('last("silent_s")', "band", by=_BAND)
RUNNING = ask('last("is_running")', "band", by=_BAND)
HEARD = ask('count("is_running")', "band", by=("time(5m)", *_BAND), end="fill(0)")
BATTERY = ask('last("battery_percent")', "band", by=_BAND)
DELAY = ask('max("delay_s")', "band", by=_BAND)
