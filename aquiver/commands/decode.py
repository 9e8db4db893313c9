"""aquiver decode: what a wearable's bytes say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec

from aquiver.driver import Ask, Await, Conversation, Decoder, Driver, Frame, Read
from aquiver.errors import DecodeError
from aquiver.model import Signal
from collector.devices import DRIVERS, driver_named


@dataclass(frozen=True, slots=True)
class Heard:
    """A notification as it stands in a file."""

    characteristic: str
    data: bytes


@click.command()
@click.argument("wearable", type=click.Choice(sorted(DRIVERS)))
@click.option("--hex", "spelt", metavar="BYTES", help='One notification, as "02 64 6C ...".')
@click.option("--characteristic", metavar="UUID", help="Where it came from; else the first it fits.")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="One notification a line.")
def decode(wearable: str, spelt: str | None, characteristic: str | None, file: Path | None) -> None:
    """Decode notifications of a wearable, and print a line of JSON for each frame.

    In a file each line is a characteristic's UUID, a space, and hexadecimal bytes; lines that begin with # are passed
    over. If the file begins with the answers of the set-up dialogue they are used; else the usual settings are assumed.

    \b
    aquiver decode polar --hex "02 64 6C 76 C4 3C C6 7F 07 80 D0 FF 65 01 E4 0F ..."
    aquiver decode myo --file capture.txt
    """
    driver = driver_named(wearable)
    if (spelt is None) == (file is None):
        raise click.UsageError("give either --hex or --file")
    heard = _in_file(file) if file is not None else [Heard(characteristic or "", _bytes(spelt or "", "--hex"))]
    decoder, rest = _set_up(driver, heard)
    for one in rest:
        for line in _lines(driver, decoder, one):
            click.echo(json.dumps(line))


def _in_file(path: Path) -> list[Heard]:
    lines = [line.strip() for line in path.read_text().splitlines()]
    heard: list[Heard] = []
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#"):
            characteristic, _, spelt = line.partition(" ")
            heard.append(Heard(characteristic.lower(), _bytes(spelt, f"{path}, line {number}")))
    return heard


def _bytes(spelt: str, where: str) -> bytes:
    try:
        return bytes.fromhex(spelt.replace("0x", "").replace(",", " ").replace("-", " "))
    except ValueError as error:
        raise DecodeError(f"{where}: not hexadecimal bytes") from error


def _set_up(driver: Driver, heard: list[Heard]) -> tuple[Decoder, list[Heard]]:
    """Hold the set-up dialogue with the answers that stand first; without them assume the usual settings."""
    try:
        return _held(driver.converse(), heard)
    except (LookupError, DecodeError):
        return driver.assume(), heard


def _held(conversation: Conversation, heard: list[Heard]) -> tuple[Decoder, list[Heard]]:
    rest, answer = heard, b""
    request = next(conversation)
    while True:
        match request:
            case Read(wanted) | Ask(reply_on=wanted) | Await(wanted):
                if not rest or rest[0].characteristic != wanted:
                    raise LookupError(wanted)
                answer, rest = rest[0].data, rest[1:]
            case _:
                answer = b""
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            decoder: Decoder = end.value
            return decoder, rest


def _lines(driver: Driver, decoder: Decoder, heard: Heard) -> Iterator[dict[str, object]]:
    characteristic, frames = _frames(driver, decoder, heard)
    signals = {signal.modality: signal for signal in decoder.signals}
    for frame in frames:
        yield {"characteristic": characteristic, **_as_fields(frame, signals[frame.modality])}


def _frames(driver: Driver, decoder: Decoder, heard: Heard) -> tuple[str, tuple[Frame, ...]]:
    """Decode one notification; where its characteristic is not known, by the first that makes sense of it."""
    candidates = [heard.characteristic] if heard.characteristic else list(driver.hears)
    for candidate in candidates[:-1]:
        try:
            if frames := decoder.decode(candidate, heard.data):
                return candidate, frames
        except DecodeError:
            continue
    return candidates[-1], decoder.decode(candidates[-1], heard.data)


def _as_fields(frame: Frame, signal: Signal) -> dict[str, object]:
    scales = [(channel.scale, channel.offset) for channel in signal.channels]
    counts = frame.samples.tolist()
    return {
        "modality": signal.modality,
        "channels": [channel.name for channel in signal.channels],
        "unit": signal.unit,
        "rate_hz": signal.rate_hz,
        "samples": [[_scaled(one, *by) for one, by in zip(row, scales, strict=True)] for row in counts],
        "counts": counts,
        "scale": msgspec.to_builtins([channel.scale for channel in signal.channels]),
        "sample_number": frame.count,
        "n_lost": frame.n_lost,
        "device_time_ns": frame.device_ns,
    }


def _scaled(count: int, scale: float, offset: float) -> float:
    """Give the value in the signal's unit, without the dust of binary fractions."""
    return float(f"{count * scale + offset:.9g}")
