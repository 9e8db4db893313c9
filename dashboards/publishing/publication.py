"""A publication: every item held against what is there, and put there where it differs."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from dashboards.publishing.item import Comparison, Item, State, compare


class Server(Protocol):
    """Where boards are published."""

    def find(self, item: Item) -> dict[str, Any] | None:
        """Give what is there in an item's place."""
        ...

    def put(self, item: Item, *, is_new: bool) -> None:
        """Put an item in its place."""
        ...


def publish(server: Server, items: Iterable[Item], *, is_dry: bool) -> Iterator[Comparison]:
    """Give for each item how it stood; where it differed, it is there when the next is asked for. Dry: nothing is put."""
    for item in items:
        comparison = compare(item, server.find(item))
        if comparison.state is not State.SAME and not is_dry:
            server.put(item, is_new=comparison.state is State.NEW)
        yield comparison
