"""aquiver boards: the boards for Grafana, made, checked and published."""

import sys
from pathlib import Path

import click

from aquiver.commands.keeping import settings_of
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from aquiver.passwords import grafana_token, influx_token, secrets_folder
from dashboards.boards.check import complaints
from dashboards.boards.generated import FOLDER_OF_FILES, committed, files
from dashboards.publishing.items import items, source_of
from dashboards.publishing.publication import publish as publish_items
from dashboards.publishing.server import GrafanaServer


@click.group()
def boards() -> None:
    """Boards and alert rules for Grafana (docs/dashboards.md).

    \b
    aquiver boards check                                              are the files as they are made, and sound?
    aquiver boards publish --url https://grafana.example --dry-run    what would change in a Grafana of yours
    """


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


@boards.command()
@config_option
@data_option
@click.option("--url", required=True, help="Your Grafana, as https://HOST:3000.")
@click.option(
    "--source-url", help="InfluxDB as Grafana sees it, as http://influxdb:8086; without it as your store's URL."
)
@click.option("--without", multiple=True, type=click.Choice(["source", "rules"]), help="Leave these as they are there.")
@click.option("--dry-run", is_flag=True, help="Say what would change, line by line, and change nothing.")
def publish(
    config: Path | None, data: Path | None, url: str, source_url: str | None, without: tuple[str, ...], *, dry_run: bool
) -> None:
    """Put the boards, their folder, the data source and the alert rules into a Grafana elsewhere; twice is as once.

    The token of a service account (role Admin) is read from AQUIVER_GRAFANA_TOKEN or from secrets/grafana-token in your
    data folder. What tells you of alerts is not touched: ways out are yours (docs/dashboards.md).

    \b
    aquiver boards publish --url https://grafana.lan:3000 --dry-run
    aquiver boards publish --url https://grafana.lan:3000 --source-url http://influxdb.lan:8086
    """
    settings = settings_of(config, data)
    token = grafana_token(settings.folder)
    if token is None:
        raise SettingsError(
            "there is no token for Grafana: make a service account with the role Admin there, and put its token into "
            f"AQUIVER_GRAFANA_TOKEN or, with mode 0600, into {secrets_folder(settings.folder) / 'grafana-token'}"
        )
    source = None if "source" in without else source_of(settings.store, source_url, influx_token(settings.folder))
    wanted = items(source, with_rules="rules" not in without)
    for one in publish_items(GrafanaServer(url, token), wanted, is_dry=dry_run):
        click.echo(f"{one.item.sort} {one.item.uid}: {one.state}")
        for line in one.diff if dry_run else ():
            click.echo(f"  {line}")


def _made() -> dict[str, str]:
    try:
        return files()
    except ImportError as error:
        raise SettingsError(
            "making boards needs the development tools, in a copy of the sources: make check, or pip install -e '.[dev]'"
        ) from error
