"""Marks in InfluxDB: drawn, drawn anew where they changed, and erased."""

from collections.abc import Sequence

from aquiver.model import JUDGED_KINDS, Mark, MarkKind
from aquiver.store.influx_server import InfluxServer
from aquiver.store.mark_line import digest_of, mark_line
from aquiver.store.spelling import nanoseconds, quoted, tag_of

_Place = tuple[int, str, str]  # time, site, region
_N_AT_ONCE = 5_000  # lines in one request, as InfluxDB advises
_FEW = 200  # more that changed are quicker erased at once and written again


class InfluxMarks:
    """The marks of one bucket. A point's fields cannot be taken back singly, so one that changed is erased first."""

    def __init__(self, server: InfluxServer) -> None:
        self._server = server

    def draw(self, marks: Sequence[Mark]) -> None:
        """Add marks."""
        for at in range(0, len(marks), _N_AT_ONCE):
            self._server.write(b"\n".join(map(mark_line, marks[at : at + _N_AT_ONCE])))

    def redraw(self, wearer: str, marks: Sequence[Mark]) -> None:
        """Keep these marks of the judge and no other ones; those that are there already are left alone."""
        for kind in JUDGED_KINDS:
            self._redraw(kind, wearer, [mark for mark in marks if mark.kind is kind])

    def erase(self, wearer: str, night: str | None) -> None:
        """Erase a wearer's marks. What was judged may speak of any night, so all of it goes; the judge draws it anew."""
        mine = f"wearer = {quoted(tag_of(wearer))}"
        for kind in MarkKind if night is None else JUDGED_KINDS:
            self._server.ask(f"DELETE FROM {kind} WHERE {mine}")
        if night is None:
            return
        of_night = f"{mine} AND night = {quoted(tag_of(night))}"
        found = self._server.ask(f"SELECT night FROM {MarkKind.BAND} WHERE {of_night}")
        times = [time_ns for series in found for time_ns, _ in series["values"]]
        if times:
            bounds = f"time >= {min(times)} AND time <= {max(times)}"
            self._server.ask(f"DELETE FROM {MarkKind.BAND} WHERE {mine} AND {bounds}")

    def _redraw(self, kind: MarkKind, wearer: str, marks: Sequence[Mark]) -> None:
        wanted = {_place_of(mark): mark for mark in marks}
        there = self._there(kind, wearer)
        stale = [place for place, digest in there.items() if place not in wanted or digest_of(wanted[place]) != digest]
        if len(stale) > _FEW:
            self._server.ask(f"DELETE FROM {kind} WHERE wearer = {quoted(tag_of(wearer))}")
            there, stale = {}, []
        if stale:
            self._server.ask("; ".join(_deletion(kind, wearer, place) for place in stale))
        kept = there.keys() - set(stale)
        self.draw([mark for place, mark in wanted.items() if place not in kept])

    def _there(self, kind: MarkKind, wearer: str) -> dict[_Place, str]:
        mine = f"wearer = {quoted(tag_of(wearer))}"
        found = self._server.ask(f"SELECT digest FROM {kind} WHERE {mine} GROUP BY site, region")
        return {
            (time_ns, series["tags"]["site"], series["tags"]["region"]): digest
            for series in found
            for time_ns, digest in series["values"]
        }


def _place_of(mark: Mark) -> _Place:
    return nanoseconds(mark.time_s), mark.site or "", mark.region or ""


def _deletion(kind: MarkKind, wearer: str, place: _Place) -> str:
    time_ns, site, region = place
    tags = {"wearer": tag_of(wearer), "site": site, "region": region}
    where = " AND ".join(f"{name} = {quoted(value)}" for name, value in tags.items() if value)
    return f"DELETE FROM {kind} WHERE {where} AND time = {time_ns}"
