"""aquiver judge: what all nights say together."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
import msgspec

from aquiver.body import Site
from aquiver.commands.judging import judgement_of, people_in
from aquiver.commands.keeping import FOREVER_S, settings_of, store_of
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from aquiver.model import Effect, Judgement, Modality, Note, NoticeKind, Rules, SiteJudgement
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.judged import effect_lines, lines, notices_at, sites_of
from detector.judgement import effects_of, factors_of

_FEWEST_TO_WAIT_FOR = 5


@click.command()
@config_option
@data_option
@click.option("--wearer", help="Only this wearer; without it everyone in the store, each apart.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs: every night of every site.")
def judge(config: Path | None, data: Path | None, wearer: str | None, as_json: bool) -> None:
    """Say whether twitches last, spread or change: all nights of a wearer together.

    The definitions, with their numbers and where these come from, are in docs/judgement.md; the numbers can be set
    under [judgement] in your settings. Nothing is sent and nothing is kept by this command.

    \b
    aquiver judge
    aquiver judge --json | jq '.wearers[].sites'
    """
    settings = settings_of(config, data)
    judged = _judged(settings, wearer)
    if as_json:
        parts = {"rules": settings.judgement, "wearers": [_as_json(*one) for one in judged]}
        click.echo(json.dumps(msgspec.to_builtins(parts), indent=2))
        return
    for one, effects in judged:
        click.echo(f"\n{one.wearer}" if len(judged) > 1 else one.wearer)
        for line in (*lines(one, settings.judgement), *effect_lines(effects)):
            click.echo(line)


def _judged(settings: Settings, wearer: str | None) -> list[tuple[Judgement, list[Effect]]]:
    with store_of(settings) as store:
        people = people_in(store)
        if wearer is not None and wearer not in people:
            known = f"; there are nights of {', '.join(people)}" if people else ""
            raise SettingsError(f'no night of "{wearer}" is kept{known}')
        chosen = people if wearer is None else [wearer]
        is_hidden = len(chosen) < _FEWEST_TO_WAIT_FOR or not sys.stderr.isatty()
        with click.progressbar(chosen or [settings.wearer], label="Judging", file=sys.stderr, hidden=is_hidden) as each:
            return [_of_wearer(store, one, settings.judgement) for one in each]


def _of_wearer(store: Store, wearer: str, rules: Rules) -> tuple[Judgement, list[Effect]]:
    judgement = judgement_of(store, wearer, rules, time.time())
    notes = store.read(Note, wearer, -FOREVER_S, FOREVER_S)
    return judgement, effects_of(factors_of(notes), judgement.nights)


def _as_json(judgement: Judgement, effects: list[Effect]) -> dict[str, Any]:
    sites = [_site(judgement, *key, nights) for key, nights in sites_of(judgement).items()]
    return {
        "wearer": judgement.wearer,
        "sites": sites,
        "spread": judgement.spread,
        "notices": judgement.notices,
        "effects": effects,
        "nights": judgement.nights,
    }


def _site(judgement: Judgement, site: Site, modality: Modality, nights: list[SiteJudgement]) -> dict[str, Any]:
    """Give one site in short, with the dates: what began when, and when it was over."""
    valid = [one for one in nights if one.is_valid]
    began = notices_at(judgement, site, modality)
    return {
        "site": site,
        "region": site.region,
        "reach": site.reach,
        "modality": modality,
        "n_nights": len(nights),
        "n_valid": len(valid),
        "n_positive": sum(bool(one.is_positive) for one in valid),
        "first_positive": next((one.night for one in valid if one.is_positive), None),
        **{
            kind.value: [
                {"from": notice.night, "until": end, **notice.receipt.figures}
                for notice, end in began
                if notice.kind is kind
            ]
            for kind in NoticeKind
        },
    }
