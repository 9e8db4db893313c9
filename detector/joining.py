"""Joining: chunks that follow each other become one, so that a backlog is searched in long stretches."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from aquiver.model import Chunk


def join(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Join the chunks of each stream where nothing lies between them. How chunks are cut does not matter to the engine.

    Only the order within a stream is kept: what is joined must be fed together, so that none seems to lag.
    """
    joined: list[list[Chunk]] = []
    open_of: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        name = chunk.stream.name
        group = open_of.get(name)
        if group is None or not _follows(group[-1], chunk):
            group = open_of[name] = []
            joined.append(group)
        group.append(chunk)
    return [_one(group) for group in joined]


def _follows(before: Chunk, after: Chunk) -> bool:
    is_same = (before.stream, before.run, before.clock) == (after.stream, after.run, after.clock)
    return is_same and not before.is_last and after.follows == after.first_sample == before.end_sample


def _one(group: list[Chunk]) -> Chunk:
    if len(group) == 1:
        return group[0]
    samples = np.concatenate([chunk.samples for chunk in group])
    return replace(group[0], samples=samples, is_last=group[-1].is_last)
