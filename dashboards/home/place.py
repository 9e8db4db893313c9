"""A place: one band of one wearer as Home Assistant knows it, and the topics about it."""

from dataclasses import dataclass

from aquiver.body import Site

ROOT = "aquiver/home"
ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A band on a site."""

    site: Site
    device: str

    @property
    def name(self) -> str:
        """Name it as part of an id.

        >>> Place(Site.LEFT_CALF, "band-1").name
        'left_calf_band-1'
        """
        return f"{self.site}_{self.device}"

    def state_topic(self, wearer: str) -> str:
        """Give the topic with all numbers of this band."""
        return f"{ROOT}/{wearer}/{self.name}/state"

    def fresh_topic(self, wearer: str) -> str:
        """Give the topic that says whether its newest sample is young enough to be of now."""
        return f"{ROOT}/{wearer}/{self.name}/fresh"


def service_topic(wearer: str) -> str:
    """Give the topic that says whether aquiver runs; the broker says offline when the connection breaks."""
    return f"{ROOT}/{wearer}/service"


def device_id(wearer: str) -> str:
    """Give the id of a wearer's device."""
    return f"aquiver_{wearer}"


def discovery_topic(prefix: str, wearer: str) -> str:
    """Give the topic that describes a wearer's device."""
    return f"{prefix}/device/{device_id(wearer)}/config"
