"""Planted recordings: what was appended is known, sample by sample."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Signal, Stream, Twitch, Unit
from aquiver.recording import RecordingWriter
from aquiver.recording.edf import Column, Header, write_header
from aquiver.recording.tal import write_start
from tests.samples import NOW_S, a_twitch

START_S = NOW_S + 0.25
BERLIN = ZoneInfo("Europe/Berlin")
EMG = Signal(Modality.EMG, 200.0, Unit.COUNT, 128, (Channel("1"), Channel("2"), Channel("3")))
ACC = Signal(Modality.ACCELEROMETER, 52.0, Unit.G, 8192, tuple(Channel(axis, 0.000244) for axis in "xyz"))
FINE = Signal(
    Modality.EMG, 250.0, Unit.MICROVOLT, 8_388_607, (Channel("EMG 1", 0.0223517), Channel("EMG 2", -0.02, 5.0))
)


def worn(signal: Signal) -> Stream:
    return Stream("Zoë", "band-1", Site.LEFT_CALF, signal)


STREAMS = (worn(EMG), worn(ACC))


def integers(stream: Stream, first: int, n: int) -> np.ndarray:
    rng = np.random.default_rng([first, n, stream.signal.limit])
    limit = stream.signal.limit
    return rng.integers(-limit, limit, (n, len(stream.signal.channels)), dtype=np.int32, endpoint=True)


def a_piece(stream: Stream, first: int, n: int, n_lost: int = 0, *, run: str = "r", is_last: bool = False) -> Chunk:
    clock = Clock(0, START_S, stream.rate_hz)
    return Chunk(stream, run, first, first - n_lost, clock, integers(stream, first, n), is_last)


def a_night(streams: Iterable[Stream] = STREAMS, n_chunks: int = 40) -> list[Chunk]:
    """Chunks of 0.1 s of each stream in turn; now and then one is lost."""
    places = [(number, stream) for number in range(n_chunks) if number % 9 for stream in streams]
    chunks = []
    for number, stream in places:
        n = round(stream.rate_hz / 10)
        chunks.append(a_piece(stream, number * n, n, n if number % 9 == 1 else 0))
    return chunks


def write(path: Path, chunks: Iterable[Chunk], streams: tuple[Stream, ...] = STREAMS) -> Path:
    with RecordingWriter.create(path, streams, START_S, BERLIN) as writer:
        for chunk in chunks:
            writer.append(chunk)
    return path


def told(chunks: Iterable[Chunk]) -> dict[str, list[tuple]]:
    """Tell each stream's story: every sample with its number and clock, every loss, every end; no cuts."""
    story: dict[str, list[tuple]] = {}
    ends: dict[tuple[Stream, str], int] = {}
    for chunk in chunks:
        lines = story.setdefault(repr(chunk.stream), [])
        expected = ends.get((chunk.stream, chunk.run), chunk.follows)
        if chunk.first_sample > expected and (chunk.n_samples or chunk.is_last):
            lines.append((chunk.run, "lost", expected, chunk.first_sample))
        lines += [
            (chunk.run, chunk.first_sample + i, *row, chunk.clock) for i, row in enumerate(chunk.samples.tolist())
        ]
        if chunk.is_last:
            lines.append((chunk.run, "end", chunk.end_sample))
        ends[chunk.stream, chunk.run] = chunk.end_sample if chunk.n_samples else expected
    return {stream: lines for stream, lines in story.items() if lines}


def planted_twitch(sample: int) -> Twitch:
    return replace(a_twitch(sample, wearer="Zoë"), run="r", duration_s=0.05, snr=7.93)


def a_column(label: str = "EMG", unit: str = "uV", n_samples: int = 10, half_range: float = 100.0) -> Column:
    return Column(label, unit, -half_range, half_range, -32768, 32767, n_samples)


NOTES = Column("EDF Annotations", "", -1, 1, -32768, 32767, 20)


def a_header(*columns: Column, n_records: int = 2, record_s: float = 1.0, variant: str = "") -> Header:
    return Header(
        is_bdf=False,
        patient="X X X X",
        recording="Startdate X X X X",
        date="01.01.85",
        time="00.00.00",
        variant=variant,
        n_records=n_records,
        record_s=record_s,
        columns=columns or (a_column(),),
    )


def an_edf(path: Path, header: Header, starts_s: Iterable[float] | None = None) -> Path:
    """Write a foreign file: sample n of every column is the integer n; records begin at ``starts_s`` if given."""
    pages = None if starts_s is None else [write_start(start_s) for start_s in starts_s]
    data = b""
    for record in range(max(header.n_records, 2)):
        for column in header.columns:
            if column.is_annotations:
                data += (pages[record] if pages else b"").ljust(2 * column.n_samples, b"\0")
            else:
                data += np.arange(record * column.n_samples, (record + 1) * column.n_samples).astype("<i2").tobytes()
    path.write_bytes(write_header(header) + data)
    return path
