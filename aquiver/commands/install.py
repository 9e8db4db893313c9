"""aquiver install, aquiver uninstall: have the machine keep aquiver running."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from aquiver.commands.services import SERVICES
from aquiver.errors import SettingsError
from aquiver.settings import read_settings
from aquiver.units import MARK, Job, launchd_agents, systemd_units

_JOBS = ("night", *SERVICES)
_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")
_init = click.option(
    "--for",
    "init",
    type=click.Choice(["systemd", "launchd"]),
    default="launchd" if sys.platform == "darwin" else "systemd",
    show_default=True,
    help="Who starts services on this machine.",
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(_JOBS), metavar="[SERVICE]...")
@click.option("--config", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Your settings.")
@_init
@_dry_run
def install(names: tuple[str, ...], config: Path, init: str, dry_run: bool) -> None:
    """Have your systemd or launchd start aquiver, watch over it, and start it again.

    Without a SERVICE everything runs as one, like aquiver night; with some, each runs apart (recorder, detector,
    collector). Only files in your home are written; the lines that switch them on are printed for you to say.

    \b
    aquiver install --config night.toml --dry-run
    aquiver install --config night.toml
    aquiver install recorder detector --config night.toml
    """
    settings = read_settings(config)
    if not names and not settings.band:
        raise SettingsError(f"{config}: no band is set up; add a [[band]] first")
    jobs = tuple(_job(name, config.resolve()) for name in names or ("night",))
    files = _files(jobs, init)
    for path, content in files.items():
        click.echo(f"{'would write' if dry_run else 'written'}: {path}")
        if dry_run:
            click.echo(content.decode())
        else:
            _write(path, content)
    click.echo("\nNow say:" if not dry_run else "\nThen you would say:")
    for line in _switch_on(jobs, init, tuple(files)):
        click.echo(f"  {line}")


@click.command()
@_init
@_dry_run
def uninstall(init: str, dry_run: bool) -> None:
    """Remove what aquiver install wrote. Nights and settings stay."""
    files = [path for path in _files(tuple(Job(name, ()) for name in _JOBS), init) if path.exists()]
    ours = [path for path in files if MARK in path.read_text(encoding="utf-8")]
    for path in ours:
        for line in _switch_off(path, init):
            click.echo(f"say first: {line}" if dry_run else f"now say: {line}")
        click.echo(f"{'would remove' if dry_run else 'removed'}: {path}")
        if not dry_run:
            path.unlink()
    if not ours:
        click.echo("Nothing was installed.")


def _job(name: str, config: Path) -> Job:
    what = ("night",) if name == "night" else ("run", name)
    words = (sys.executable, "-m", "aquiver", *what, "--config", str(config))
    data = os.environ.get("AQUIVER_DATA")
    return Job(name, (*words, "--data", str(Path(data).resolve())) if data else words)


def _files(jobs: tuple[Job, ...], init: str) -> Mapping[Path, bytes]:
    return systemd_units(jobs, Path.home()) if init == "systemd" else launchd_agents(jobs, Path.home())


def _write(path: Path, content: bytes) -> None:
    if path.exists() and MARK.encode() not in path.read_bytes():
        raise SettingsError(f"{path}: this file is not ours; move it away first")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _switch_on(jobs: tuple[Job, ...], init: str, paths: tuple[Path, ...]) -> list[str]:
    if init == "launchd":
        return [f"launchctl bootstrap gui/$(id -u) {path}" for path in paths]
    names = " ".join(f"aquiver-{job.name}" for job in jobs)
    return [
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {names}",
        "loginctl enable-linger    # so that it also runs while you are logged out",
    ]


def _switch_off(path: Path, init: str) -> list[str]:
    if init == "launchd":
        return [f"launchctl bootout gui/$(id -u)/{path.stem}"]
    return [f"systemctl --user disable --now {path.stem}"]
