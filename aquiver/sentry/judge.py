"""The judge: from messages and the time to what is broken. Pure.

It goes along the chain. Behind a link that is broken nothing can be seen, so nothing is said about it: a dead
collector's bands are not called silent, and without a broker nothing else is judged.
"""

from collections.abc import Hashable, Iterator

from aquiver.model import FaultKind, Heartbeat, Link, Message, Position, ServiceState, Status, Tally
from aquiver.sentry.attention import Attention, Moment
from aquiver.sentry.bands import Bands
from aquiver.sentry.finding import Finding, Judgement, link_of
from aquiver.sentry.limits import LIMITS, Limits
from aquiver.sentry.signs import Signs

_CONSUMERS = ("detector", "recorder")
_ALL_LINKS = frozenset(Link)


class Judge:
    """Watch the chain as one service, ``me``, sees it."""

    def __init__(self, me: str, limits: Limits = LIMITS) -> None:
        self._me = me
        self._limits = limits
        self._signs = Signs()
        self._attention = Attention()
        self._bands = Bands(self._signs, limits)
        self._services: dict[str, Heartbeat] = {}
        self._journals: set[str] = set()
        self._is_blind = False
        self._began_s: float | None = None
        self._flow_began_s: float | None = None

    def feed(self, message: Message, now: Moment) -> None:
        """Take a message as a sign of life."""
        match message:
            case Status():
                self._bands.feed(message, now.machine_s)
            case Heartbeat():
                self._services[message.service] = message
                self._signs.see(("service", message.service), message, now.machine_s)
            case Position():
                if message.consumer == "detector":
                    self._journals.add(message.journal)  # whose chunks the detector takes is a collector's
                confirms = ("confirms", message.consumer, message.journal)
                self._signs.see(confirms, message.next_number, now.machine_s)
            case Tally():
                counted = (message.device, message.start_s, message.analysable_s)
                self._signs.see("tallies", counted, now.machine_s)

    def judge(self, now: Moment) -> Judgement:
        """Say what is broken now. To be called about once a second."""
        machine_s = now.machine_s
        if self._attention.is_broken(now) or self._began_s is None:
            self._begin(machine_s)
        if self._age_s(("service", self._me), machine_s) > self._limits.echo_s:
            self._is_blind = True
            silent = Finding(Link.BROKER, FaultKind.BROKER_SILENT, "broker", for_s=self._limits.echo_s)
            return Judgement((silent,), _ALL_LINKS - {Link.BROKER})
        if self._is_blind:
            self._is_blind = False
            self._begin(machine_s)
        self._follow_flow(machine_s)
        broken = tuple(self._broken(machine_s))
        is_new = machine_s - (self._began_s or 0.0) <= self._limits.silent_s
        return Judgement(broken, _ALL_LINKS if is_new else self._hidden(broken))

    def _begin(self, machine_s: float) -> None:
        """Begin to wait anew for everyone: while we could not look, nothing follows from silence."""
        self._signs.forgive(machine_s)
        self._began_s = machine_s
        self._flow_began_s = None

    def _age_s(self, sign: Hashable, machine_s: float) -> float:
        assert self._began_s is not None  # for mypy: judge() begins
        age_s = self._signs.age_s(sign, machine_s)
        return machine_s - self._began_s if age_s is None else age_s

    def _follow_flow(self, machine_s: float) -> None:
        """Remember since when samples have been flowing without a pause."""
        if not self._bands.are_flowing(machine_s):
            self._flow_began_s = None
        elif self._flow_began_s is None:
            self._flow_began_s = machine_s

    def _has_flowed_for(self, wanted_s: float, machine_s: float) -> bool:
        return self._flow_began_s is not None and machine_s - self._flow_began_s > wanted_s

    def _hidden(self, broken: tuple[Finding, ...]) -> frozenset[Link]:
        is_collector_gone = any(finding.link is Link.COLLECTOR for finding in broken)
        return frozenset({Link.SENSOR}) if is_collector_gone else frozenset()

    def _broken(self, machine_s: float) -> Iterator[Finding]:
        gone = {service for service in (*self._services, *_CONSUMERS) if self._is_gone(service, machine_s)}
        for service in sorted(gone - {self._me}):
            for_s = self._age_s(("service", service), machine_s)
            yield Finding(link_of(service), FaultKind.SERVICE_GONE, service, for_s=for_s)
        for consumer in sorted(set(_CONSUMERS) - gone):
            if self._is_stuck(consumer, machine_s):
                yield Finding(link_of(consumer), FaultKind.NOT_CONFIRMING, consumer, for_s=self._limits.confirm_s)
        if "detector" not in gone and self._lacks_records(machine_s):
            yield Finding(Link.DETECTOR, FaultKind.NO_RECORDS, "detector", for_s=self._limits.records_s)
        if self._is_collecting() and "collector" not in gone:
            yield from self._bands.broken(machine_s)

    def _is_collecting(self) -> bool:
        heartbeat = self._services.get("collector")
        return heartbeat is not None and heartbeat.state is not ServiceState.ENDED

    def _is_gone(self, service: str, machine_s: float) -> bool:
        """Tell whether a service went without a goodbye, or lacks although samples are being taken."""
        heartbeat = self._services.get(service)
        is_needed = service in _CONSUMERS and self._is_collecting()
        if heartbeat is None or heartbeat.state is ServiceState.ENDED:
            return is_needed and self._age_s(("service", service), machine_s) > self._limits.confirm_s
        if not is_needed and service != "collector" and not self._signs.has_changed(("service", service)):
            return False  # a word the broker kept from someone who is no longer run
        is_said = heartbeat.state is ServiceState.GONE
        limit_s = self._limits.gone_s if is_said else self._limits.heartbeat_s
        return self._age_s(("service", service), machine_s) > limit_s

    def _is_stuck(self, consumer: str, machine_s: float) -> bool:
        """Tell whether a consumer lives and takes nothing of what flows."""
        signs = [("confirms", consumer, journal) for journal in self._journals]
        moved = [sign for sign in signs if self._signs.has_changed(sign)]
        limit_s = self._limits.confirm_s
        if not moved or not self._has_flowed_for(limit_s, machine_s):
            return False
        return min(self._age_s(sign, machine_s) for sign in moved) > limit_s

    def _lacks_records(self, machine_s: float) -> bool:
        limit_s = self._limits.records_s
        return self._has_flowed_for(limit_s, machine_s) and self._age_s("tallies", machine_s) > limit_s
