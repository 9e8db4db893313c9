"""Options that several commands share."""

import os
from dataclasses import replace
from pathlib import Path

import click

from aquiver.settings import Settings, read_settings

config_option = click.option(
    "--config",
    envvar="AQUIVER_CONFIG",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Your settings. Without it $AQUIVER_CONFIG, else ./night.toml, if it is there.",
)
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep everything in this folder, whatever the settings say.",
)


def settings_from(config: Path | None) -> Settings:
    """Read the settings file, or ./night.toml, or take the defaults where there is neither; the environment's go first."""
    here = Path("night.toml")
    settings = read_settings(config) if config is not None else read_settings(here) if here.exists() else Settings()
    return _placed(settings)


def _placed(settings: Settings) -> Settings:
    """Put in what a place decides and not a night: containers are told by their environment where the others are."""
    given = os.environ.get
    return replace(
        settings,
        bus=given("AQUIVER_BUS") or settings.bus,
        bus_ca=given("AQUIVER_BUS_CA") or settings.bus_ca,
        store=given("AQUIVER_STORE") or settings.store,
        store_ca=given("AQUIVER_STORE_CA") or settings.store_ca,
        radio=given("AQUIVER_RADIO") or settings.radio,
    )
