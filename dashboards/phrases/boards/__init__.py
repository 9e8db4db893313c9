"""The words of the boards: what each panel asks, and what it says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A panel's question, and what its answer rests on."""

    title: str
    about: str
