"""Telling a story into a store or a file, with its truth beside it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from aquiver.commands.keeping import store_of
from aquiver.errors import SettingsError
from aquiver.model import Note, Subject, Tally
from aquiver.nights import start_of
from aquiver.settings import Settings
from collector.stories.story import Story

_MIDDAY_S = 3600.0  # after noon, when the day before a night is noted


def tell(story: Story, seed: int, out: Path) -> Iterator[str]:
    """Write a story's records, and say where they are.

    Raises:
        SettingsError: there are records already, which a story must not mix with.
    """
    records: list[Tally | Note] = [*story.tell(seed), *_notes(story)]
    is_file = out.suffix == ".jsonl"
    truth = out.with_suffix(".truth.json") if is_file else out / "truth.json"
    if out.exists() if is_file else (out / "records.db").exists():
        raise SettingsError(
            f"{out}: there are records already; choose another place, for a story never mixes with them"
        )
    if is_file:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("".join(f"{_line(record)}\n" for record in records))
    else:
        with store_of(Settings(data=str(out))) as store:
            store.write(records)
    truth.write_text(json.dumps(story.whole_truth(seed), indent=2) + "\n")
    yield f"{story.name}: {len(records)} records of {story.n_nights} nights in {out}; the truth in {truth}"
    yield f"aquiver judge --data {out}" if not is_file else f"aquiver import {out}"


def _line(record: Tally | Note) -> str:
    fields: dict[str, Any] = {"kind": type(record).__name__.lower(), **msgspec.to_builtins(record)}
    return json.dumps(fields)


def _notes(story: Story) -> Iterator[Note]:
    """Put what a story knows of its days into the diary."""
    for name, by_night in story.factors.items():
        for night, amount in by_night.items():
            yield Note(
                wearer=story.places[0].wearer,
                id=f"story-{name}-{night}",
                time_s=start_of(night, Settings(timezone="UTC").zone) + _MIDDAY_S,
                night=night,
                subject=Subject(name),
                amount=amount,
                words=f"{name} {amount:g}",
            )
