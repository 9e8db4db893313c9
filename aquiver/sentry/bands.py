"""Bands: which of them give samples, by their statuses. Pure."""

from collections.abc import Iterator

from aquiver.model import BandState, FaultKind, Link, Modality, Status
from aquiver.sentry.finding import Finding
from aquiver.sentry.limits import Limits
from aquiver.sentry.signs import Signs

_AWAY = (BandState.SEARCHING, BandState.CONNECTING, BandState.LOST)


class Bands:
    """Judge every stream by the age of its newest sample."""

    def __init__(self, signs: Signs, limits: Limits) -> None:
        self._signs = signs
        self._limits = limits
        self._statuses: dict[str, Status] = {}
        self._weak: set[str] = set()

    def feed(self, status: Status, machine_s: float) -> None:
        """Take note of a status."""
        device = status.device
        self._statuses[device] = status
        self._signs.see(("status", device), status.time_s, machine_s)
        for modality, stream in status.streams.items():
            self._signs.see(("samples", device, modality), stream.newest_sample_s, machine_s)
        if status.battery_percent is not None:
            self._weigh(device, status.battery_percent)

    def are_flowing(self, machine_s: float) -> bool:
        """Tell whether samples of any band are coming in just now."""
        return any(
            self._age_s(status, modality, machine_s) < self._limits.silent_s / 4
            for status in self._here()
            for modality, stream in status.streams.items()
            if stream.newest_sample_s is not None
        )

    def broken(self, machine_s: float) -> Iterator[Finding]:
        """Say which bands, or which of their streams, are silent or will be."""
        for status in self._here():
            silent = list(self._silent(status, machine_s))
            yield from silent
            if status.device in self._weak and not silent:
                yield Finding(Link.SENSOR, FaultKind.BATTERY_LOW, status.device, status.site)

    def _here(self) -> list[Status]:
        """Give the bands the collector speaks of now; others are words that a broker kept of earlier nights."""
        return [
            status
            for device, status in self._statuses.items()
            if self._signs.has_changed(("status", device)) and status.state is not BandState.ENDED
        ]

    def _silent(self, status: Status, machine_s: float) -> Iterator[Finding]:
        if all(stream.newest_sample_s is None for stream in status.streams.values()):
            for_s = self._never_s(status, machine_s)
            if for_s > self._limits.starting_s:
                yield self._finding(status, status.device, for_s)
            return
        ages_s = {modality: self._age_s(status, modality, machine_s) for modality in status.streams}
        silent = [modality for modality, age_s in ages_s.items() if age_s > self._limits.silent_s]
        if len(silent) == len(ages_s):
            yield self._finding(status, status.device, min(ages_s.values()))
            return
        for modality in silent:
            yield self._finding(status, f"{status.device}-{modality}", ages_s[modality])

    def _never_s(self, status: Status, machine_s: float) -> float:
        """Give how long a band without any sample has been waited for."""
        self._signs.see(("waiting", status.device), None, machine_s)
        return self._signs.age_s(("waiting", status.device), machine_s) or 0.0

    def _age_s(self, status: Status, modality: Modality, machine_s: float) -> float:
        return self._signs.age_s(("samples", status.device, modality), machine_s) or 0.0

    def _finding(self, status: Status, subject: str, for_s: float) -> Finding:
        return Finding(Link.SENSOR, self._kind(status), subject, status.site, status.reason, for_s)

    def _kind(self, status: Status) -> FaultKind:
        if status.battery_percent is not None and status.battery_percent <= self._limits.battery_empty_percent:
            return FaultKind.BATTERY_EMPTY
        return FaultKind.OUT_OF_REACH if status.state in _AWAY else FaultKind.SILENT

    def _weigh(self, device: str, percent: float) -> None:
        if percent <= self._limits.battery_percent:
            self._weak.add(device)
        elif percent >= self._limits.battery_again_percent:
            self._weak.discard(device)
