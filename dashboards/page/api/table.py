"""The table of all routes. A file of routes ends in a tuple ROUTES, and is one name more here."""

from dashboards.page.api import about, bands, check, diary, experiments, nights, notices, report, tonight, weeks
from dashboards.page.api.route import Route

ROUTES: tuple[Route, ...] = (
    *about.ROUTES,
    *tonight.ROUTES,
    *check.ROUTES,
    *bands.ROUTES,
    *nights.ROUTES,
    *weeks.ROUTES,
    *diary.ROUTES,
    *notices.ROUTES,
    *experiments.ROUTES,
    *report.ROUTES,
)
