"""Settings: one TOML file -> frozen values. Every mistake in the file names its key and its line."""

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import tzlocal

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.model import Rules
from aquiver.pillow import SUFFIX, is_pillow

RESERVED_WEARER = "aquiver-check"  # whose test event aquiver check sends: nobody's nights
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_HEADER = re.compile(r"\[+\s*(?P<name>\w+)")


@dataclass(frozen=True, slots=True)
class BandSettings:
    """One band: where it is worn and where its samples come from. ``battery_h`` is how long a full charge lasts."""

    device: str
    site: Site
    source: str
    battery_h: Annotated[float, msgspec.Meta(gt=0)] = 12.0


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One way to a person. It carries one kind of message, so that they never mix.

    ``target`` is ``desktop``, or ``secret``: an address kept apart from the settings (docs/notices.md).
    """

    name: str
    tells: Literal["notices", "faults", "morning"]
    target: Literal["secret", "desktop"] = "secret"


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """When something about the body may be sent, in local time, and when the morning summary is, if at all."""

    window: str = "09:00-20:00"
    morning: str = ""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Where the page in the browser is, whether a night opens it there, and until when batteries should last."""

    listen: str = "127.0.0.1:8737"
    open: bool = True
    morning: str = "07:00"


@dataclass(frozen=True, slots=True)
class Settings:
    """A night's settings. See aquiver.example.toml for every key explained."""

    band: tuple[BandSettings, ...] = ()
    wearer: str = "me"
    timezone: str = ""
    data: str = ""
    bus: str = "embedded:"
    bus_ca: str = ""
    store: str = "sqlite:"
    store_ca: str = ""
    radio: str = "system:"
    mains_hz: Literal[0, 50, 60] = 50
    record_raw: bool = True
    spool_hours: Annotated[int, msgspec.Meta(ge=1)] = 48
    spool_mb: Annotated[int, msgspec.Meta(ge=16)] = 4096
    channel: tuple[ChannelSettings, ...] = ()
    notices: NoticeSettings = NoticeSettings()
    page: PageSettings = PageSettings()
    home_assistant: str = ""
    judgement: Rules = field(default_factory=Rules)

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


_BLOCKS: dict[str, type] = {"band": BandSettings, "channel": ChannelSettings}
_TABLES: dict[str, type] = {"notices": NoticeSettings, "page": PageSettings, "judgement": Rules}
_CHOICES = {"site": ", ".join(Site), "tells": "notices, faults or morning", "target": "secret or desktop"}


def _names_of(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def _refuse_unknown(found: dict[str, Any], text: str) -> None:
    for key in found.keys() - set(_names_of(Settings)):
        raise SettingsError(f'{_line(text, key)}: unknown key "{key}"; {_meant(key, Settings)}')
    for block, kind in _BLOCKS.items():
        rows = found.get(block, [])
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            for key in set(row) - set(_names_of(kind)) if isinstance(row, dict) else ():
                where, hint = _line(text, key, index, block), _meant(key, kind)
                raise SettingsError(f'{where}: unknown key "{key}" in [[{block}]]; {hint}')
    for name, kind in _TABLES.items():
        table = found.get(name, {})
        for key in set(table) - set(_names_of(kind)) if isinstance(table, dict) else ():
            where, hint = _line(text, key, 0, name), _meant(key, kind)
            raise SettingsError(f'{where}: unknown key "{key}" in [{name}]; {hint}')


def _meant(key: str, kind: type) -> str:
    close = difflib.get_close_matches(key, _names_of(kind), n=1)
    return f'did you mean "{close[0]}"?' if close else f"known are {', '.join(_names_of(kind))}"


_PATH = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(?P<key>\w+)`")
_BLOCK_PATH = re.compile(r"(?P<block>\w+)\[(?P<index>\d+|\.\.\.)\](?:\.(?P<key>\w+))?")


def _explained(error: str, text: str) -> SettingsError:
    match = _PATH.match(error)
    what, path = (match["what"], match["path"] or "") if match else (error, "")
    missing = _MISSING.search(error)
    in_block = _BLOCK_PATH.match(path)
    table = path.partition(".")[0]
    block = in_block["block"] if in_block else table if table in _TABLES else ""
    index = _index_of_wrong(block, text) if in_block else 0 if block else None
    key = missing["key"] if missing else (in_block["key"] if in_block and in_block["key"] else path.split(".")[-1])
    line = _line(text, f"[[{block}]]" if missing else key, index, block)
    return SettingsError(f'{line}: "{key}": {_in_words(what, key, block)}')


def _in_words(what: str, key: str, block: str) -> str:
    if _MISSING.search(what):
        return f"every [[{block}]] needs it"
    if "enum" not in what:
        return what.lower()
    return f"{what.lower()}; choose one of {_CHOICES.get(key, '50, 60 or 0 for none')}"


def _index_of_wrong(block: str, text: str) -> int:
    """Find which [[block]] msgspec means: it reports the position as ``...`` only."""
    for index, row in enumerate(tomllib.loads(text)[block]):
        try:
            msgspec.convert(row, _BLOCKS[block])
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
    names += [("name", channel.name, index) for index, channel in enumerate(settings.channel)]
    for key, name, index in names:
        if not NAME.fullmatch(name):
            hint = "use small letters, digits, - and _; it becomes part of file names and topics"
            where = _line(text, key, index, "channel" if key == "name" else "band")
            raise SettingsError(f'{where}: "{key}": "{name}" is no name; {hint}')
    if is_pillow(settings.wearer):
        hint = f'names that end in "{SUFFIX}" are kept for nights on a pillow (aquiver night --placebo)'
        raise SettingsError(f'{_line(text, "wearer")}: "wearer": "{settings.wearer}": {hint}')
    _refuse_twins(text, "band", "device", [band.device for band in settings.band])
    _refuse_twins(text, "channel", "name", [channel.name for channel in settings.channel])
    _refuse_times(settings.notices, text)
    if not _HOUR.fullmatch(settings.page.morning):
        hint = f'"{settings.page.morning}" is no time of day; write it as "07:00"'
        raise SettingsError(f'{_line(text, "morning", 0, "page")}: "morning": {hint}')


def _refuse_twins(text: str, block: str, key: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SettingsError(f'{_line(text, key, index, block)}: "{key}": two {block}s are called "{name}"')


def _refuse_times(notices: NoticeSettings, text: str) -> None:
    opens, _, closes = notices.window.partition("-")
    if not (_HOUR.fullmatch(opens) and _HOUR.fullmatch(closes) and opens < closes):
        hint = f'"{notices.window}" is no window; write it as "09:00-20:00", the earlier time first'
        raise SettingsError(f'{_line(text, "window", 0, "notices")}: "window": {hint}')
    if notices.morning and not (_HOUR.fullmatch(notices.morning) and opens <= notices.morning <= closes):
        hint = f'"{notices.morning}" is no time within {notices.window}; write it as "09:15"'
        raise SettingsError(f'{_line(text, "morning", 0, "notices")}: "morning": {hint}')


def _line(text: str, key: str, index: int | None = None, block: str = "band") -> str:
    """Name the line on which a key stands, in the top table or in the index-th [[block]]; a [table] counts as one."""
    current, inside = -1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        header = _HEADER.match(stripped)
        if header:
            inside = header["name"]
            current += inside == block
        is_there = inside == "" if index is None else (inside == block and current == index)
        is_key = re.match(rf'(\[+\s*)?["\']?{re.escape(key.strip("[]"))}["\']?\s*(=|\.|\])', stripped)
        if is_key and (is_there or (index is None and stripped.startswith("["))):
            return f"line {number}"
    return "line 1"
