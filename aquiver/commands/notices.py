"""aquiver notices: what was told, why, and the wearer's answers."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from aquiver.commands.keeping import FOREVER_S, settings_of, store_of, wearer_option
from aquiver.commands.matters import Matters, local
from aquiver.commands.notifying import outbox_of
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from aquiver.model import Answer
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.channels import open_ways
from dashboards.notices.lifecycle import held_kinds, stand
from dashboards.notices.matter import Sort
from dashboards.notices.outbox import Letter
from dashboards.notices.reply import answer_in, still_coming
from dashboards.notices.service import said_of
from dashboards.notices.window import Window
from dashboards.phrases import notices as phrases


@click.group("notices", invoke_without_command=True)
@click.pass_context
def notices_(context: click.Context) -> None:
    """Show what was told about your nights, why, and how it was sent; answer it.

    A notice speaks of weeks. At most one of a kind comes in four weeks unless another region is concerned, and none at
    night. The kinds are persistent, new_region and changed; "notices" means all three. Faults of the machine are apart
    ("faults"), and so is the morning summary ("morning").

    \b
    aquiver notices list
    aquiver notices snooze changed 7d
    aquiver notices mute new_region
    aquiver notices known-cause persistent new running shoes
    aquiver notices try phone                  a trial message to the channel of that name
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@notices_.command("list")
@config_option
@data_option
@wearer_option
@click.option("--why", is_flag=True, help="With the whole text and receipt of each.")
def list_(config: Path | None, data: Path | None, wearer: str | None, why: bool) -> None:
    """List notices, oldest first: how each stands, and each message with its channel."""
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        lines = _lines(store, settings, is_whole=why)
    for line in lines or [phrases.NONE]:
        click.echo(line)


@notices_.command("try")
@click.argument("channel")
@config_option
@data_option
def try_(channel: str, config: Path | None, data: Path | None) -> None:
    """Send a trial message to one channel of the settings, now."""
    settings = settings_of(config, data)
    chosen = [one for one in settings.channel if one.name == channel]
    if not chosen:
        known = ", ".join(one.name for one in settings.channel) or "none"
        raise SettingsError(f'no [[channel]] is called "{channel}"; the settings have: {known}')
    (way,) = open_ways(chosen, settings.folder)
    trial = Letter(f"trial-{time.time():.0f}", "trial", channel, way.sort, phrases.TRIAL_TITLE, phrases.TRIAL)
    asyncio.run(way.channel.send(trial))
    click.echo(f"{channel}: sent")


def _lines(store: Store, settings: Settings, *, is_whole: bool) -> list[str]:
    outbox = outbox_of(settings)
    try:
        told, letters = outbox.told(), outbox.letters()
    finally:
        outbox.close()
    now_s, window = time.time(), Window.parse(settings.notices.window)
    answers = store.read(Answer, settings.wearer, 0.0, FOREVER_S)
    standings = stand(Matters(store, settings)(now_s), answers, told, now_s, window, settings.zone)
    holds = [(about, local(until_s, settings.zone)) for about, until_s in held_kinds(answers, now_s)]
    lines = [phrases.held(about, until) for about, until in holds]
    for one in sorted(standings, key=lambda one: one.matter.sort is Sort.FAULTS):
        if one.matter.sort is Sort.FAULTS and phrases.FAULTS_HEADING not in lines:
            lines += ["", phrases.FAULTS_HEADING]
        until = local(one.until_s, settings.zone)
        lines += [one.matter.title, f"  {one.matter.key}", f"  {phrases.standing(one.fate, until, one.words)}"]
        lines += [f"  {_letter(letter)}" for letter in letters if letter.key == one.matter.key]
        lines += [f"  | {line}" for line in one.matter.text.splitlines() if is_whole]
    return lines


def _letter(letter: Letter) -> str:
    return phrases.letter(letter.channel, letter.state, letter.n_attempts, letter.error)


def _answering(verb: str, help_: str) -> click.Command:
    """Make the command of one verb: WHICH is a kind, or the beginning of a notice's key."""

    def command(which: str, words: Sequence[str], config: Path | None, data: Path | None, wearer: str | None) -> None:
        settings = settings_of(config, data, wearer)
        with store_of(settings) as store:
            matters = Matters(store, settings)(time.time())
            answer = answer_in(" ".join((verb, which, *words)), settings.wearer, time.time(), matters)
            store.write([answer])
        click.echo(said_of(answer, still_coming(answer, matters), settings.zone))

    command.__doc__ = help_
    decorators: tuple[Callable[..., Callable[..., None]], ...] = (
        wearer_option,
        data_option,
        config_option,
        click.argument("words", nargs=-1, metavar="HOW_LONG" if verb == "snooze" else "[WORDS]..."),
        click.argument("which"),
    )
    made: Callable[..., None] = command
    for decorate in decorators:
        made = decorate(made)
    return click.command(verb)(made)


_HELPS = {
    "snooze": "Hold back a kind, or one notice, for so long (30m, 12h, 7d, 2w). It survives a restart.",
    "mute": "Send nothing of a kind, or of one notice, until you say unmute.",
    "unmute": "End a mute or a snooze.",
    "ack": "Say that you have seen it: it is settled, and nothing of it comes again.",
    "false": "Say that it is wrong: it is settled, and kept as false.",
    "known-cause": "Say that you know why: it is settled, and the words you add are kept with it.",
}
for _verb, _help in _HELPS.items():
    notices_.add_command(_answering(_verb, _help))
