"""A bundle: one night in one file, with all that is needed to decide it again elsewhere.

A ZIP archive of ``records.jsonl`` (the records as they are kept), ``recordings/*.edf`` and ``bundle.json``. That
manifest names every other file with its length and SHA-256, so that a changed, missing or added file is seen. Whoever
changes the manifest too changes its digest, which is said when a bundle is made and when it is read.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from aquiver.errors import BundleError, WireError
from aquiver.model import Parcel, Record
from aquiver.wire import decode, encode

_MANIFEST = "bundle.json"
_RECORDS = "records.jsonl"
_FORMAT = 1
_NAME = re.compile(r"records\.jsonl|recordings/[A-Za-z0-9][A-Za-z0-9._-]*\.edf")
_MOST_MANIFEST_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 20
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of ZIP's calendar: the same night gives the same bytes


@dataclass(frozen=True, slots=True)
class Content:
    """A file of a bundle."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle is of. ``timezone`` and ``mains_hz`` are the settings that decide; no other leaves the machine."""

    wearer: str
    night: str
    timezone: str
    mains_hz: Literal[0, 50, 60]
    version: str
    method: str
    files: tuple[Content, ...] = ()
    format: int = _FORMAT

    @property
    def zone(self) -> ZoneInfo:
        """Give the time zone the night is reckoned in."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read and checked. ``recordings`` are files that last as long as the block that opened it."""

    manifest: Manifest
    digest: str
    recordings: tuple[Path, ...]
    records: tuple[Record, ...]


def write_bundle(path: Path, manifest: Manifest, recordings: Sequence[Path], records: Iterable[Record]) -> str:
    """Write a bundle, and give its digest: the SHA-256 of its manifest."""
    new = path.with_name(path.name + ".new")
    with zipfile.ZipFile(new, "w") as archive:
        contents = [_put(archive, _RECORDS, (_line(record) for record in records))]
        for one in recordings:
            with one.open("rb") as file:
                contents.append(_put(archive, f"recordings/{one.name}", _blocks(file)))
        text = msgspec.json.format(msgspec.json.encode(replace(manifest, files=tuple(contents))), indent=2)
        _put(archive, _MANIFEST, [text])
    new.replace(path)
    return hashlib.sha256(text).hexdigest()


def is_bundle(path: Path) -> bool:
    """Tell whether a file claims to be a bundle."""
    return path.is_file() and zipfile.is_zipfile(path)


@contextmanager
def opened_bundle(path: Path) -> Iterator[Bundle]:
    """Check a bundle whole, and unpack its recordings while the block runs.

    Raises:
        BundleError: it is none, or not as it was made: the text names the file.
    """
    with TemporaryDirectory(prefix="aquiver-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                text = _manifest_text(archive)
                manifest = _understood(text)
                _check_names(archive, manifest)
                for content in manifest.files:
                    _take(archive, content, Path(folder))
        except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError) as error:
            raise BundleError(f"{path}: this is not a bundle as aquiver makes them: {error}") from error
        except BundleError as error:
            raise BundleError(f"{path}: {error}") from None
        records = tuple(_records(Path(folder) / _RECORDS))
        recordings = tuple(sorted(Path(folder).glob("recordings/*.edf")))
        yield Bundle(manifest, hashlib.sha256(text).hexdigest(), recordings, records)


def _put(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> Content:
    """Store blocks as a file, and give what the manifest says of it."""
    entry = zipfile.ZipInfo(name, _BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    digest, n_bytes = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as file:
        for block in blocks:
            digest.update(block)
            n_bytes += file.write(block)
    return Content(name, n_bytes, digest.hexdigest())


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK_BYTES):
        yield block


def _manifest_text(archive: zipfile.ZipFile) -> bytes:
    with archive.open(_MANIFEST) as file:
        return file.read(_MOST_MANIFEST_BYTES)


def _understood(text: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
        _ = manifest.zone
    except (msgspec.MsgspecError, ZoneInfoNotFoundError) as error:
        raise BundleError(f"its {_MANIFEST} cannot be understood: {error}") from error
    if manifest.format != _FORMAT:
        raise BundleError(f"it was made by a newer aquiver (format {manifest.format} of bundles)")
    return manifest


def _check_names(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Refuse what is not in the manifest, is there twice, or has a name that leads elsewhere."""
    there = sorted(archive.namelist())
    promised = sorted([_MANIFEST, *(content.name for content in manifest.files)])
    for name in promised:
        if name != _MANIFEST and not _NAME.fullmatch(name):
            raise BundleError(f"{name!r} is no file of a bundle")
    if there != promised:
        strange = sorted(set(there) ^ set(promised)) or there
        raise BundleError(f"it was changed: {strange[0]!r} is missing, or was added")


def _take(archive: zipfile.ZipFile, content: Content, folder: Path) -> None:
    """Unpack one file, no further than its promised length, and hold it against the manifest."""
    target = folder / content.name
    target.parent.mkdir(exist_ok=True)
    digest, n_bytes = hashlib.sha256(), 0
    with archive.open(content.name) as source, target.open("wb") as file:
        for block in _blocks(source):
            digest.update(block)
            n_bytes += file.write(block)
            if n_bytes > content.n_bytes:
                break
    if (n_bytes, digest.hexdigest()) != (content.n_bytes, content.sha256):
        raise BundleError(f"it was changed: {content.name} is not what was put in")


def _line(record: Record) -> bytes:
    """Give a record as a line: the topic and the fields it has on the bus."""
    topic, payload = encode(Parcel(record))
    return json.dumps({"topic": topic}).encode()[:-1] + b', "record": ' + payload + b"}\n"


def _records(path: Path) -> Iterator[Record]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                found = msgspec.json.decode(line, type=_Line)
                yield decode(found.topic, bytes(found.record)).message  # type: ignore[misc]  # only records are put in
            except (msgspec.MsgspecError, WireError) as error:
                raise BundleError(f"line {number} of {_RECORDS} is no record: {error}") from error


class _Line(msgspec.Struct, frozen=True):
    topic: str
    record: msgspec.Raw
