"""aquiver decode: what a wearable's bytes say."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import msgspec

from aquiver.commands.capture import Heard, bytes_in, capture_in, characteristic_in
from aquiver.driver import Ask, Await, Conversation, Decoder, Driver, Frame, Read
from aquiver.errors import DecodeError, SettingsError
from aquiver.model import Signal
from collector.devices import DRIVERS, driver_named

_WRONG = 2


@click.command(
    epilog="\b\nWhat bytes alone cannot tell, with --set WORD=VALUE:\n"
    + "\n".join(
        f"  {name}: {word}: {text}" for name in sorted(DRIVERS) for word, text in DRIVERS[name].unknowns.items()
    )
)
@click.argument("wearable", type=click.Choice(sorted(DRIVERS)))
@click.option(
    "--hex", "spelt", multiple=True, metavar="BYTES", help='A notification, as "02 64 6C ..."; may be repeated.'
)
@click.option("--characteristic", metavar="UUID", help="Where it came from, long or short; else the first it fits.")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True),
    help="One notification a line; - for standard input.",
)
@click.option("--set", "told", multiple=True, metavar="WORD=VALUE", help="Tell what bytes cannot; see below.")
def decode(
    wearable: str, spelt: tuple[str, ...], characteristic: str | None, file: Path | None, told: tuple[str, ...]
) -> None:
    """Decode notifications of a wearable, and print a line of JSON for each frame.

    In a file each line is a characteristic's UUID, a space, and hexadecimal bytes; empty lines, and those that begin with
    #, are passed over. The UUID may be short (four digits) or left out. What was said to set the wearable up, and what it
    answered, may stand there too, each on its characteristic: it is learnt from. Without it the usual settings are assumed.

    A line that breaks the format is told on stderr with its number, the others are decoded; the exit code is then 2.

    \b
    aquiver decode polar --hex "02 64 6C 76 C4 3C C6 7F 07 80 D0 FF 65 01 E4 0F ..."
    aquiver decode myo --file capture.txt
    aquiver decode movesense --set path=/Meas/IMU6/52 --hex "02 63 ..."
    """
    driver = driver_named(wearable)
    if bool(spelt) == (file is not None):
        raise click.UsageError("give either --hex or --file")
    named = characteristic_in(characteristic or "", driver.hears)
    heard = capture_in(file, driver) if file else [Heard("--hex", named, bytes_in(each, "--hex")) for each in spelt]
    decoder, rest = _set_up(driver, heard, _told(told, driver))
    if not _print_all(driver, decoder, rest):
        raise SystemExit(_WRONG)


def _told(words: tuple[str, ...], driver: Driver) -> dict[str, str]:
    told = dict(word.partition("=")[::2] for word in words)
    if unknown := told.keys() - driver.unknowns.keys():
        known = ", ".join(driver.unknowns) or "none"
        raise SettingsError(f"--set {', '.join(sorted(unknown))}: {driver.name} knows {known}")
    return told


def _print_all(driver: Driver, decoder: Decoder, heard: list[Heard]) -> bool:
    """Print what each notification holds; say whether all kept the format, and some held samples."""
    n_frames = n_broken = 0
    for one in heard:
        try:
            for line in _lines(driver, decoder, one):
                click.echo(json.dumps(line))
                n_frames += 1
        except DecodeError as error:
            click.echo(f"aquiver: {one.where}: {error}", err=True)
            n_broken += 1
    if not n_frames and not n_broken:
        click.echo(f"aquiver: no samples in {len(heard)} notifications; other data, or parts of a packet?", err=True)
    return bool(n_frames) and not n_broken


def _set_up(driver: Driver, heard: list[Heard], told: Mapping[str, str]) -> tuple[Decoder, list[Heard]]:
    """Hold the set-up dialogue with the answers that stand first; where they do not, or something is told, assume."""
    if not told:
        try:
            return _held(driver, driver.converse(), heard)
        except (LookupError, DecodeError):
            pass
    return driver.assume(told), heard


def _held(driver: Driver, conversation: Conversation, heard: list[Heard]) -> tuple[Decoder, list[Heard]]:
    """Take answers off the beginning; none from where samples come, as those are wanted too."""
    rest, answer, has_answers = heard, b"", False
    request = next(conversation)
    while True:
        match request:
            case Read(wanted) | Ask(reply_on=wanted) | Await(wanted):
                if not rest or rest[0].characteristic != wanted or wanted in driver.hears:
                    raise LookupError(wanted)
                answer, rest, has_answers = rest[0].data, rest[1:], True
            case _:
                answer = b""
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            if not has_answers:
                raise LookupError("a driver that asks nothing") from end
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
        "offset": msgspec.to_builtins([channel.offset for channel in signal.channels]),
        "sample_number": frame.count,
        "n_lost": frame.n_lost,
        "device_time_ns": frame.device_ns if frame.stamp_ns is None else frame.stamp_ns,
        "device_time_of": None if frame.device_ns is None else "last" if frame.stamp_ns is None else "first",
    }


def _scaled(count: int, scale: float, offset: float) -> float:
    """Give the value in the signal's unit, without the dust of binary fractions."""
    return float(f"{count * scale + offset:.9g}")
