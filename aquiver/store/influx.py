"""The store in InfluxDB: for those who draw their nights with Grafana."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from typing import TypeVar

import msgspec

from aquiver.model import Answer, Fault, Kept, Mark, Note, Notice, Span, Tally, Trial, Twitch
from aquiver.store.influx_marks import InfluxMarks
from aquiver.store.influx_server import InfluxServer
from aquiver.store.key import KIND_NAMES, key_of, time_of
from aquiver.store.point import LATEST_NS, SPREAD_S, line_of, moment_of
from aquiver.store.spelling import nanoseconds, quoted, tag_of

R = TypeVar("R", bound=Kept)

_N_AT_ONCE = 2_500  # lines in one request: while one is on its way, the next is spelled
_MEASURED = (Twitch, Span, Tally)
_REPLACED = (Notice, Note, Answer, Trial)  # by key alone: a later one may have another time
_OF_A_NIGHT = (*_MEASURED, Note, Fault)
_SMALL = {Answer: "verb", Trial: "is_stopped"}  # the field to ask for where only times matter; else night
_ALL = ",".join(KIND_NAMES.values())


class InfluxStore:
    """Records as points, each with the whole record in it.

    A measured record keeps its key and time for good; one that people said is looked up by its key and replaced.
    """

    def __init__(self, server: InfluxServer) -> None:
        self._server = server
        self._marks = InfluxMarks(server)

    def write(self, records: Sequence[Kept]) -> None:
        """Keep records; where that failed half-way, writing all of them again makes it whole."""
        if len(records) > _N_AT_ONCE:
            self._post(records[at : at + _N_AT_ONCE] for at in range(0, len(records), _N_AT_ONCE))
        elif records:
            self._server.write(b"\n".join(map(line_of, records)))
        for kind in _REPLACED:
            self._forget_earlier(kind, [record for record in records if isinstance(record, kind)])

    def draw(self, marks: Sequence[Mark]) -> None:
        """Keep marks, to be drawn."""
        self._marks.draw(marks)

    def redraw(self, wearer: str, marks: Sequence[Mark]) -> None:
        """Keep these marks of the judge, and no other ones of the wearer."""
        self._marks.redraw(wearer, marks)

    def read(self, kind: type[R], wearer: str, since_s: float, until_s: float) -> list[R]:
        """Give one wearer's records of a kind, in order of time."""
        first_ns, last_ns = nanoseconds(since_s - SPREAD_S), nanoseconds(until_s + SPREAD_S)
        found = self._read(kind, wearer, f"time >= {first_ns} AND time <= {last_ns}")
        return _in_order(record for record in found if since_s <= time_of(record) < until_s)

    def night_tallies(self, wearer: str) -> list[Tally]:
        """Give one wearer's tallies of whole nights, and all of a site's night that has none."""
        tallies = self._read(Tally, wearer, "period = 'night'")
        whole = {(tag_of(tally.night), str(tally.site)) for tally in tallies}
        for series in self._server.ask(f"SELECT distinct(night) FROM tally WHERE {_of(wearer)} GROUP BY site"):
            site = series["tags"]["site"]
            for night in (night for _, night in series["values"] if (night, site) not in whole):
                tallies += self._read(Tally, wearer, f"site = {quoted(site)} AND night = {quoted(night)}")
        return _in_order(tallies)

    def wearers(self) -> list[str]:
        """List the wearers of whom something is kept."""
        found = self._server.ask(f"SELECT last(body) FROM {_ALL} GROUP BY wearer")
        return sorted({msgspec.json.decode(series["values"][0][1], type=_Whose).wearer for series in found})

    def nights(self, wearer: str) -> list[str]:
        """List the nights of which something was measured, oldest first."""
        names = ",".join(KIND_NAMES[kind] for kind in _MEASURED)
        found = self._server.ask(f"SELECT distinct(night) FROM {names} WHERE {_of(wearer)}")
        return sorted({night for series in found for _, night in series["values"]})

    def count(self, wearer: str, night: str | None = None) -> int:
        """Count what ``erase`` would erase."""
        if night is None:
            return self._count(_ALL, _of(wearer))
        names = ",".join(KIND_NAMES[kind] for kind in _OF_A_NIGHT)
        spoken = (moments for _, moments in self._speaking(wearer, night))
        return self._count(names, _of(wearer, night)) + sum(map(len, spoken))

    def erase(self, wearer: str, night: str | None = None) -> int:
        """Erase all of a wearer, or one night. InfluxDB rewrites its files without it in its own time."""
        n_records = self.count(wearer, night)
        self._marks.erase(wearer, night)
        if night is None:
            for name in KIND_NAMES.values():
                self._server.ask(f"DELETE FROM {name} WHERE {_of(wearer)}")
            return n_records
        for kind, moments in self._speaking(wearer, night):
            self._remove(kind, wearer, moments)
        for kind in _OF_A_NIGHT:
            self._remove(kind, wearer, self._moments(kind, _of(wearer, night)))
        return n_records

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def _post(self, batches: Iterable[Sequence[Kept]]) -> None:
        """Write batches in order; while one is on its way, the next is spelled."""
        with ThreadPoolExecutor(1, "influx") as poster:
            under_way: Future[None] | None = None
            for batch in batches:
                lines = b"\n".join(map(line_of, batch))
                if under_way is not None:
                    under_way.result()
                under_way = poster.submit(self._server.write, lines)
            if under_way is not None:
                under_way.result()

    def _read(self, kind: type[R], wearer: str, where: str) -> list[R]:
        found = self._server.ask(f"SELECT body FROM {KIND_NAMES[kind]} WHERE {_of(wearer)} AND {where}")
        return [msgspec.json.decode(body, type=kind) for series in found for _, body in series["values"]]

    def _count(self, names: str, where: str) -> int:
        found = self._server.ask(f"SELECT count(body) FROM {names} WHERE {where}")
        return sum(int(n_points) for series in found for _, n_points in series["values"])

    def _moments(self, kind: type, where: str) -> list[int]:
        found = self._server.ask(f"SELECT {_SMALL.get(kind, 'night')} FROM {KIND_NAMES[kind]} WHERE {where}")
        return [time_ns for series in found for time_ns, _ in series["values"]]

    def _speaking(self, wearer: str, night: str) -> Iterator[tuple[type[Kept], list[int]]]:
        """Give the moments of notices and answers that speak of a night."""
        for kind in (Notice, Answer):
            found = self._server.ask(f"SELECT body FROM {KIND_NAMES[kind]} WHERE {_of(wearer)}")
            yield kind, [time_ns for series in found for time_ns, body in series["values"] if night in body]

    def _forget_earlier(self, kind: type[R], records: Sequence[R]) -> None:
        """Remove what these replace, once they are written. Few are ever said, so all are looked through."""
        for wearer in sorted({record.wearer for record in records}):
            newest = {key_of(record): moment_of(record) for record in records if record.wearer == wearer}
            there = [(key_of(one), moment_of(one)) for one in self._read(kind, wearer, f"time <= {LATEST_NS}")]
            self._remove(kind, wearer, [moment for key, moment in there if newest.get(key, moment) != moment])

    def _remove(self, kind: type, wearer: str, moments: Sequence[int]) -> None:
        """Remove the points at these moments: stretch by stretch, as InfluxDB deletes by tag and time alone."""
        if not moments:
            return
        bounds = f"time >= {min(moments)} AND time <= {max(moments)}"
        there = self._moments(kind, f"{_of(wearer)} AND {bounds}")
        for first_ns, last_ns in _stretches(there, set(moments)):
            bounds = f"time >= {first_ns} AND time <= {last_ns}"
            self._server.ask(f"DELETE FROM {KIND_NAMES[kind]} WHERE {_of(wearer)} AND {bounds}")


class _Whose(msgspec.Struct):
    wearer: str


def _of(wearer: str, night: str | None = None) -> str:
    mine = f"wearer = {quoted(tag_of(wearer))}"
    return mine if night is None else f"{mine} AND night = {quoted(tag_of(night))}"


def _in_order(records: Iterable[R]) -> list[R]:
    return sorted(records, key=lambda record: (time_of(record), key_of(record)))


def _stretches(there: Iterable[int], meant: set[int]) -> Iterator[tuple[int, int]]:
    """Give first and last of each run of meant moments with no other between them.

    >>> list(_stretches([1, 2, 3, 5, 8], {1, 2, 5, 8}))
    [(1, 2), (5, 8)]
    """
    for is_meant, moments in groupby(sorted(set(there)), key=meant.__contains__):
        run = list(moments)
        if is_meant:
            yield run[0], run[-1]
