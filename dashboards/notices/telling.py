"""Telling: notices as matters, in words, with their receipt. Pure."""

from collections.abc import Sequence

from aquiver.model import Notice, NoticeKind, NoticeState
from dashboards.notices.matter import Matter, Sort
from dashboards.phrases import notices as phrases


def matters_of(notices: Sequence[Notice]) -> list[Matter]:
    """Give one wearer's notices as matters. An ended one is quiet, and marks what began as over."""
    return [_matter(notice, _over_s(notice, notices)) for notice in notices]


def sentence(notice: Notice) -> str:
    """Say a notice in one sentence, without its receipt."""
    if notice.state is NoticeState.ENDED:
        return phrases.ended(notice.kind, notice.site, notice.night)
    why = notice.receipt
    match notice.kind:
        case NoticeKind.PERSISTENT:
            return phrases.persistent(notice.site, len(why.positive), len(why.nights))
        case NoticeKind.NEW_REGION:
            is_first = bool(why.figures.get("is_first_in_region", 1.0))
            return phrases.new_region(notice.site, notice.region, len(why.positive), len(why.nights), is_first=is_first)
        case NoticeKind.CHANGED:
            span = (why.figures.get(name) for name in ("ratio", "ratio_low", "ratio_high"))
            return phrases.changed(notice.site, len(why.nights), *span)


def receipt(notice: Notice) -> list[str]:
    """Say why a notice came: rule, constants, nights and hours it rests on, what would end it."""
    why = notice.receipt
    nights = why.nights or (notice.night,)
    said = phrases.receipt(why.rule, len(nights), why.analysable_s / 3600, why.n_twitches, nights[0], nights[-1])
    rows = ((phrases.SET_TO, why.constants), (phrases.FOUND, why.figures), (phrases.ENDS, why.ends_when))
    return [said, *(phrases.numbers(intro, values) for intro, values in rows if values)]


def _matter(notice: Notice, over_s: float | None) -> Matter:
    is_over = notice.state is NoticeState.ENDED
    return Matter(
        sort=Sort.NOTICES,
        kind=notice.kind.value,
        about=notice.region.value,
        key=notice.key,
        since_s=notice.time_s,
        title=phrases.title(notice.kind, notice.site, is_over=is_over),
        text=sentence(notice) if is_over else _text(notice),
        is_quiet=is_over,
        over_s=over_s,
    )


def _over_s(notice: Notice, notices: Sequence[Notice]) -> float | None:
    if notice.state is NoticeState.ENDED:
        return None
    ends = (
        one.time_s
        for one in notices
        if one.state is NoticeState.ENDED
        and (one.kind, one.site) == (notice.kind, notice.site)
        and one.time_s > notice.time_s
    )
    return min(ends, default=None)


def _text(notice: Notice) -> str:
    parts = (sentence(notice), phrases.COMMON, phrases.CARD, phrases.SHOW, *receipt(notice))
    return "\n".join((*parts, phrases.how_to_answer(notice.kind)))
