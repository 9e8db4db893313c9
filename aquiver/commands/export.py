"""aquiver export: everything that is kept of one wearer, in open formats."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import click
from click._termui_impl import ProgressBar

from aquiver.commands.backfilling import back_fill
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.errors import SettingsError
from aquiver.export import Choice, bounds_of, chosen, records_of
from aquiver.export.bundle import Manifest, write_bundle
from aquiver.export.choice import RECORDS
from aquiver.export.edf import copy_recording, shelved
from aquiver.export.fhir import Software, bundle_of
from aquiver.export.measured import measured
from aquiver.export.parquet import write_parquet
from aquiver.export.sheets import write_sheet
from aquiver.export.table import Table, table_of
from aquiver.model import Kept, Record, Span, Tally, Twitch
from aquiver.model.rate import interval_per_hour
from aquiver.settings import Settings
from aquiver.store import R, Store, open_store
from dashboards import phrases
from detector.methods import METHOD_VERSION


@dataclass(frozen=True, slots=True)
class _Job:
    """What is handed over, and where to."""

    store: Store
    choice: Choice
    settings: Settings
    out: Path


@click.command()
@config_option
@data_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", "edf", "fhir", "bundle"]),
    help="What to write; see above.",
)
@click.option(
    "--to", "url", metavar="URL", help="Write the records into this store instead: influx(s)://HOST:8086/BUCKET."
)
@click.option("--night", "night_", metavar="DATE", help="Only the night that began on this evening, as 2026-11-22.")
@click.option("--since", metavar="DATE", help="From this night on.")
@click.option("--until", metavar="DATE", help="To this night, which is included.")
@click.option("--wearer", help="Whose nights; the settings' wearer if not given. Never of two people in one export.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="Where to; must not be there yet.")
def export(
    config: Path | None,
    data: Path | None,
    form: str | None,
    url: str | None,
    night_: str | None,
    since: str | None,
    until: str | None,
    wearer: str | None,
    out: Path | None,
) -> None:
    """Hand over what is kept of one wearer, in open formats. Nothing is sent anywhere, but to the server of --to.

    \b
    csv      a folder: twitch.csv, tally.csv, span.csv and so on, one row a record
    parquet  the same as Parquet files (needs aquiver[analysis])
    edf      a folder of EDF+ or BDF+ files: samples, twitches, excluded time and gaps
    fhir     one JSON file: a FHIR R4 Bundle, an Observation for each night of each site
    bundle   one ZIP file: a night's recordings and records; aquiver replay decides it again

    \b
    aquiver export --format csv
    aquiver export --format edf --night 2026-11-22 --out for-the-clinic
    aquiver export --format bundle --night 2026-11-22
    aquiver export --to influx://127.0.0.1:8086/aquiver --since 2026-11-01
    """
    if (form is None) == (url is None):
        raise click.UsageError("say either --format, for files, or --to, for another store")
    if url is not None and out is not None:
        raise click.UsageError("--out goes with --format")
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if not settings.folder.exists():
        raise SettingsError(phrases.NO_NIGHT)
    os.umask(0o077)  # what is written is health data, and its owner's alone
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        choice = chosen(store, wearer, settings.wearer, settings.zone, bounds_of(night_, since, until))
        if url is not None:
            lines = back_fill(settings, store, choice, url)
        else:
            lines = _into_files(store, choice, settings, form or "", out)
        for line in lines:
            click.echo(line)
    finally:
        store.close()


def _into_files(store: Store, choice: Choice, settings: Settings, form: str, out: Path | None) -> Iterator[str]:
    target = out or Path(_name(choice, form))
    if target.exists():
        raise SettingsError(f"{target} is there already; name another place with --out")
    with _whole(target) as part:
        yield from _WRITERS[form](_Job(store, choice, settings, part))
    yield f"Written: {target}"


def _name(choice: Choice, form: str) -> str:
    first, last = choice.nights[0], choice.nights[-1]
    span = first if first == last else f"{first}-to-{last}"
    return f"aquiver-{choice.wearer}-{span}-{form}" + {"fhir": ".json", "bundle": ".zip"}.get(form, "")


def _tables(job: _Job, write: Callable[[Path, Table, Iterable[list[Kept]]], int], suffix: str) -> Iterator[str]:
    job.out.mkdir()
    for name, kind in RECORDS.items():
        with _progress(f"Writing {name}{suffix}", job.choice) as bar:
            nights = _watched(records_of(job.store, job.choice, kind), bar)
            n_records = write(job.out / f"{name}{suffix}", table_of(name, kind), nights)
        yield f"{name}: {n_records} records"


def _csv(job: _Job) -> Iterator[str]:
    return _tables(job, write_sheet, ".csv")


def _parquet(job: _Job) -> Iterator[str]:
    return _tables(job, write_parquet, ".parquet")


def _edf(job: _Job) -> Iterator[str]:
    job.out.mkdir()
    n_files = n_twitches = n_kept = 0
    with _progress("Copying recordings", job.choice) as bar:
        records = (records_of(job.store, job.choice, kind) for kind in (Twitch, Span))
        for night, twitches, spans in zip(job.choice.nights, *records, strict=True):
            found = shelved(job.settings.folder / "recordings", night, job.choice.wearer)
            for recording in found.recordings:
                (job.out / night).mkdir(exist_ok=True)
                n_twitches += copy_recording(recording, job.out / night, twitches, spans)
            n_files += len(found.recordings)
            n_kept += len(twitches)
            bar.update(1)
            yield from (f"left out: {trouble}" for trouble in found.troubles)
    if not n_files:
        raise SettingsError("no raw samples of these nights are kept (record_raw in the settings)")
    yield f"{n_files} recordings with {n_twitches} twitches"
    if n_twitches < n_kept:
        yield f"{n_kept - n_twitches} twitches have no recording; they are in the CSV export"


def _fhir(job: _Job) -> Iterator[str]:
    with _progress("Summing up", job.choice) as bar:
        each = _watched(records_of(job.store, job.choice, Tally), bar)
        nights = [one for tallies in each for one in measured(tallies, interval_per_hour)]
    software = Software(version("aquiver"), METHOD_VERSION)
    job.out.write_text(json.dumps(bundle_of(nights, software, job.settings.zone), indent=2) + "\n")
    yield f"{len(nights)} observations"


def _bundle(job: _Job) -> Iterator[str]:
    if len(job.choice.nights) != 1:
        raise SettingsError(f"a bundle is one night; choose it with --night, as --night {job.choice.nights[-1]}")
    (night,) = job.choice.nights
    found = shelved(job.settings.folder / "recordings", night, job.choice.wearer)
    if not found.recordings:
        raise SettingsError(f"no raw samples of {night} are kept, so the night cannot be decided again")
    manifest = Manifest(
        wearer=job.choice.wearer,
        night=night,
        timezone=job.settings.zone.key,
        mains_hz=job.settings.mains_hz,
        version=version("aquiver"),
        method=METHOD_VERSION,
    )
    kinds: tuple[type[Record], ...] = (Twitch, Span, Tally)
    records = [one for kind in kinds for each in records_of(job.store, job.choice, kind) for one in each]
    digest = write_bundle(job.out, manifest, [one.path for one in found.recordings], records)
    yield from (f"left out: {trouble}" for trouble in found.troubles)
    yield f"{len(found.recordings)} recordings, {len(records)} records; digest {digest}"


_WRITERS: dict[str, Callable[[_Job], Iterator[str]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "edf": _edf,
    "fhir": _fhir,
    "bundle": _bundle,
}


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a place to write to; it takes its name only when all is written, and leaves nothing when something fails."""
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    _remove(part)
    try:
        yield part
        part.replace(target)
    finally:
        _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _progress(label: str, choice: Choice) -> ProgressBar[int]:
    return click.progressbar(length=len(choice.nights), label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def _watched(nights: Iterable[list[R]], bar: ProgressBar[int]) -> Iterator[list[R]]:
    """Move the bar along."""
    for records in nights:
        yield records
        bar.update(1)
