"""The command line."""

import logging
import sys
from importlib.metadata import version
from typing import TextIO

import click

from aquiver.commands.check import check
from aquiver.commands.check_band import check_band
from aquiver.commands.decode import decode
from aquiver.commands.detect import detect
from aquiver.commands.ledger import ledger
from aquiver.commands.night import night
from aquiver.commands.replay import replay
from aquiver.commands.report import report
from aquiver.commands.run import run
from aquiver.commands.scan import scan
from aquiver.commands.simulate import simulate
from aquiver.errors import AquiverError

_WRONG = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("aquiver"), prog_name="aquiver")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for everything.")
def cli(verbose: int) -> None:
    """Count muscle twitches overnight with consumer wearables: do they persist, do they spread?

    Everything stays on this machine. Aquiver counts, shows and reminds; it does not diagnose.

    \b
    First steps
      aquiver night --demo                         a night with two virtual bands
      aquiver scan                                 which wearables are near
      aquiver check --config night.toml            before sleep: is all ready?
      aquiver night --config night.toml            a real night
      aquiver report --last                        what it measured
      aquiver detect night.edf --site left_calf    twitches in a file

    \b
    Tab completion: eval "$(_AQUIVER_COMPLETE=bash_source aquiver)"    (or zsh_source, fish_source)
    """
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(asctime)s %(name)s: %(message)s", handlers=[_Stderr()])
    for chatty in ("bumble", "amqtt", "transitions"):  # other people's loggers, which speak of every packet
        logging.getLogger(chatty).setLevel(level if verbose > 1 else logging.CRITICAL)


for command in (night, check, run, detect, replay, simulate, report, scan, decode, check_band, ledger):
    cli.add_command(command)


class _Stderr(logging.StreamHandler[TextIO]):
    """Log to what stderr is now: the live view puts something else in its place, to stay in one piece."""

    @property
    def stream(self) -> TextIO:
        """Give the present stderr."""
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Leave it as it is."""


def main() -> None:
    """Run the command line; a mistake of the caller's ends with one sentence and exit code 2."""
    try:
        cli.main()
    except AquiverError as error:
        _give_up(error)
    except OSError as error:  # a folder that may not be written, a disk that is gone
        _give_up(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except BaseExceptionGroup as errors:
        ours = errors.subgroup(AquiverError)
        if ours is None:
            raise
        _give_up(_first(ours))


def _first(errors: BaseExceptionGroup[AquiverError]) -> BaseException:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


def _give_up(reason: object) -> None:
    click.echo(f"aquiver: {reason}", err=True)
    raise SystemExit(_WRONG)


if __name__ == "__main__":
    main()
