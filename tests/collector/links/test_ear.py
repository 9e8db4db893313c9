import pytest

from aquiver.errors import LinkLost
from collector.links import Notification
from collector.links.ear import N_WAITING, Ear
from tests.air import collect


async def test_what_was_heard_before_the_end_is_still_given():
    ear = Ear(clock=lambda: 1.0)
    ear.hear("c", b"1")
    ear.end("first")
    ear.end("second")
    ear.hear("c", b"2")
    notifications = ear.notifications(silence_s=1.0)
    assert (await anext(notifications)).data == b"1"
    with pytest.raises(LinkLost, match="first"):
        await anext(notifications)


async def test_a_full_ear_ends_the_link_after_everything_it_heard():
    """Dropping one notification of a wearable that does not number its samples could not be seen."""
    ear = Ear(clock=lambda: 1.0)
    for number in range(N_WAITING + 10):
        ear.hear("c", number.to_bytes(2, "big"))
    heard: list[Notification] = []
    with pytest.raises(LinkLost, match="too slow"):
        await collect(ear.notifications(silence_s=1.0), heard)
    assert [int.from_bytes(each.data, "big") for each in heard] == list(range(N_WAITING))


async def test_only_the_first_reply_is_kept_from_the_listener():
    ear = Ear(clock=lambda: 1.0)
    with ear.expecting("c") as replies:
        for data in (b"reply", b"data"):
            ear.hear("c", data)
        assert await replies.first() == b"reply"
    assert (await anext(ear.notifications(silence_s=1.0))).data == b"data"


async def test_who_waits_for_a_reply_hears_of_the_end():
    ear = Ear(clock=lambda: 1.0)
    with ear.expecting("c") as replies:
        ear.end("it went away")
        with pytest.raises(LinkLost, match="it went away"):
            await replies.first()
    with pytest.raises(LinkLost, match="it went away"):
        ear.ensure_open()


async def test_who_waits_late_has_what_was_heard_already_and_the_others_keep_their_order():
    ear = Ear(clock=lambda: 1.0)
    for characteristic, data in (("d", b"1"), ("c", b"part 2"), ("d", b"2"), ("c", b"part 3")):
        ear.hear(characteristic, data)
    with ear.expecting("c", is_late=True) as replies:
        assert await replies.first() == b"part 2"
    notifications = ear.notifications(silence_s=1.0)
    assert [(await anext(notifications)).data for _ in range(3)] == [b"1", b"2", b"part 3"]


async def test_who_waits_late_hears_of_an_end_that_came_before():
    ear = Ear(clock=lambda: 1.0)
    ear.end("it went away")
    with ear.expecting("c", is_late=True) as replies, pytest.raises(LinkLost, match="it went away"):
        await replies.first()
