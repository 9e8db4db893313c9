"""A push service, mail or webhook, reached in a child process with a deadline."""

import json
import sys

from aquiver.errors import ChannelFailed
from dashboards.channels.child import run
from dashboards.notices.outbox import Letter

WITHIN_S = 30.0  # longer than any timeout of the service itself; who drips bytes for ever is ended here


class Push:
    """Send to one address. It is a secret: it goes to the child by stdin, never in an argument or a log."""

    def __init__(self, address: str, within_s: float = WITHIN_S) -> None:
        self._address = address
        self._within_s = within_s

    async def send(self, letter: Letter) -> None:
        """Send a message; taken by some of an address's targets is taken, as a repeat would reach those twice."""
        errand = {"address": self._address, "title": letter.title, "text": letter.text, "reference": letter.reference}
        command = (sys.executable, "-m", "dashboards.channels.errand")
        outcome = await run(*command, say=json.dumps(errand), within_s=self._within_s)
        if outcome.code != 0:
            raise ChannelFailed(outcome.out.strip() or "the push service could not be used")
