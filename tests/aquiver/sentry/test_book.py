"""The book of faults: raised once, closed when over, kept while hidden, taken over after a restart."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from aquiver.complaints import Task
from aquiver.model import FaultKind, Link
from aquiver.sentry.book import Book, Cover
from aquiver.sentry.disk import refused
from aquiver.sentry.finding import Finding, Judgement
from tests.samples import NIGHT, NOW_S

GONE = Finding(Link.DETECTOR, FaultKind.SERVICE_GONE, "detector", for_s=15.0)
BROKEN, MENDED = Judgement((GONE,)), Judgement()


def a_book(reporter: str = "view") -> Book:
    return Book(Cover("me", ZoneInfo("UTC"), reporter))


def test_a_fault_is_raised_once_dated_back_to_its_cause_and_closed_once():
    book = a_book()
    (raised,) = book.update(BROKEN, NOW_S)
    assert (raised.since_s, raised.until_s, raised.night) == (NOW_S - 15.0, None, NIGHT)
    assert book.update(BROKEN, NOW_S + 1) == []
    assert book.open == [raised]
    assert book.update(MENDED, NOW_S + 9) == [replace(raised, until_s=NOW_S + 9)]
    assert book.update(MENDED, NOW_S + 10) == []
    assert book.open == []


def test_what_cannot_be_judged_stays_open():
    book = a_book()
    book.update(BROKEN, NOW_S)
    assert book.update(Judgement((), frozenset({Link.DETECTOR})), NOW_S + 1) == []
    assert len(book.open) == 1


def test_a_clock_set_back_does_not_end_a_fault_before_it_began():
    book = a_book()
    (raised,) = book.update(BROKEN, NOW_S)
    (closed,) = book.update(MENDED, NOW_S - 3600)
    assert closed.until_s == raised.since_s


def test_after_a_restart_ones_own_open_faults_are_taken_over_and_no_others():
    before = a_book()
    (raised,) = before.update(BROKEN, NOW_S)
    after = a_book()
    for fault in (
        raised,
        replace(raised, reporter="collector", subject="x"),
        replace(raised, until_s=NOW_S, subject="y"),
        replace(raised, wearer="anna", subject="z"),
    ):
        after.adopt(fault)
    assert after.open == [raised]
    assert after.update(MENDED, NOW_S + 60) == [replace(raised, until_s=NOW_S + 60)]


def test_leaving_closes_all():
    book = a_book()
    book.update(BROKEN, NOW_S)
    assert [fault.until_s for fault in book.close(NOW_S + 5)] == [NOW_S + 5]


def test_every_task_a_disk_can_refuse_has_its_link():
    links = {finding.subject: finding.link for finding in refused(dict.fromkeys([*Task, "another"], "full"))}
    assert links == {
        "spool": Link.COLLECTOR,
        "state": Link.DETECTOR,
        "store": Link.STORE,
        "recordings": Link.STORE,
        "disk": Link.STORE,
    }
