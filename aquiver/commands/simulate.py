"""aquiver simulate: a recording of a simulated body, months of nights, or a wearable heard over the air; with their truth."""

import asyncio
import csv
import re
import sys
from pathlib import Path

import click

from aquiver.body import Site
from aquiver.commands.on_air import stay_on_air
from aquiver.commands.telling import tell
from aquiver.model import Chunk, Clock, Signal, Stream
from aquiver.recording import RecordingWriter
from aquiver.settings import Settings
from collector.opening import HABITS, Simulation
from collector.simulation.body import Body
from collector.sources.simulated import SIGNALS
from collector.stories.table import STORIES
from collector.virtual.firmwares import FIRMWARES

_START_S = 1_795_345_200.0  # noon of 2026-11-22 in UTC+0: a simulated night begins here unless told otherwise
_STEP_S = 10.0
_N_OTHERS = 2  # a file, a story and a wearable: one of them, and not two
_KINDS = sorted(name.replace("_", "-") for name in FIRMWARES)
_ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}", re.IGNORECASE)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--site", type=click.Choice([site.value for site in Site]), default="left_calf", show_default=True)
@click.option("--signal", type=click.Choice(sorted(SIGNALS)), default="emg-1000", show_default=True)
@click.option("--minutes", type=float, default=10.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Which body.")
@click.option("--habits", type=click.Choice(sorted(HABITS)), default="night", show_default=True, help="What it does.")
@click.option("--truth", type=click.Path(path_type=Path, dir_okay=False), help="Write its twitches here, as CSV.")
@click.option("--ble", "kind", type=click.Choice(_KINDS), help="Write no file: be this wearable, over Bluetooth.")
@click.option("--transport", default="usb:0", show_default=True, help="Where --ble finds its Bluetooth controller.")
@click.option("--address", default="C0:A9:01:0E:00:01", show_default=True, help="The random address --ble takes.")
@click.option("--story", type=click.Choice(sorted(STORIES)), help="Tell nights, as counts, instead of samples.")
@click.option("--nights", type=click.IntRange(1, 1000), default=90, show_default=True, help="How long a story goes on.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where a story goes: a data folder, or a file of records that ends in .jsonl. Its truth is put beside it.",
)
def simulate(
    *,
    file: Path | None,
    site: str,
    signal: str,
    minutes: float,
    seed: int,
    habits: str,
    truth: Path | None,
    kind: str | None,
    transport: str,
    address: str,
    story: str | None,
    nights: int,
    out: Path | None,
) -> None:
    """Write a recording of a simulated body, or a story of many nights, and what truly happened. Or be a wearable.

    --ble needs a Bluetooth controller of its own, such as a USB dongle that no operating system holds. --transport names
    it as Bumble does: usb:0, serial:/dev/ttyACM0, tcp-client:HOST:PORT, tcp-server:HOST:PORT, and others. --ble open-band
    is the reference for bands of your own making (firmware_docs/open_band.md).

    \b
    aquiver simulate night.edf --minutes 60 --truth truth.csv
    aquiver detect night.edf --site left_calf --events found.csv
    aquiver simulate --story spread --nights 90 --out told
    aquiver judge --data told
    aquiver simulate --ble open-band --transport usb:0
    """
    if [file, story, kind].count(None) != _N_OTHERS:
        raise click.UsageError("give a FILE to record into, a --story to tell, or --ble and a wearable to be")
    if story is not None:
        if out is None:
            raise click.UsageError("--story needs --out: a data folder, or a file that ends in .jsonl")
        for line in tell(STORIES[story](nights, seed), seed, out):
            click.echo(line)
        return
    if kind is not None:
        if not _ADDRESS.fullmatch(address):
            raise click.BadParameter(f"{address!r}: six pairs of digits, as C0:A9:01:0E:00:01", param_hint="--address")
        simulation = Simulation(seed, habits)
        asyncio.run(stay_on_air(kind.replace("-", "_"), Site(site), simulation, transport, address.upper()))
        return
    assert file is not None  # for mypy: one of the three is given
    _write(file, Simulation(seed, habits).body(), site, signal, minutes, seed, truth)


def _write(file: Path, body: Body, site: str, signal: str, minutes: float, seed: int, truth: Path | None) -> None:
    stream = Stream("simulated", f"body-{seed}", Site(site), SIGNALS[signal])
    with RecordingWriter.create(file, (stream,), _START_S, Settings(timezone="UTC").zone) as writer:
        n_steps = max(1, round(minutes * 60 / _STEP_S))
        with click.progressbar(
            range(n_steps), label=f"Simulating {file.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as steps:
            for step in steps:
                writer.append(_chunk(body, stream, step, is_last=step == n_steps - 1))
    if truth is not None:
        _write_truth(truth, body, stream, n_steps * _STEP_S)


def _chunk(body: Body, stream: Stream, step: int, *, is_last: bool) -> Chunk:
    signal: Signal = stream.signal
    n = round(_STEP_S * signal.rate_hz)
    samples = body.sense(stream.site, signal, _START_S, step * n, n)
    return Chunk(stream, "simulated", step * n, step * n, Clock(0, _START_S, signal.rate_hz), samples, is_last)


def _write_truth(path: Path, body: Body, stream: Stream, length_s: float) -> None:
    """Write one row per true twitch; times are seconds from the file's start, as aquiver detect gives them."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("onset_s", "peak_s", "site", "modality", "amplitude", "unit", "is_visible"))
        for one in body.truth(stream.site, stream.modality, _START_S, _START_S + length_s):
            times = (f"{one.onset_s - _START_S:.4f}", f"{one.peak_s - _START_S:.4f}")
            writer.writerow((*times, one.site, one.modality, f"{one.amplitude:.4f}", one.unit, int(one.is_visible)))
