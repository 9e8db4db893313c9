"""What Home Assistant shows: names of entities and buttons."""

from aquiver.body import Site
from aquiver.model import Modality
from dashboards.phrases import TWITCHES

RATE = "an hour tonight"
BATTERY = "battery"
WORN = "worn"
STREAMING = "streaming"
NEWEST = "newest sample"
LAST_NIGHT = "last night"
LAST_NIGHT_HOURS = "analysable hours last night"
COFFEE = "note a coffee"
WATER = "note a glass of water"
SNOOZE = "snooze notices for 7 days"
ACKNOWLEDGE = "acknowledge notices"
UNIT_COUNT = "twitches"


def device(wearer: str) -> str:
    """Name the device.

    >>> device("anna")
    'aquiver anna'
    """
    return f"aquiver {wearer}"


def total(site: Site, modality: Modality) -> str:
    """Name a total.

    >>> total(Site.LEFT_CALF, Modality.EMG)
    'left calf twitches'
    """
    return f"{site.words} {TWITCHES[modality]}"


def rate(site: Site, modality: Modality) -> str:
    """Name a rate.

    >>> rate(Site.LEFT_CALF, Modality.EMG)
    'left calf twitches an hour tonight'
    """
    return f"{total(site, modality)} {RATE}"


def last_night(site: Site, modality: Modality) -> str:
    """Name the rate of the last night.

    >>> last_night(Site.LEFT_CALF, Modality.EMG)
    'left calf twitches an hour last night'
    """
    return f"{total(site, modality)} an hour {LAST_NIGHT}"


def of_site(site: Site, what: str) -> str:
    """Name something of a site.

    >>> of_site(Site.LEFT_CALF, BATTERY)
    'left calf battery'
    """
    return f"{site.words} {what}"


def felt(site: Site) -> str:
    """Name the button for a felt twitch.

    >>> felt(Site.LEFT_CALF)
    'felt a twitch: left calf'
    """
    return f"felt a twitch: {site.words}"
