"""Report: the page for a doctor, to be taken along."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from aquiver.errors import RequestRefused, SettingsError
from dashboards.nights.works import Form, Paper
from dashboards.page.api.route import Download, Route
from dashboards.page.given import Given

_TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class ReportOf:
    """How many weeks, as what, on which paper."""

    weeks: Annotated[int, Meta(ge=2, le=26)] = 12
    form: Form = "pdf"
    paper: Paper = "a4"


def report(given: Given, asked: ReportOf) -> Download:
    """Give the page for a doctor: two sheets on the last weeks, as ``aquiver report`` writes it."""
    try:
        content = given.works.report(asked.weeks, asked.form, asked.paper)
    except SettingsError as error:
        raise RequestRefused(404, str(error)) from error
    return Download(content, _TYPES[asked.form], f"aquiver-{given.wearer}-{asked.weeks}-weeks.{asked.form}")


ROUTES = (Route("GET", "/report", report, tag="report"),)
