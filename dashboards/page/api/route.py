"""A route: one row of the API's table. What it takes and gives stands in the annotations of the function behind it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

import msgspec


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer without content."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file as an answer. ``name`` is what the browser calls it; none where it is to be looked at at once."""

    content: bytes
    media_type: str
    name: str = ""


class Route:
    """A method, a path below ``/api/v1`` and the function that answers.

    The function is given what it names: ``given`` (the page's dependencies), ``asked`` (a dataclass of what stands in
    the query, or in the path as ``{name}``), ``body`` (a type that the JSON of the request must have). Its annotation
    says what it answers; ``Download`` is a file. The first line of its docstring is its summary. An ``async``
    function runs in the loop, and must not wait for a disk; any other runs in a thread.

    >>> def hello(asked: Nothing) -> Nothing:
    ...     "Say hello."
    >>> route = Route("GET", "/hello", hello)
    >>> route.asked is Nothing, route.body, route.summary
    (True, None, 'Say hello.')
    """

    def __init__(
        self, method: Literal["GET", "POST", "PUT", "DELETE"], path: str, act: Callable[..., Any], *, tag: str = ""
    ) -> None:
        hints = get_type_hints(act, include_extras=True)
        self.method, self.path, self.act, self.tag = method, path, act, tag
        self.asked: Any = hints.get("asked")
        self.body: Any = hints.get("body")
        self.answer: Any = hints["return"]
        self.takes = tuple(inspect.signature(act).parameters)
        self.is_async = inspect.iscoroutinefunction(act)
        self.summary, _, more = (inspect.getdoc(act) or "").partition("\n")
        self.words = more.strip()

    @property
    def names_in_path(self) -> tuple[str, ...]:
        """Give the names that stand in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def fields(self) -> tuple[msgspec.inspect.Field, ...]:
        """Give what may be asked, in the query or in the path."""
        if self.asked is None:
            return ()
        found = msgspec.inspect.type_info(self.asked)
        assert isinstance(found, msgspec.inspect.DataclassType), f"{self.path}: what is asked is a dataclass"
        return found.fields
