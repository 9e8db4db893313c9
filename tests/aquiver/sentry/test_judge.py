"""The judge names the link that broke, within 30 s of the cause, and nothing else; and an untroubled night has no fault."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from aquiver.body import Site
from aquiver.model import (
    BandState,
    FaultKind,
    Heartbeat,
    Link,
    Modality,
    Position,
    ServiceState,
    Status,
    StreamStatus,
)
from aquiver.sentry.attention import Moment
from aquiver.sentry.judge import Judge
from aquiver.sentry.limits import LIMITS
from tests.samples import NOW_S, a_tally

SERVICES = ("collector", "detector", "recorder", "view")
WITHIN_S = 30


@dataclass
class World:
    """A house whose parts say what real ones say; a test breaks one of them."""

    alive: set[str] = field(default_factory=lambda: set(SERVICES))
    stuck: set[str] = field(default_factory=set)
    is_carrying: bool = True
    has_samples: bool = True
    counts: bool = True
    state: BandState = BandState.STREAMING
    battery_percent: float | None = 80.0
    emg_flows: bool = True
    set_by_s: float = 0.0
    goodbye: bool = False

    def messages(self, t: int) -> Iterable[object]:
        """Give what is said in the t-th second."""
        if not self.is_carrying:
            return
        wall_s = NOW_S + t + self.set_by_s
        for service in SERVICES:
            if service in self.alive and t % 2 == 0:
                yield Heartbeat(service, f"{service}-1", wall_s, ServiceState.RUNNING)
        if "collector" in self.alive:
            yield self.status(wall_s)
        is_flowing = self.has_samples and "collector" in self.alive
        for consumer in ("detector", "recorder"):
            if is_flowing and consumer in self.alive - self.stuck:
                yield Position("spool", consumer, t)
        if "detector" in self.alive - self.stuck and is_flowing and self.counts and t % 60 == 3:
            yield a_tally(wall_s - 60)

    def status(self, wall_s: float) -> Status:
        newest_s = {Modality.ACCELEROMETER: wall_s if self.has_samples else NOW_S}
        if self.emg_flows is not None:
            newest_s[Modality.EMG] = wall_s if self.has_samples and self.emg_flows else NOW_S
        streams = {modality: StreamStatus(time_s, 1, 0, 0.0) for modality, time_s in newest_s.items()}
        return Status("me", "band", Site.LEFT_CALF, wall_s, self.state, "", self.battery_percent, 0, streams)


class Watch:
    """A judge that looks at a world once a second."""

    def __init__(self, world: World, me: str = "view") -> None:
        self.world = world
        self.judge = Judge(me)
        self.t = 0
        self.machine_s = 5000.0

    def go(self, n_seconds: int) -> set[tuple[Link, FaultKind, str]]:
        """Go on, and give all that was found on the way."""
        found = set()
        for _ in range(n_seconds):
            self.t += 1
            self.machine_s += 1.0
            now = Moment(NOW_S + self.t + self.world.set_by_s, self.machine_s)
            for message in self.world.messages(self.t):
                self.judge.feed(message, now)
            found |= {(one.link, one.kind, one.subject) for one in self.judge.judge(now).broken}
        return found


def kill(service: str) -> Callable[[World], None]:
    def cause(world: World) -> None:
        world.alive.discard(service)

    return cause


def set_to(**values: object) -> Callable[[World], None]:
    def cause(world: World) -> None:
        for name, value in values.items():
            setattr(world, name, value)

    return cause


CASES = {
    "a band goes out of range": (
        set_to(has_samples=False, state=BandState.SEARCHING),
        (Link.SENSOR, FaultKind.OUT_OF_REACH, "band"),
    ),
    "a band is connected and silent": (set_to(has_samples=False), (Link.SENSOR, FaultKind.SILENT, "band")),
    "one stream of a band is silent": (set_to(emg_flows=False), (Link.SENSOR, FaultKind.SILENT, "band-emg")),
    "a battery runs empty": (
        set_to(has_samples=False, state=BandState.LOST, battery_percent=3.0),
        (Link.SENSOR, FaultKind.BATTERY_EMPTY, "band"),
    ),
    "a battery is low": (set_to(battery_percent=9.0), (Link.SENSOR, FaultKind.BATTERY_LOW, "band")),
    "the collector dies": (kill("collector"), (Link.COLLECTOR, FaultKind.SERVICE_GONE, "collector")),
    "the detector dies": (kill("detector"), (Link.DETECTOR, FaultKind.SERVICE_GONE, "detector")),
    "the recorder dies": (kill("recorder"), (Link.STORE, FaultKind.SERVICE_GONE, "recorder")),
    "the view dies": (kill("view"), (Link.VIEW, FaultKind.SERVICE_GONE, "view")),
    "the broker dies or carries nothing": (
        set_to(is_carrying=False),
        (Link.BROKER, FaultKind.BROKER_SILENT, "broker"),
    ),
    "the detector hangs": (set_to(stuck={"detector"}), (Link.DETECTOR, FaultKind.NOT_CONFIRMING, "detector")),
    "the recorder hangs": (set_to(stuck={"recorder"}), (Link.STORE, FaultKind.NOT_CONFIRMING, "recorder")),
}


# The dead judge nobody.
SEEN_BY = [(case, me) for case in CASES for me in SERVICES if case != f"the {me} dies"]


@pytest.mark.parametrize(("case", "me"), SEEN_BY)
def test_the_link_that_broke_is_named_in_time_alone_and_until_it_is_mended(case, me):
    cause, expected = CASES[case]
    watch = Watch(World(), me)
    assert watch.go(300) == set()
    cause(watch.world)
    found = watch.go(WITHIN_S)
    weak = {(Link.SENSOR, FaultKind.BATTERY_LOW, "band")} if "runs empty" in case else set()  # until it falls silent
    assert found - weak == {expected}
    assert watch.go(1) == {expected}
    watch.world = World(set_by_s=watch.world.set_by_s)
    watch.go(4)
    assert watch.go(300) == set()


def test_a_detector_that_counts_nothing_is_named_within_minutes():
    watch = Watch(World())
    watch.go(120)
    watch.world.counts = False
    assert watch.go(240) == {(Link.DETECTOR, FaultKind.NO_RECORDS, "detector")}


def test_an_untroubled_night_raises_nothing_and_neither_does_a_quiet_day():
    watch = Watch(World())
    assert watch.go(8 * 3600) == set()
    for service in SERVICES[:3]:
        message = Heartbeat(service, f"{service}-1", NOW_S, ServiceState.ENDED)
        watch.judge.feed(message, Moment(NOW_S + watch.t, watch.machine_s))
    watch.world.alive = {"view"}
    assert watch.go(3600) == set()


@pytest.mark.parametrize("step_s", [3600.0, -3600.0, 2.5, -7200.0])
def test_a_clock_that_is_set_raises_nothing(step_s):
    watch = Watch(World())
    watch.go(100)
    watch.world.set_by_s = step_s
    assert watch.go(200) == set()


@pytest.mark.parametrize(("by_machine_s", "by_wall_s"), [(0.0, 3600.0), (3600.0, 3600.0)], ids=["linux", "others"])
def test_sleep_of_this_machine_raises_nothing_although_bands_take_a_while_to_come_back(by_machine_s, by_wall_s):
    """The machine's clock stands still in sleep on Linux, and goes on elsewhere or when only our process was stopped."""
    watch = Watch(World())
    watch.go(100)
    watch.machine_s += by_machine_s
    watch.world.set_by_s += by_wall_s
    watch.world.has_samples, watch.world.state = False, BandState.SEARCHING
    found = watch.go(18)
    watch.world.has_samples, watch.world.state = True, BandState.STREAMING
    assert found | watch.go(100) == set()


