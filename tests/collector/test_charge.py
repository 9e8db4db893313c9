"""A battery asked in passing."""

import pytest

from collector.charge import charge_of
from collector.links.ble import find
from collector.virtual.counter import BATTERY, Counter, Counting
from tests.air import FAST, HASTY, alone


class Boasting(Counter):
    """Has a battery of more than 100 percent."""

    def read(self, characteristic: str) -> bytes:
        return b"\xff" if characteristic == BATTERY else super().read(characteristic)


@pytest.mark.parametrize(("counter", "is_told"), [(Counter(), True), (Boasting(), False)])
async def test_a_battery_is_told_in_percent_or_not_at_all(counter, is_told):
    async with alone(counter) as radio:
        found = await find(radio.backends, Counting(), None, None, FAST)
        assert (await charge_of(radio.backends, found, FAST) is not None) is is_told


async def test_a_wearable_that_lets_nobody_in_tells_none():
    async with alone() as radio:
        found = await find(radio.backends, Counting(), None, None, FAST)
        radio.vanish("band")
        assert await charge_of(radio.backends, found, HASTY) is None
