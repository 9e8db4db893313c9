"""A judgement in words: coverage first, then what holds."""

from collections.abc import Iterator, Sequence

from aquiver.body import Site
from aquiver.model import Effect, Judgement, Modality, Notice, NoticeState, Rules, SiteJudgement
from dashboards.notices.telling import sentence
from dashboards.phrases import judged as phrases


def lines(judgement: Judgement, rules: Rules) -> Iterator[str]:
    """Say what all nights of one wearer say together."""
    if not judgement.nights:
        yield phrases.NO_NIGHTS
        return
    for (site, modality), nights in sites_of(judgement).items():
        yield ""
        yield phrases.heading(site, modality)
        for line in site_lines(nights, notices_at(judgement, site, modality), rules):
            yield f"  {line}"
    if judgement.spread:
        yield ""
        yield from (phrases.step(step) for step in judgement.spread)


def effect_lines(effects: Sequence[Effect]) -> Iterator[str]:
    """Say what goes with the twitches; nothing where nothing is sure."""
    told = [one for one in effects if one.is_told]
    if told:
        yield ""
    yield from (line for one in told for line in phrases.effect(one))


def sites_of(judgement: Judgement) -> dict[tuple[Site, Modality], list[SiteJudgement]]:
    """Give the nights by site and modality, in order of nights."""
    found: dict[tuple[Site, Modality], list[SiteJudgement]] = {}
    for one in sorted(
        judgement.nights, key=lambda each: (list(Site).index(each.site), each.modality is not Modality.EMG)
    ):
        found.setdefault((one.site, one.modality), []).append(one)
    return found


def notices_at(judgement: Judgement, site: Site, modality: Modality) -> list[tuple[Notice, str | None]]:
    """Give what began on a site, each with the night it ended, if it did."""
    mine = [one for one in judgement.notices if (one.site, one.receipt.modality) == (site, modality)]
    began = [one for one in mine if one.state is NoticeState.BEGAN]
    return [(one, _end_of(one, mine)) for one in began]


def _end_of(began: Notice, notices: Sequence[Notice]) -> str | None:
    ends = (
        one.night
        for one in notices
        if one.state is NoticeState.ENDED and one.kind is began.kind and one.night > began.night
    )
    return min(ends, default=None)


def site_lines(
    nights: Sequence[SiteJudgement], began: Sequence[tuple[Notice, str | None]], rules: Rules
) -> Iterator[str]:
    """Say what all nights of one site say together: coverage first."""
    valid = [one for one in nights if one.is_valid]
    hours = sum(one.analysable_s for one in nights) / 3600.0
    yield phrases.coverage(len(nights), len(valid), hours, rules.valid_hours)
    if not valid:
        return
    n_positive = sum(bool(one.is_positive) for one in valid)
    yield phrases.positive(n_positive, len(valid), valid[-1].floor_per_hour)
    if valid[-1].is_recurrent:
        yield phrases.recurrent(sum(bool(one.is_positive) for one in valid[-rules.recurrent_of :]), rules.recurrent_of)
    if valid[-1].trend is not None:
        yield phrases.trend(valid[-1].trend, rules.trend_nights)
    for notice, end in began:
        yield phrases.since(sentence(notice), notice.night, end)
    if not began:
        yield phrases.NOTHING
