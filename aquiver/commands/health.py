"""aquiver health: does everything that should run here run, and does it see anything broken?"""

import json
import time
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.model import Fault
from aquiver.sentry.card import Health, read_cards
from dashboards.phrases import faults as phrases_of_faults

_BROKEN = 1


@click.command()
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
@config_option
@data_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@click.option(
    "--alive", is_flag=True, help="Ask only whether they live: what is broken elsewhere is no reason to restart."
)
def health(services: tuple[str, ...], config: Path | None, data: Path | None, as_json: bool, alive: bool) -> None:
    """Say whether the services of a data folder live, and what they see to be broken.

    Exit code 0: all is well. 1: a service does not live, or something is broken. Every service writes a small file
    each second (SERVICE.health.json in the data folder); no broker and no password is needed to ask. A night in one
    process is the service "view".

    \b
    aquiver health                     everything that was started here
    aquiver health detector --alive    for a container: is this one alive?
    """
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    found = {card.service: card for card in read_cards(settings.folder)}
    asked = services or tuple(found)
    dead = [service for service in asked if service not in found or not found[service].is_fresh(time.monotonic())]
    cards = [found[service] for service in asked if service not in dead]
    faults = [] if alive else _once(cards)
    if as_json:
        said = {"healthy": bool(asked) and not dead and not faults, "alive": [card.service for card in cards]}
        click.echo(json.dumps({**said, "dead": dead, "faults": msgspec.to_builtins(faults)}))
    else:
        _say(cards, dead, phrases_of_faults.sentences(faults, time.time()))
    if dead or faults or not asked:
        raise SystemExit(_BROKEN)


def _once(cards: list[Health]) -> list[Fault]:
    return list({fault.key: fault for card in cards for fault in card.faults}.values())


def _say(cards: list[Health], dead: list[str], sentences: list[str]) -> None:
    for card in cards:
        click.echo(f"{card.service}: lives")
    for service in dead:
        click.echo(f"{service}: does not live")
    for sentence in sentences:
        click.echo(sentence)
    if not cards and not dead:
        click.echo("Nothing runs here.")


if __name__ == "__main__":  # for health checks: all of the command line would take ten times as long to import
    health()
