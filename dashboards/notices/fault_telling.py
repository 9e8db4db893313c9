"""Telling faults: what is broken of the machine, as matters. It says nothing about the body. Pure."""

from collections.abc import Sequence

from aquiver.model import Fault
from dashboards.notices.matter import Matter, Sort
from dashboards.phrases import faults as phrases

_APART_S = 60.0  # several services notice the same within seconds; it is one fault


def fault_matters(faults: Sequence[Fault], now_s: float) -> list[Matter]:
    """Give one wearer's faults as matters: what several services report of one thing is one."""
    found: list[Matter] = []
    for same in _together(faults):
        first = same[0]
        is_open = any(one.until_s is None for one in same)
        ends_s = [one.until_s for one in same if one.until_s is not None]
        found.append(
            Matter(
                sort=Sort.FAULTS,
                kind=first.kind.value,
                about=first.subject,
                key=f"{first.kind}/{first.subject}/{first.since_s:.0f}",
                since_s=first.since_s,
                title=f"{first.site.words if first.site is not None else first.subject}: {phrases.NAMES[first.kind]}",
                text=f"{phrases.what(first, now_s)} {phrases.ACTION[first.kind]}",
                over_s=None if is_open else max(ends_s),
            )
        )
    return found


def _together(faults: Sequence[Fault]) -> list[list[Fault]]:
    """Put reports of one kind and subject together that overlap, or follow within a minute; earliest first."""
    groups: dict[tuple[str, str], list[list[Fault]]] = {}
    for fault in sorted(faults, key=lambda one: one.since_s):
        so_far = groups.setdefault(fault.key, [])
        if so_far and fault.since_s <= _end_s(so_far[-1]) + _APART_S:
            so_far[-1].append(fault)
        else:
            so_far.append([fault])
    return [group for mine in groups.values() for group in mine]


def _end_s(group: Sequence[Fault]) -> float:
    return max(float("inf") if one.until_s is None else one.until_s for one in group)
