"""The vigil: what the page knows of tonight, from the store's records so far and the messages on the bus. Pure."""

from aquiver.model import Message
from dashboards.evening import Evening


class Vigil:
    """Follow one wearer's night for all who look on."""

    def __init__(self, wearer: str, night: str) -> None:
        self.evening = Evening(wearer, night)

    def feed(self, message: Message) -> None:
        """Take a message into account."""
        self.evening.feed(message)
