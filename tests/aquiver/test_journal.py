"""What a journal has kept survives, whatever happens to the process."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from aquiver.errors import StoreError
from aquiver.inbox import Inbox, Verdict
from aquiver.journal import Journal, connect
from aquiver.model import Place
from tests.samples import a_twitch

WRITER = """
import sys
from aquiver.journal import Journal, connect
from tests.samples import a_twitch
journal = Journal(connect(sys.argv[1]))
for sample in range(10_000):
    journal.append([a_twitch(sample=sample)])
    print(sample, flush=True)
"""


@pytest.fixture
def journal(tmp_path):
    opened = Journal(connect(tmp_path / "j.db"))
    yield opened
    opened.close()


def test_messages_come_back_in_order(journal):
    journal.append(a_twitch(sample=sample) for sample in range(5))
    assert [(number, message.sample) for number, message in journal.read(2, 3)] == [(2, 1), (3, 2), (4, 3)]


def test_erased_messages_are_gone_from_the_file_and_the_others_keep_their_order(journal, tmp_path):
    journal.append(a_twitch(sample, wearer="anna" if sample % 2 else "bela") for sample in range(400))
    assert journal.erase(lambda message: message.wearer == "anna") == 200
    assert [message.sample for _, message in journal.read(1, 500)] == list(range(0, 400, 2))
    assert sum(path.read_bytes().count(b"anna") for path in tmp_path.iterdir()) == 0


def test_after_an_erasure_a_consumer_goes_on_without_asking_for_what_is_gone(journal):
    journal.append(a_twitch(sample) for sample in range(6))
    inbox = Inbox("me", {journal.name: 2})
    journal.erase(lambda message: message.sample == 3)
    places = [Place(journal.name, number, journal.base) for number, _ in journal.read(1, 10)]
    assert [inbox.admit(place) for place in places] == [Verdict.TAKE] * 5


def test_confirmed_messages_are_forgotten_and_numbers_never_used_twice(journal):
    journal.append([a_twitch(), a_twitch()])
    journal.confirm({"one": 3})
    assert (journal.base, journal.next_number) == (3, 3)
    journal.append([a_twitch()])
    assert (journal.base, journal.next_number) == (3, 4)


def test_an_empty_journal_begins_at_one(journal):
    assert (journal.base, journal.next_number) == (1, 1)


def test_a_transaction_is_all_or_nothing(journal):
    with pytest.raises(RuntimeError, match="stop"), journal.transaction([a_twitch()]):
        raise RuntimeError("stop")
    assert journal.read(1, 10) == []
    journal.append([a_twitch()])
    assert journal.next_number == 2


def test_the_name_and_the_messages_outlive_the_process(tmp_path):
    first = Journal(connect(tmp_path / "j.db"))
    first.append([a_twitch()])
    first.close()
    second = Journal(connect(tmp_path / "j.db"))
    assert (second.name, len(second.read(1, 10))) == (first.name, 1)
    second.close()


def test_kill_minus_nine_loses_nothing_that_append_returned_for(tmp_path):
    path = tmp_path / "j.db"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    told = [int(process.stdout.readline()) for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.wait()
    process.stdout.close()
    journal = Journal(connect(path))
    kept = [message.sample for _, message in journal.read(1, 100_000)]
    assert kept[: len(told)] == told
    journal.close()


def test_a_file_that_is_no_journal_is_refused_with_advice(tmp_path):
    (tmp_path / "spool.db").write_text("something else, and long enough to be read as a database header" * 20)
    with pytest.raises(StoreError, match="Move it away"):
        connect(tmp_path / "spool.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        connect(tmp_path / "nowhere" / "spool.db")


def test_the_base_never_passes_over_a_message_that_is_being_written(tmp_path):
    """A base that is too high by one message loses it: the sender gives up what is older."""
    journal = Journal(connect(tmp_path / "journal.db"))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            journal.append([a_twitch()])
            journal.confirm({"me": journal.next_number})

    journal.serve(["me"])
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3000):
            base = journal.base
            assert all(number >= base for number, _ in journal.read(0, 5))
    finally:
        stop.set()
        writer.join()
        journal.close()
