"""Marks of the judge: what the nights say together, as points to draw. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from aquiver.model import Judgement, Mark
from dashboards.marks.regions import region_marks, week_marks
from dashboards.marks.sites import site_marks
from dashboards.marks.speaking import Nights
from dashboards.marks.steps import step_marks

__all__ = ["marks_of"]


def marks_of(judgement: Judgement) -> list[Mark]:
    """Give all there is to draw of one wearer's judgement: each site and region in each night, also where none was worn."""
    if not judgement.nights:
        return []
    nights = Nights(judgement, _dates([one.night for one in judgement.nights]))
    sites = [mark for site in nights.sites for mark in site_marks(nights, site)]
    return [*sites, *region_marks(nights), *week_marks(nights), *step_marks(nights)]


def _dates(measured: Sequence[str]) -> tuple[str, ...]:
    """Give every date from the first night to the last."""
    first, last = date.fromisoformat(min(measured)), date.fromisoformat(max(measured))
    return tuple((first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1))
