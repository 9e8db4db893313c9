"""aquiver detect: twitches in a file."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import click
import msgspec
from detector.offline import decide, summarise

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Chunk, Record, Twitch
from aquiver.recording import Recording, open_recording

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
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--mains", type=click.Choice(["0", "50", "60"]), default="50", show_default=True, help="Mains frequency.")
def detect(files: tuple[Path, ...], sites: tuple[str, ...], events: IO[str] | None, as_json: bool, mains: str) -> None:
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
    for path, site in zip(files, each, strict=True):
        records += _of_file(path, Site(site), float(mains) or None)
    if events is not None:
        write_events(events, (record for record in records if isinstance(record, Twitch)))
    _print_summary(records, files, as_json=as_json)


def write_events(file: IO[str], twitches: Iterable[Twitch]) -> None:
    """Write one row per twitch, in order of time within each file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for twitch in twitches:
        writer.writerow(_row(twitch))


def _row(twitch: Twitch) -> list[str]:
    numbers = {"onset_s": 4, "duration_s": 4, "peak_s": 4, "amplitude": 4, "snr": 2}
    values = ((name, getattr(twitch, name)) for name in COLUMNS)
    return [f"{value:.{numbers[name]}f}" if name in numbers else str(value) for name, value in values]


def _of_file(path: Path, site: Site, mains_hz: float | None) -> Iterator[Record]:
    recording = open_recording(path)
    if recording.is_cut:
        raise RecordingError(
            f"{path}: cut short: {recording.missing_records} of the data records its header promises are missing. "
            "Repair it, or copy it again from where it came."
        )
    _refuse_without_signal(recording)
    yield from decide(_with_progress(recording, recording.chunks_as("file", path.stem, site)), _FILE_TIME, mains_hz)


def _refuse_without_signal(recording: Recording) -> None:
    if not recording.signals:
        heard = ", ".join(recording.ignored) or "none"
        raise RecordingError(f"{recording.path}: no EMG or accelerometer signal in it (signals: {heard})")


def _with_progress(recording: Recording, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Show how far we are, on a terminal and where it takes long enough to matter."""
    length_s = max(1, round(recording.duration_s))
    label = f"Reading {recording.path.name}"
    with click.progressbar(length=length_s, label=label, file=click.get_text_stream("stderr")) as bar:
        for chunk in chunks:
            yield chunk
            bar.update(max(0, min(length_s, round(chunk.end_s)) - bar.pos))


def _print_summary(records: list[Record], files: tuple[Path, ...], *, as_json: bool) -> None:
    summaries = summarise(records)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins({"files": [str(path) for path in files], **summaries}), indent=2))
        return
    click.echo(summaries)
