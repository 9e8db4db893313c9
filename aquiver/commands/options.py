"""Options that several commands share."""

from pathlib import Path

import click

from aquiver.settings import Settings, read_settings

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Your settings. Without it ./night.toml is read, if it is there.",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep everything in this folder, whatever the settings say.",
)


def settings_from(config: Path | None) -> Settings:
    """Read the settings file, or ./night.toml, or take the defaults where there is neither."""
    if config is not None:
        return read_settings(config)
    here = Path("night.toml")
    return read_settings(here) if here.exists() else Settings()
