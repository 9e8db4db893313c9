"""aquiver replay: a recorded night, decided again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.errors import BundleError, RecordingError
from aquiver.export.bundle import is_bundle, opened_bundle
from aquiver.model import Notice, Parcel, Record, Span, Tally, Twitch
from aquiver.nights import end_of, start_of
from aquiver.recording import open_recording
from aquiver.settings import Settings
from aquiver.store import open_store
from aquiver.wire import encode
from detector.methods import METHOD_VERSION
from detector.offline import decide


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@config_option
@data_option
@click.option(
    "--compare", is_flag=True, help="Compare with what the store keeps of that night; exit code 1 if it differs."
)
def replay(files: tuple[Path, ...], config: Path | None, data: Path | None, compare: bool) -> None:
    """Decide a recorded night again. FILES are recordings of ours, the folder of a night, or one bundle of a night.

    Prints the records as they would be on the bus: topic, a space, JSON. The result is that of the live night, however
    its samples were cut into messages. A bundle brings its own settings, and the records to compare with.

    \b
    aquiver replay ~/.local/share/aquiver/recordings/2026-11-22
    aquiver replay left_calf-verity.edf --compare
    aquiver replay aquiver-me-2026-11-22-bundle.zip --compare
    """
    if any(map(is_bundle, files)):
        _replay_bundle(files, compare=compare)
        return
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    records = [record for path in _recordings(files) for record in replayed(path, settings)]
    if compare:
        _compare(records, _kept(records, settings), "store")
        return
    _print(records)


def _replay_bundle(files: tuple[Path, ...], *, compare: bool) -> None:
    if len(files) != 1:
        raise BundleError("a bundle is replayed alone: give one file")
    with opened_bundle(files[0]) as bundle:
        manifest = bundle.manifest
        click.echo(f"Bundle of {manifest.night}, digest {bundle.digest}", err=True)
        if manifest.method != METHOD_VERSION:
            ours = f"this aquiver decides by {METHOD_VERSION}"
            click.echo(f"It was decided by {manifest.method} (aquiver {manifest.version}); {ours}.", err=True)
        settings = Settings(timezone=manifest.timezone, mains_hz=manifest.mains_hz)
        records = [record for path in bundle.recordings for record in replayed(path, settings)]
        if compare:
            _compare(records, list(bundle.records), "bundle")
            return
        _print(records)


def _print(records: list[Record]) -> None:
    for record in records:
        topic, payload = encode(Parcel(record))
        click.echo(f"{topic} {payload.decode()}")


def replayed(path: Path, settings: Settings) -> list[Record]:
    """Decide one recording again."""
    return list(decide(open_recording(path).chunks(), settings.zone, settings.mains_hz or None))


def _recordings(files: tuple[Path, ...]) -> list[Path]:
    found = [path for file in files for path in (sorted(file.glob("*.edf")) if file.is_dir() else [file])]
    if not found:
        raise RecordingError(f"{files[0]}: no recordings (*.edf) in this folder")
    return found


def _compare(replayed_records: Sequence[Record], kept: Sequence[Record], where_kept: str) -> None:
    again = Counter(msgspec.json.encode(record) for record in _lasting(replayed_records))
    stored = Counter(msgspec.json.encode(record) for record in kept)
    only_kept, only_replayed = stored - again, again - stored
    if only_kept or only_replayed:
        for where, records in ((where_kept, only_kept), ("replay", only_replayed)):
            for record in records.elements():
                click.echo(f"only in the {where}: {record.decode()}")
        raise SystemExit(1)
    click.echo(f"identical: {len(kept)} records")


def _lasting(records: Sequence[Record]) -> list[Record]:
    """Keep the last tally of each period: the store replaces the earlier ones too."""
    lasting: dict[object, Record] = {}
    for record in records:
        match record:
            case Tally():
                lasting[record.device, record.modality, record.period, record.start_s] = record
            case Twitch():
                lasting["twitch", record.device, record.modality, record.run, record.sample, record.channel] = record
            case Span():
                lasting["span", record.device, record.modality, record.run, record.sample, record.reason] = record
    return list(lasting.values())


def _kept(records: list[Record], settings: Settings) -> list[Twitch | Span | Tally]:
    """Read the store's records of the wearers, nights and bands in these records."""
    store = open_store(settings.store, settings.folder, settings.store_ca)
    bands = {(record.wearer, record.night, record.device) for record in records if not isinstance(record, Notice)}
    try:
        kept: list[Twitch | Span | Tally] = []
        for wearer, night in sorted({(wearer, night) for wearer, night, _ in bands}):
            since_s, until_s = start_of(night, settings.zone), end_of(night, settings.zone)
            kept += store.read(Twitch, wearer, since_s, until_s)
            kept += store.read(Span, wearer, since_s, until_s)
            kept += store.read(Tally, wearer, since_s, until_s)
        return [record for record in kept if (record.wearer, record.night, record.device) in bands]
    finally:
        store.close()
