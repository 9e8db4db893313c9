"""Faults go the same way as notices, and never meet them."""

from dataclasses import replace

from aquiver.model import FaultKind, NoticeKind
from dashboards.notices.fault_telling import fault_matters
from dashboards.notices.matter import Sort
from dashboards.notices.telling import matters_of
from tests.samples import NOW_S, a_fault, a_notice


def test_a_fault_says_what_broke_and_what_to_do_and_nothing_of_the_body():
    (one,) = fault_matters([a_fault()], NOW_S + 40)
    assert (
        one.text
        == "No samples from left calf for 40 s; the band is connected and says nothing. Switch the band off and on."
    )
    assert (one.sort, one.kind, one.about, one.over_s) == (Sort.FAULTS, "silent", "band-1", None)
    assert "twitch" not in one.text + one.title


def test_what_several_services_notice_is_one_fault_and_open_while_one_says_so():
    late = replace(a_fault("collector"), since_s=NOW_S + 5)
    (one,) = fault_matters([late, a_fault(until_s=NOW_S + 20)], NOW_S + 40)
    assert (one.since_s, one.over_s) == (NOW_S, None)
    (over,) = fault_matters([replace(late, until_s=NOW_S + 30), a_fault(until_s=NOW_S + 20)], NOW_S + 40)
    assert (over.key, over.over_s) == (one.key, NOW_S + 30)


def test_another_kind_and_a_later_time_are_other_faults():
    faults = [
        a_fault(until_s=NOW_S + 20),
        replace(a_fault(), since_s=NOW_S + 600),
        a_fault(kind=FaultKind.BATTERY_LOW),
    ]
    assert len({one.key for one in fault_matters(faults, NOW_S + 700)}) == 3


def test_kinds_of_faults_and_of_notices_share_no_name():
    assert not set(FaultKind) & set(NoticeKind)
    assert {one.sort for one in matters_of([a_notice()])} == {Sort.NOTICES}
