"""aquiver detect: twitches in a file."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import click
import msgspec
from click._termui_impl import ProgressBar

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Chunk, Modality, Record, Span, Twitch
from aquiver.recording import open_recording
from dashboards import phrases
from detector.methods import METHOD_VERSION
from detector.offline import Summary, decide, summarise, total_of

SPAN_COLUMNS = ("start_s", "stop_s", "site", "modality", "reason")
COLUMNS = ("onset_s", "duration_s", "peak_s", "site", "modality", "channel", "amplitude", "unit", "snr", "label")
_FILE_TIME = ZoneInfo("UTC")  # times are seconds from the file's start; no night is meant


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--site",
    "sites",
    multiple=True,
    required=True,
    type=click.Choice([site.value for site in Site]),
    help="Where the sensor was worn. Once for all files, or once per file, in their order.",
)
@click.option("--events", type=click.File("w"), metavar="CSV", help="Write one row per twitch; - for the screen.")
@click.option("--spans", type=click.File("w"), metavar="CSV", help="Write one row per stretch of time set aside.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option(
    "--mains",
    type=click.Choice(["0", "50", "60"]),
    default="50",
    show_default=True,
    help="50 or 60: mains are filtered where they are heard, at whichever frequency they have. 0: never.",
)
def detect(
    files: tuple[Path, ...],
    sites: tuple[str, ...],
    events: IO[str] | None,
    spans: IO[str] | None,
    as_json: bool,
    mains: str,
) -> None:
    """Find twitches in EDF, EDF+ or BDF files (EMG in uV or counts, accelerometer in g or mg).

    Times are seconds from the start of each file. Every count comes with the time that could be analysed.

    \b
    aquiver detect night.edf --site left_calf --events twitches.csv
    aquiver detect left.edf right.edf --site left_calf --site right_calf --json
    """
    if len(sites) not in (1, len(files)):
        raise click.UsageError(f"{len(files)} files, but {len(sites)} sites: give one for all, or one for each")
    each = sites * len(files) if len(sites) == 1 else sites
    records: list[Record] = []
    for number, (path, site) in enumerate(zip(files, each, strict=True), start=1):
        records += _of_file(path, f"{number}-{path.stem}", Site(site), float(mains) or None)
    if events is not None:
        write_events(events, (record for record in records if isinstance(record, Twitch)))
    if spans is not None:
        _write_spans(spans, (record for record in records if isinstance(record, Span)))
    summaries = summarise(records)
    for line in [_as_json(summaries, files)] if as_json else map(_in_words, summaries):
        click.echo(line)


def write_events(file: IO[str], twitches: Iterable[Twitch]) -> None:
    """Write one row per twitch, in order of time within each file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for twitch in twitches:
        writer.writerow(_row(twitch))


def _write_spans(file: IO[str], spans: Iterable[Span]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(SPAN_COLUMNS)
    for span in spans:
        writer.writerow((f"{span.start_s:.4f}", f"{span.stop_s:.4f}", span.site, span.modality, span.reason))


def _row(twitch: Twitch) -> list[str]:
    numbers = {"onset_s": 4, "duration_s": 4, "peak_s": 4, "amplitude": 4, "snr": 2}
    values = ((name, getattr(twitch, name)) for name in COLUMNS)
    return [f"{value:.{numbers[name]}f}" if name in numbers else str(value) for name, value in values]


def _of_file(path: Path, device: str, site: Site, mains_hz: float | None) -> Iterator[Record]:
    recording = open_recording(path)
    if recording.is_cut:
        raise RecordingError(
            f"{path}: cut short: {recording.missing_records} of the data records its header promises are missing. "
            "Copy it again from where it came, or correct the count in its header."
        )
    if not recording.signals:
        heard = ", ".join(recording.ignored) or "none"
        raise RecordingError(f"{path}: no EMG or accelerometer signal in it (signals: {heard})")
    chunks = recording.chunks_as("file", device, site)
    length_s = max(1, round(recording.duration_s))
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=length_s, label=f"Reading {path.name}", file=sys.stderr, hidden=is_hidden) as bar:
        yield from decide(_watched(chunks, bar, length_s), _FILE_TIME, mains_hz)


def _watched(chunks: Iterator[Chunk], bar: ProgressBar[int], length_s: int) -> Iterator[Chunk]:
    """Move the bar along."""
    for chunk in chunks:
        yield chunk
        bar.update(max(0, min(length_s, round(chunk.end_s)) - bar.pos))


def _as_json(summaries: Sequence[Summary], files: tuple[Path, ...]) -> str:
    """Give the summary for programs.

    The top level speaks of one modality, EMG where there is any: counts of different kinds are never added.
    """
    modality = min((one.modality for one in summaries), key=list(Modality).index)
    total = total_of([one for one in summaries if one.modality is modality])
    parts = {
        "files": [str(path) for path in files],
        "method": METHOD_VERSION,
        "modality": modality,
        **msgspec.to_builtins(total),
        "sites": [{"site": one.site, "modality": one.modality, **msgspec.to_builtins(one.total)} for one in summaries],
    }
    return json.dumps(parts, indent=2)


def _in_words(one: Summary) -> str:
    set_aside = phrases.excluded(one.total.excluded_s)
    total = one.total
    coverage = f"analysable {phrases.duration(total.analysable_s)}" + (f"; set aside: {set_aside}" if set_aside else "")
    if total.rate_per_hour is None or total.rate_interval_per_hour is None:
        return f"{one.site.words}, {one.modality}: {phrases.TOO_LITTLE} ({coverage})"
    low, high = total.rate_interval_per_hour
    rate = f"{total.rate_per_hour:.1f} {phrases.UNIT_OF_RATE} (95 % interval {low:.1f} to {high:.1f})"
    return f"{one.site.words}: {phrases.count(total.count, one.modality)}, {rate}; {coverage}"