def test_a_band_that_was_never_heard_has_a_minute():
    world = World(has_samples=False, emg_flows=None, state=BandState.SEARCHING)
    world.status = lambda wall_s: replace(World.status(world, wall_s), streams={})
    watch = Watch(world)
    assert watch.go(int(LIMITS.starting_s)) == set()
    assert watch.go(10) == {(Link.SENSOR, FaultKind.OUT_OF_REACH, "band")}


def test_what_a_broker_kept_of_earlier_nights_is_no_fault():
    watch = Watch(World())
    old = replace(World().status(NOW_S - 9e4), device="old")
    watch.judge.feed(old, Moment(NOW_S, watch.machine_s))
    for service, state in (("page", ServiceState.GONE), ("notify", ServiceState.RUNNING)):
        watch.judge.feed(Heartbeat(service, "x", NOW_S - 9e4, state), Moment(NOW_S, watch.machine_s))
    watch.judge.feed(Position("older spool", "detector", 7), Moment(NOW_S, watch.machine_s))
    watch.judge.feed(Position("older spool", "recorder", 7), Moment(NOW_S, watch.machine_s))
    assert watch.go(300) == set()


def test_a_collector_alone_is_told_that_nobody_takes_its_samples():
    watch = Watch(World(alive={"collector"}), me="collector")
    assert watch.go(WITHIN_S) == {
        (Link.DETECTOR, FaultKind.SERVICE_GONE, "detector"),
        (Link.STORE, FaultKind.SERVICE_GONE, "recorder"),
    }


def test_a_service_that_the_broker_says_is_gone_is_named_sooner():
    watch = Watch(World())
    watch.go(100)
    watch.world.alive.discard("detector")
    gone = Heartbeat("detector", "detector-1", NOW_S, ServiceState.GONE)
    watch.judge.feed(gone, Moment(NOW_S + watch.t, watch.machine_s))
    assert watch.go(12) == {(Link.DETECTOR, FaultKind.SERVICE_GONE, "detector")}


def test_a_quick_restart_is_no_fault():
    watch = Watch(World())
    watch.go(100)
    gone = Heartbeat("detector", "detector-1", NOW_S, ServiceState.GONE)
    watch.judge.feed(gone, Moment(NOW_S + watch.t, watch.machine_s))
    assert watch.go(100) == set()


def test_a_battery_that_wavers_is_named_once():
    watch = Watch(World(battery_percent=9.0))
    watch.go(30)
    watch.world.battery_percent = 11.0
    assert watch.go(5) == {(Link.SENSOR, FaultKind.BATTERY_LOW, "band")}
    watch.world.battery_percent = 90.0
    watch.go(2)
    assert watch.go(5) == set()


def test_what_lies_behind_a_broken_link_is_not_judged():
    watch = Watch(World())
    watch.go(100)
    watch.world.is_carrying = False
    watch.go(20)
    judgement = watch.judge.judge(Moment(NOW_S + watch.t + 1, watch.machine_s + 1))
    assert judgement.hidden == set(Link) - {Link.BROKER}
    watch.world.is_carrying = True
    watch.go(100)
    watch.world.alive.discard("collector")
    watch.go(20)
    assert watch.judge.judge(Moment(NOW_S + watch.t + 1, watch.machine_s + 1)).hidden == {Link.SENSOR}
