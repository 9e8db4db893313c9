"""The command line."""

from importlib.metadata import version

import click

from aquiver.commands.boards import boards
from aquiver.commands.broker import broker
from aquiver.commands.card import card
from aquiver.commands.check import check
from aquiver.commands.check_band import check_band
from aquiver.commands.decode import decode
from aquiver.commands.detect import detect
from aquiver.commands.erase import erase
from aquiver.commands.experiment import experiment
from aquiver.commands.export import export
from aquiver.commands.habits import habits_
from aquiver.commands.health import health
from aquiver.commands.home import home
from aquiver.commands.import_ import import_
from aquiver.commands.install import install, uninstall
from aquiver.commands.judge import judge
from aquiver.commands.ledger import ledger
from aquiver.commands.listen import listen
from aquiver.commands.logs import set_up_logs
from aquiver.commands.morning import morning
from aquiver.commands.night import night
from aquiver.commands.note import note
from aquiver.commands.notices import notices_
from aquiver.commands.page import page
from aquiver.commands.replay import replay
from aquiver.commands.report import report
from aquiver.commands.run import run
from aquiver.commands.scan import scan
from aquiver.commands.score import score
from aquiver.commands.secrets import secrets
from aquiver.commands.simulate import simulate
from aquiver.errors import AquiverError

_WRONG = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("aquiver"), prog_name="aquiver")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for everything.")
@click.option(
    "--log-format",
    "form",
    type=click.Choice(["human", "json"]),
    default="human",
    show_default=True,
    help="How the log on stderr is written.",
)
def cli(verbose: int, form: str) -> None:
    """Count muscle twitches overnight with consumer wearables: do they persist, do they spread?

    Everything stays on this machine. Aquiver counts, shows and reminds; it does not diagnose.

    \b
    First steps
      aquiver night --demo                         a night with two virtual bands
      aquiver scan                                 which wearables are near
      aquiver check --config night.toml            before sleep: is all ready?
      aquiver night --config night.toml            a real night
      aquiver report --last                        what it measured
      aquiver note coffee 2                        the diary
      aquiver morning                              the newest night in a few lines
      aquiver card                                 when to see a doctor
      aquiver detect night.edf --site left_calf    twitches in a file

    \b
    Tab completion: eval "$(_AQUIVER_COMPLETE=bash_source aquiver)"    (or zsh_source, fish_source)
    """
    set_up_logs(verbose, form)


_COMMANDS = (
    night,
    check,
    run,
    page,
    report,
    ledger,
    morning,
    judge,
    note,
    habits_,
    card,
    notices_,
    experiment,
    detect,
    replay,
    simulate,
    score,
    import_,
    scan,
    decode,
    check_band,
    export,
    erase,
    listen,
    health,
    home,
    boards,
    broker,
    secrets,
    install,
    uninstall,
    ledger,
)
for command in _COMMANDS:
    cli.add_command(command)


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
