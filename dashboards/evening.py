"""An evening: what is known of a night while it goes on, from the messages on the bus. Pure."""

from collections.abc import Sequence

from aquiver.model import Fault, Link, Message, Modality, Period, Status, Tally, Twitch
from dashboards.site_night import SiteNight, site_nights


class Evening:
    """Follow one wearer's night. A tally replaces the earlier one of its minute, so repeats change nothing."""

    def __init__(self, wearer: str, night: str) -> None:
        self.night = night
        self.bands: dict[str, Status] = {}
        self.last_twitch_s: dict[tuple[str, Modality], float] = {}
        self._faults: dict[tuple[str, str, str], Fault] = {}
        self._seen_here: tuple[Fault, ...] = ()
        self._wearer = wearer
        self._minutes: dict[tuple[str, Modality, float], Tally] = {}

    def feed(self, message: Message) -> None:
        """Take a message into account."""
        match message:
            case Status() if message.wearer == self._wearer:
                self.bands[message.device] = message
            case Tally() if message.wearer == self._wearer and message.period is Period.MINUTE:
                self._count(message)
            case Fault() if message.wearer == self._wearer:
                self._faults[message.reporter, *message.key] = message
            case Twitch() if message.wearer == self._wearer:
                key = (message.device, message.modality)
                self.last_twitch_s[key] = max(message.peak_s, self.last_twitch_s.get(key, 0.0))

    def see(self, faults: Sequence[Fault]) -> None:
        """Take into account what this process itself sees to be broken: no bus may be there to carry it."""
        self._seen_here = tuple(faults)

    def faults(self) -> list[Fault]:
        """Give what is broken now, each once however many noticed it, along the chain."""
        opened = [*self._seen_here, *(fault for fault in self._faults.values() if fault.is_open)]
        first: dict[tuple[str, str], Fault] = {}
        for fault in sorted(opened, key=lambda fault: fault.since_s):
            first.setdefault(fault.key, fault)
        return sorted(first.values(), key=lambda fault: (list(Link).index(fault.link), fault.since_s))

    def site_nights(self) -> list[SiteNight]:
        """Give the night so far, by stream."""
        return site_nights(self._minutes.values())

    def minutes(self) -> list[Tally]:
        """Give the minutes of the night so far, in order of time."""
        return sorted(self._minutes.values(), key=lambda tally: tally.start_s)

    def newest_minute(self, device: str, modality: Modality) -> Tally | None:
        """Give the newest minute of a stream; none where there is none."""
        mine = (tally for tally in self._minutes.values() if (tally.device, tally.modality) == (device, modality))
        return max(mine, key=lambda tally: tally.start_s, default=None)

    def _count(self, tally: Tally) -> None:
        if tally.night > self.night:
            self.night = tally.night
            self._minutes.clear()
            self.last_twitch_s.clear()
        if tally.night == self.night:
            self._minutes[tally.device, tally.modality, tally.start_s] = tally
