"""The file of settings, with one band more."""

from pathlib import Path

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.settings import parse_settings


def add_band(path: Path, kind: str, address: str, site: Site) -> str:
    """Append a band to the settings, if the file is sound with it; give the band's name.

    Raises:
        SettingsError: it would not be, or the band stands there already.
    """
    before = path.read_text() if path.exists() else ""
    source = source_of(kind, address)
    device = f"{kind}-{site.replace('_', '-')}"
    known = {band.source.upper(): band.device for band in parse_settings(before).band} if before.strip() else {}
    if source.upper() in known:
        raise SettingsError(f"{path}: this wearable is set up already, as {known[source.upper()]}")
    block = f'[[band]]\ndevice = "{device}"\nsite = "{site}"\nsource = "{source}"\n'
    after = f"{before.rstrip()}\n\n{block}" if before.strip() else block
    parse_settings(after)
    path.write_text(after)
    return device


def source_of(kind: str, address: str) -> str:
    """Give the source of a band as it stands in the settings."""
    return f"ble:{kind}?address={address}"
