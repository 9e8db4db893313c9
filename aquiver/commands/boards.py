"""aquiver boards: the boards for Grafana, made, checked and published."""

import sys

import click

from aquiver.errors import SettingsError
from dashboards.boards.check import complaints
from dashboards.boards.generated import FOLDER_OF_FILES, committed, files


@click.group()
def boards() -> None:
    """Boards and alert rules for Grafana (docs/dashboards.md)."""


@boards.command()
def render() -> None:
    """Make the boards' JSON and the provisioning files anew from Python, for those who change a board."""
    made = _made()
    for name in committed().keys() - made.keys():
        (FOLDER_OF_FILES / name).unlink()
        click.echo(f"removed {name}")
    for name, text in made.items():
        path = FOLDER_OF_FILES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            click.echo(f"made {name}")


@boards.command()
def check() -> None:
    """Say what is wrong with the boards; nothing and exit code 0 where all is well."""
    found = complaints(_made(), committed())
    for one in found:
        click.echo(one)
    if found:
        sys.exit(1)
    click.echo(f"{len(committed())} files are as they are made, and nothing is wrong with them")


def _made() -> dict[str, str]:
    try:
        return files()
    except ImportError as error:
        raise SettingsError(
            "making boards needs the development tools, in a copy of the sources: make check, or pip install -e '.[dev]'"
        ) from error
