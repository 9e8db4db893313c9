"""Each parcel of each journal is taken once, in order."""

from hypothesis import given
from hypothesis import strategies as some

from aquiver.inbox import Inbox, Verdict
from aquiver.model import Place, Position


def test_an_unknown_journal_begins_at_its_base():
    assert Inbox("me", {}).admit(Place("j", 7, base=7)) is Verdict.TAKE


def test_an_unknown_journal_that_begins_later_is_a_hole():
    assert Inbox("me", {}).admit(Place("j", 9, base=7)) is Verdict.HOLE


def test_what_the_sender_gave_up_is_counted_not_waited_for():
    inbox = Inbox("me", {"j": 3})
    assert inbox.admit(Place("j", 8, base=8)) is Verdict.TAKE
    assert inbox.n_given_up == 5


def test_a_hole_asks_again_once_per_answer():
    inbox = Inbox("me", {"j": 3})
    inbox.admit(Place("j", 5, base=1))
    assert inbox.positions() == [Position("j", "me", 3, is_request=True)]
    assert inbox.positions() == []


def test_a_duplicate_is_confirmed_again_but_nothing_is_asked_for():
    inbox = Inbox("me", {"j": 3})
    assert inbox.admit(Place("j", 2, base=1)) is Verdict.DUPLICATE
    assert inbox.positions() == [Position("j", "me", 3)]
    assert inbox.n_duplicates == 1


@given(some.lists(some.tuples(some.sampled_from("ab"), some.integers(1, 12)), max_size=100))
def test_whatever_arrives_is_taken_once_and_in_order(arrivals):
    inbox = Inbox("me", {})
    taken = {"a": [], "b": []}
    for journal, number in arrivals:
        if inbox.admit(Place(journal, number, base=1)) is Verdict.TAKE:
            taken[journal].append(number)
    for numbers in taken.values():
        assert numbers == list(range(1, len(numbers) + 1))


def test_positions_survive_a_restart():
    inbox = Inbox("me", {})
    inbox.admit(Place("j", 1, base=1))
    assert Inbox("me", inbox.next_numbers()).admit(Place("j", 1, base=1)) is Verdict.DUPLICATE


def test_what_is_sent_again_for_another_is_passed_over_without_a_word():
    inbox = Inbox("me", {"j": 3})
    assert inbox.admit(Place("j", 1, base=1, to=("other",))) is Verdict.NOT_OURS
    assert inbox.admit(Place("j", 3, base=1, to=("other", "me"))) is Verdict.TAKE
    assert inbox.n_duplicates == 0
