"""The notifier tells what is due once to each channel, through failures, restarts and kill -9; and hears its wearer."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Region, Site
from aquiver.bus import open_bus
from aquiver.errors import ChannelFailed
from aquiver.model import Answer, Entry, Heard, Modality, Note, Notice, NoticeKind, NoticeState, Parcel, Receipt, Verb
from aquiver.store import open_store
from dashboards.channels import Way
from dashboards.channels.push import Push
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.outbox import GIVE_UP_S, LetterState, Outbox
from dashboards.notices.service import Notifier, Wearer
from dashboards.notices.telling import matters_of
from dashboards.notices.window import Window
from tests.samples import an_answer, an_entry
from tests.webhook import wait_for, webhook

BERLIN = ZoneInfo("Europe/Berlin")
NOON_S = datetime(2026, 11, 23, 12, tzinfo=BERLIN).timestamp()
NINE_S, MIDNIGHT_S = NOON_S - 3 * 3600, NOON_S - 12 * 3600
DAY_S = 86_400.0
FAULT = Matter(Sort.FAULTS, "silent", "band-1", "silent/band-1/1", MIDNIGHT_S, "A fault", "No samples.")


def a_notice(kind=NoticeKind.PERSISTENT, site=Site.LEFT_CALF, state=NoticeState.BEGAN, time_s=NOON_S - DAY_S):
    receipt = Receipt(kind, Modality.EMG, ("2026-11-08", "2026-11-22"), ("2026-11-22",), 3600.0, 9, {"of": 14.0})
    return Notice("me", kind, state, site, site.region, "2026-11-22", time_s, receipt)


class Told:
    """A channel that keeps what it gets, or fails."""

    def __init__(self) -> None:
        self.letters = []
        self.fails = False

    async def send(self, letter):
        if self.fails:
            raise ChannelFailed("out of order")
        self.letters.append(letter)


class World:
    """A notifier whose clock, notices and channels a test sets."""

    def __init__(self, folder, wearer="me"):
        self.folder, self.name = folder, wearer
        self.now_s = NOON_S
        self.matters = matters_of([a_notice()])
        self.phone, self.mail, self.faults = Told(), Told(), Told()
        self.open()

    def open(self):
        self.store = open_store("sqlite:", self.folder)
        self.outbox = Outbox(self.folder / "notify.db", self.name)
        ways = [
            Way("phone", Sort.NOTICES, self.phone),
            Way("mail", Sort.NOTICES, self.mail),
            Way("pager", Sort.FAULTS, self.faults),
        ]
        wearer = Wearer(self.name, BERLIN, Window.parse("09:00-20:00"))
        self.notifier = Notifier(wearer, self.store, self.outbox, ways, lambda _: self.matters, lambda: self.now_s)

    def close(self):
        self.outbox.close()
        self.store.close()

    def restart(self):
        self.close()
        self.open()

    def states(self):
        return {letter.channel: letter.state for letter in self.outbox.letters()}


@pytest.fixture
def world(tmp_path):
    one = World(tmp_path)
    yield one
    one.close()


async def test_a_notice_goes_to_each_of_its_channels_once_also_after_a_restart(world):
    for _ in range(3):
        await world.notifier.look()
        world.restart()
        world.now_s += 3600
    assert (len(world.phone.letters), len(world.mail.letters), world.faults.letters) == (1, 1, [])
    assert world.states() == {"phone": LetterState.SENT, "mail": LetterState.SENT}


async def test_the_title_names_no_part_of_the_body_and_the_text_says_why_and_how_to_answer(world):
    await world.notifier.look()
    (letter,) = world.phone.letters
    assert not any(word in letter.title for site in Site for word in (site.words, *site.words.split()))
    assert not any(region in letter.title for region in Region)
    assert "Left calf: twitches on 1 of the last 2 measured nights." in letter.text
    assert 'Why: rule "persistent"' in letter.text
    assert "aquiver card" in letter.text
    assert "aquiver notices snooze persistent 7d" in letter.text


async def test_one_channel_that_fails_is_tried_again_and_the_other_is_not(world):
    world.phone.fails = True
    await world.notifier.look()
    assert world.states() == {"phone": LetterState.WAITING, "mail": LetterState.SENT}
    await world.notifier.look()  # not yet: it waits half a minute
    assert world.outbox.letters()[1].n_attempts == 1
    world.phone.fails = False
    world.now_s += 31
    world.restart()
    await world.notifier.look()
    assert (len(world.phone.letters), len(world.mail.letters)) == (1, 1)
    assert world.states()["phone"] is LetterState.SENT


async def test_a_failure_is_visible_and_after_three_days_the_last(world):
    world.phone.fails = True
    await world.notifier.look()
    (letter,) = [one for one in world.outbox.letters() if one.channel == "phone"]
    assert (letter.error, letter.n_attempts) == ("out of order", 1)
    world.now_s += GIVE_UP_S + 3600
    await world.notifier.look()
    assert world.states()["phone"] is LetterState.GAVE_UP
    world.phone.fails = False
    world.now_s += DAY_S
    await world.notifier.look()
    assert world.phone.letters == []


async def test_what_failed_in_the_evening_is_not_tried_at_night(world):
    world.now_s = NOON_S + 8 * 3600 - 60
    world.phone.fails = True
    await world.notifier.look()
    world.phone.fails = False
    for now_s in (NOON_S + 9 * 3600, NOON_S + 18 * 3600):
        world.now_s = now_s
        await world.notifier.look()
    assert world.phone.letters == []
    world.now_s = NINE_S + DAY_S
    await world.notifier.look()
    assert len(world.phone.letters) == 1


async def test_nothing_about_the_body_is_sent_at_night_but_a_fault_is(world):
    world.matters = [*world.matters, FAULT]
    world.now_s = MIDNIGHT_S
    await world.notifier.look()
    assert (world.phone.letters, len(world.faults.letters)) == ([], 1)
    world.now_s = NINE_S
    await world.notifier.look()
    assert (len(world.phone.letters), len(world.faults.letters)) == (1, 1)


async def test_mute_means_mute_also_for_what_is_on_its_way(world):
    world.phone.fails = True
    await world.notifier.look()
    world.notifier.hear(an_entry("mute persistent", NOON_S + 1))
    world.phone.fails = False
    world.now_s = NOON_S + 60
    await world.notifier.look()
    assert world.phone.letters == []
    assert world.states()["phone"] is LetterState.WITHDRAWN


async def test_a_snooze_survives_a_restart_and_ends_by_itself(world):
    world.notifier.hear(an_entry("snooze persistent 2d", NOON_S))
    for now_s in (NOON_S + 1, NOON_S + DAY_S):
        world.now_s = now_s
        world.restart()
        await world.notifier.look()
        assert world.phone.letters == []
    world.now_s = NOON_S + 2 * DAY_S
    await world.notifier.look()
    assert len(world.phone.letters) == 1


async def test_what_has_ended_is_a_quiet_line_and_what_began_is_no_longer_sent(world):
    world.matters = matters_of([a_notice(), a_notice(state=NoticeState.ENDED, time_s=NOON_S - 60)])
    await world.notifier.look()
    assert world.outbox.letters() == []


async def test_another_wearers_words_are_not_taken_and_another_wearers_notices_not_touched(tmp_path):
    mine, hers = World(tmp_path), World(tmp_path, "anna")
    mine.notifier.hear(an_entry("mute persistent", NOON_S - 1))
    await hers.notifier.look()
    await mine.notifier.look()
    assert (len(hers.phone.letters), mine.phone.letters) == (1, [])
    assert mine.outbox.letters() == []
    assert mine.store.read(Answer, "anna", 0, 1e11) == []
    mine.close()
    hers.close()


async def test_entries_come_over_the_bus_and_are_answered_in_words(world):
    async with open_bus("local:entries", "test") as bus, bus.subscribe(Heard) as heard, world.notifier.at_work(bus):
        for entry in (
            an_entry("coffee 2"),
            an_entry("cofee"),
            an_entry("coffee", wearer="anna"),
            an_entry("mute changed"),
        ):
            await bus.publish(Parcel(entry))
        said = []
        async for batch in heard:
            said += [parcel.message for parcel in batch]
            if len(said) == 3:
                break
    assert [one.is_kept for one in said] == [True, False, True]
    assert "did you mean" in said[1].said
    assert "Still coming: persistent, new region, faults" in said[2].said
    assert [note.words for note in world.store.read(Note, "me", 0, 1e11)] == ["coffee 2"]
    assert world.store.read(Note, "anna", 0, 1e11) == []


def test_the_same_entry_twice_counts_once_and_one_without_a_time_is_for_now(world):
    for _ in range(2):
        world.notifier.hear(an_entry("coffee 2"))
    world.notifier.hear(Entry("me", "phone", "water 1"))
    assert [note.time_s for note in world.store.read(Note, "me", 0, 1e11)] == [an_entry().time_s, NOON_S]


@pytest.mark.parametrize(
    ("words", "verb", "about", "more"),
    [
        ("ack persistent", Verb.ACKNOWLEDGE, "persistent", ""),
        ("false persistent/left", Verb.FALSE, "persistent/left_calf/2026-11-22/began", ""),
        ("known-cause new-region new running shoes", Verb.KNOWN_CAUSE, "new_region", "new running shoes"),
        ("Mute notices", Verb.MUTE, "notices", ""),
        ("unmute faults", Verb.UNMUTE, "faults", ""),
    ],
)
def test_answers_are_understood(world, words, verb, about, more):
    assert world.notifier.hear(an_entry(words)).is_kept
    (answer,) = world.store.read(Answer, "me", 0, 1e11)
    assert (answer.verb, answer.about, answer.words) == (verb, about, more)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("snooze changed", "for how long"),
        ("snooze changed for ever", "for how long"),
        ("snooze changed 99w", "at most 13 weeks"),
        ("mute chagned", "known are"),
        ("mute", "known are"),
    ],
)
def test_answers_that_are_not_understood_are_not_kept(world, words, says):
    heard = world.notifier.hear(an_entry(words))
    assert says in heard.said
    assert not heard.is_kept
    assert world.store.read(Answer, "me", 0, 1e11) == []


def test_a_full_disk_is_said_and_the_entry_not_called_kept(world):
    world.store._connection.execute("PRAGMA max_page_count = 8")
    heard = [world.notifier.hear(an_entry(f"coffee {'y' * 400}", NOON_S + n)) for n in range(200)]
    refused = [one for one in heard if not one.is_kept]
    assert refused
    assert all("could not be written" in one.said for one in refused)
    assert len(world.store.read(Note, "me", 0, 1e11)) == len(heard) - len(refused)


async def test_a_real_webhook_gets_a_notice(tmp_path):
    with webhook() as hook:
        world = World(tmp_path)
        world.phone.send = Push(hook.address).send
        await world.notifier.look()
        assert world.states()["phone"] is LetterState.SENT
        (letter,) = world.mail.letters
        assert hook.bodies[0]["message"].startswith("Left calf: twitches on")
        assert hook.references != [letter.reference]  # each channel has its own
        world.close()


KILLED = """
import asyncio, sys
from zoneinfo import ZoneInfo
from aquiver.store import open_store
from dashboards.channels import Way
from dashboards.channels.push import Push
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.outbox import Outbox
from dashboards.notices.service import Notifier, Wearer
from dashboards.notices.window import Window
from pathlib import Path
folder, address, now_s = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
matter = Matter(Sort.NOTICES, "changed", "lumbosacral", "changed/x", now_s - 86400, "title", "text")
wearer = Wearer("me", ZoneInfo("Europe/Berlin"), Window.parse("09:00-20:00"))
ways = [Way("phone", Sort.NOTICES, Push(address))]
store, outbox = open_store("sqlite:", folder), Outbox(folder / "notify.db", "me")
asyncio.run(Notifier(wearer, store, outbox, ways, lambda _: [matter], lambda: now_s).look())
"""


def test_killed_between_sending_and_keeping_it_is_sent_again_under_the_same_reference(tmp_path):
    with webhook() as hook:
        command = [sys.executable, "-c", KILLED, str(tmp_path), hook.address]
        process = subprocess.Popen([*command, str(NOON_S)])
        hook.first = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=60) == -signal.SIGKILL
        hook.first = lambda: None
        outbox = Outbox(tmp_path / "notify.db", "me")
        (letter,) = outbox.letters()
        assert (letter.state, letter.n_attempts) == (LetterState.WAITING, 1)
        outbox.close()
        for later_s in (60.0, 3600.0):
            subprocess.run([*command, str(NOON_S + later_s)], check=True, timeout=60)
        wait_for(lambda: len(hook.references) >= 2)
        assert set(hook.references) == {letter.reference}
        assert len(hook.references) == 2


def test_told_is_kept_with_its_letters_or_not_at_all(world):
    matter = world.matters[0]
    world.outbox._connection.execute("DROP TABLE letter")
    with pytest.raises(Exception, match="letter"):
        world.outbox.hand_over(matter, ["phone"], NOON_S, "t")
    assert world.outbox.told() == []


def test_an_answer_by_mqtt_and_one_by_hand_are_the_same_kind_of_record(world):
    world.store.write([replace(an_answer(Verb.MUTE, "persistent", NOON_S - 5), id="by-hand")])
    world.notifier.hear(an_entry("unmute persistent", NOON_S - 1))
    assert [one.verb for one in world.store.read(Answer, "me", 0, 1e11)] == [Verb.MUTE, Verb.UNMUTE]
