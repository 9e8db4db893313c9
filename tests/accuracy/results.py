"""Results: the outcome of each case, run on a set of seeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import stderr

from tests.accuracy.cases import CASES, Case
from tests.accuracy.judge import judge
from tests.accuracy.outcome import Outcome, total


@dataclass(frozen=True, slots=True)
class Results:
    """Outcomes by case; a case without scenes has none. ``by_seed`` keeps them apart."""

    by_seed: dict[tuple[str, str], Outcome]

    @property
    def seeds(self) -> list[str]:
        """List the seeds, in their order."""
        return list(dict.fromkeys(seed for _, seed in self.by_seed))

    def only(self, seed: str) -> "Results":
        """Give what one seed brought."""
        return Results({key: outcome for key, outcome in self.by_seed.items() if key[1] == seed})

    def cases(self, *groups: str) -> list[Case]:
        """List the cases of some groups that were run; of all groups if none is named."""
        names = {name for name, _ in self.by_seed}
        return [case for case in CASES if case.name in names and (not groups or case.group in groups)]

    def of(self, *names: str) -> Outcome | None:
        """Add up the outcomes of cases; none if none was run."""
        parts = [outcome for (name, _), outcome in self.by_seed.items() if name in names]
        return total(parts) if parts else None

    def group(self, *groups: str, fastest_hz: float = 1e9, slowest_hz: float = 0.0) -> Outcome | None:
        """Add up groups, of devices within these rates."""
        cases = [case for case in self.cases(*groups) if slowest_hz <= _rate_hz(case) <= fastest_hz]
        return self.of(*(case.name for case in cases))


def _rate_hz(case: Case) -> float:
    """Read the rate of a device off its name; a real recording has none there."""
    words = getattr(case, "device", "").split()
    return float(words[words.index("Hz") - 1]) if "Hz" in words else 0.0


def run(cases: Iterable[Case], seeds: Sequence[str]) -> Results:
    """Run cases on seeds, one after another, and say on stderr how far it is."""
    cases = list(cases)
    by_seed = {}
    for number, case in enumerate(cases, start=1):
        _say(f"{number}/{len(cases)} {case.name}")
        for seed in seeds:
            outcomes = [judge(scene, case.mains_hz) for scene in case.scenes(seed)]
            if outcomes:
                by_seed[case.name, seed] = total(outcomes)
            if _is_same_for_all(case):
                break
    _say("")
    return Results(by_seed)


def _is_same_for_all(case: Case) -> bool:
    """Tell whether seeds change nothing: a recording as it is."""
    return case.group in {"leak", "acc real zero"}


def _say(words: str) -> None:
    if stderr.isatty():
        print(f"\r{words:70.70}\r", end="", file=stderr, flush=True)
