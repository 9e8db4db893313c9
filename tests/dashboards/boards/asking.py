"""Asking a store, and holding its answer against another."""

from math import isclose

from tests.dashboards.boards.answer import Answer


def answer_of(store, question: str, has_times: bool) -> Answer:
    """Give what InfluxDB says, by the tags in the order in which they are grouped by."""
    found: Answer = {}
    for series in store._server.ask(question):
        tags = series.get("tags", {})
        key = tuple(tags[name] for name in _by(question) if name in tags)
        found[key] = [(row[0] if has_times else None, *row[1:]) for row in series["values"]]
    return found


def differences(found: Answer, expected: Answer) -> list[str]:
    """List what differs; numbers may by rounding."""
    said = [f"only in one: {key}" for key in found.keys() ^ expected.keys()]
    for key in found.keys() & expected.keys():
        if len(found[key]) != len(expected[key]):
            said.append(f"{key}: {len(found[key])} rows, not {len(expected[key])}")
            continue
        pairs = zip(sorted(found[key], key=repr), sorted(expected[key], key=repr), strict=True)
        said += [f"{key}: {one} is not {other}" for one, other in pairs if not _is_same(one, other)]
    return said


def _is_same(one: tuple, other: tuple) -> bool:
    return len(one) == len(other) and all(_are_equal(a, b) for a, b in zip(one, other, strict=True))


def _are_equal(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-5)
    return one == other


def _by(question: str) -> list[str]:
    _, _, end = question.rpartition("GROUP BY ")
    return [part.strip().strip('"').split('"')[0] for part in end.split(",")] if _ else []
