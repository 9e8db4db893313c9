"""Settings: one TOML file -> frozen values. Every mistake in the file names its key and its line."""

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import tzlocal

from aquiver.body import Site
from aquiver.errors import SettingsError

RESERVED_WEARER = "aquiver-check"  # whose test event aquiver check sends: nobody's nights
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")


@dataclass(frozen=True, slots=True)
class BandSettings:
    """One band: where it is worn and where its samples come from. ``battery_h`` is how long a full charge lasts."""

    device: str
    site: Site
    source: str
    battery_h: Annotated[float, msgspec.Meta(gt=0)] = 12.0


@dataclass(frozen=True, slots=True)
class Settings:
    """A night's settings. See aquiver.example.toml for every key explained."""

    band: tuple[BandSettings, ...] = ()
    wearer: str = "me"
    timezone: str = ""
    data: str = ""
    bus: str = "embedded:"
    store: str = "sqlite:"
    radio: str = "system:"
    mains_hz: Literal[0, 50, 60] = 50
    record_raw: bool = True
    spool_hours: Annotated[int, msgspec.Meta(ge=1)] = 48
    spool_mb: Annotated[int, msgspec.Meta(ge=16)] = 4096

    @property
    def zone(self) -> ZoneInfo:
        """Give the wearer's time zone; the machine's own where none is set."""
        return ZoneInfo(self.timezone or tzlocal.get_localzone_name())

    @property
    def folder(self) -> Path:
        """Give the data folder."""
        return Path(self.data).expanduser() if self.data else default_folder()


def default_folder() -> Path:
    """Give the folder for data where none is set: ``$AQUIVER_DATA``, else the user's data folder."""
    chosen = os.environ.get("AQUIVER_DATA")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(chosen or f"{base}/aquiver").expanduser()


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        SettingsError: the file is missing, is not TOML, or has an unknown or wrong key; the text names key and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}. Start from aquiver.example.toml.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not a text file") from error
    try:
        return parse_settings(text)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def parse_settings(text: str) -> Settings:
    """Give the settings in a TOML text.

    >>> parse_settings('wearer = "anna"').wearer
    'anna'

    Raises:
        SettingsError: the text names the key and the line.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"not valid TOML: {error}") from error
    _refuse_unknown(found, text)
    try:
        settings = msgspec.convert(found, Settings)
    except msgspec.ValidationError as error:
        raise _explained(str(error), text) from error
    _refuse_impossible(settings, text)
    return settings


def _names_of(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def _refuse_unknown(found: dict[str, Any], text: str) -> None:
    for key in found.keys() - set(_names_of(Settings)):
        raise SettingsError(f'{_line(text, key)}: unknown key "{key}"; {_meant(key, Settings)}')
    bands = found.get("band", [])
    for index, band in enumerate(bands if isinstance(bands, list) else []):
        for key in set(band) - set(_names_of(BandSettings)) if isinstance(band, dict) else ():
            hint = _meant(key, BandSettings)
            raise SettingsError(f'{_line(text, key, index)}: unknown key "{key}" in [[band]]; {hint}')


def _meant(key: str, kind: type) -> str:
    close = difflib.get_close_matches(key, _names_of(kind), n=1)
    return f'did you mean "{close[0]}"?' if close else f"known are {', '.join(_names_of(kind))}"


_PATH = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<key>\w+)`")
_BAND_PATH = re.compile(r"band\[(?P<index>\d+|\.\.\.)\](?:\.(?P<key>\w+))?")


def _explained(error: str, text: str) -> SettingsError:
    match = _PATH.match(error)
    what, path = (match["what"], match["path"] or "") if match else (error, "")
    missing = _MISSING.search(error)
    in_band = _BAND_PATH.match(path)
    index = _index_of_wrong_band(text) if in_band else None
    key = missing["key"] if missing else (in_band["key"] if in_band and in_band["key"] else path)
    line = _line(text, "[[band]]" if missing else key, index)
    return SettingsError(f'{line}: "{key}": {_in_words(what, key)}')


def _in_words(what: str, key: str) -> str:
    if _MISSING.search(what):
        return "every [[band]] needs it"
    if "enum" not in what:
        return what.lower()
    return f"{what.lower()}; choose one of {', '.join(Site) if key == 'site' else '50, 60 or 0 for none'}"


def _index_of_wrong_band(text: str) -> int:
    """Find which [[band]] msgspec means: it reports the position as ``...`` only."""
    for index, band in enumerate(tomllib.loads(text)["band"]):
        try:
            msgspec.convert(band, BandSettings)
        except msgspec.ValidationError:
            return index
    return 0


def _refuse_impossible(settings: Settings, text: str) -> None:
    try:
        _ = settings.zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        where = _line(text, "timezone")
        raise SettingsError(f'{where}: "timezone": no time zone is called "{settings.timezone}"') from error
    if settings.wearer == RESERVED_WEARER:
        raise SettingsError(
            f'{_line(text, "wearer")}: "wearer": "{RESERVED_WEARER}" is the name of a test; choose another'
        )
    names: list[tuple[str, str, int | None]] = [("wearer", settings.wearer, None)]
    names += [("device", band.device, index) for index, band in enumerate(settings.band)]
    for key, name, index in names:
        if not _NAME.fullmatch(name):
            hint = "use small letters, digits, - and _; it becomes part of file names and topics"
            raise SettingsError(f'{_line(text, key, index)}: "{key}": "{name}" is no name; {hint}')
    _refuse_twins(settings, text)


def _refuse_twins(settings: Settings, text: str) -> None:
    seen: set[str] = set()
    for index, band in enumerate(settings.band):
        if band.device in seen:
            raise SettingsError(f'{_line(text, "device", index)}: "device": two bands are called "{band.device}"')
        seen.add(band.device)


def _line(text: str, key: str, band: int | None = None) -> str:
    """Name the line on which a key stands, in the top table or in the band-th [[band]]."""
    current = -1
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("[[band]]"):
            current += 1
        is_there = current == (-1 if band is None else band)
        is_key = re.match(rf'(\[+\s*)?["\']?{re.escape(key.strip("[]"))}["\']?\s*(=|\.|\])', stripped)
        if is_key and (is_there or (band is None and stripped.startswith("["))):
            return f"line {number}"
    return "line 1"
