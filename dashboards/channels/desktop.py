"""The desktop this runs on: a notification over D-Bus, by notify-send, silent and low."""

import shutil

from aquiver.errors import ChannelFailed
from dashboards.channels.child import run
from dashboards.notices.outbox import Letter

_WITHIN_S = 10.0


class Desktop:
    """Show a message on the desktop of whoever is logged in here."""

    async def send(self, letter: Letter) -> None:
        """Show a message, without a sound."""
        program = shutil.which("notify-send")
        if program is None:
            raise ChannelFailed("there is no notify-send here (Debian package libnotify-bin)")
        hints = ("--hint=boolean:suppress-sound:true", f"--hint=string:x-aquiver-reference:{letter.reference}")
        command = (program, "--app-name=aquiver", "--urgency=low", *hints, "--", letter.title, letter.text)
        outcome = await run(*command, within_s=_WITHIN_S)
        if outcome.code != 0:
            raise ChannelFailed(outcome.err.strip() or "the desktop did not take it")
