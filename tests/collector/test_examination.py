"""Bands that break one rule each, examined over the virtual radio."""

import asyncio

import pytest

from aquiver.body import Site
from aquiver.errors import LinkLost
from collector.conformance import judge
from collector.devices.open_band import OpenBand
from collector.examination import examine
from collector.simulation.body import Body
from collector.simulation.habits import STILL
from collector.virtual.firmware import Said
from collector.virtual.open_band import BATTERY, CONTROL, DESCRIPTION, VirtualOpenBand
from collector.virtual.refusal import Refused
from tests.air import FAST, HASTY, air

SHORT_S = 0.6


class _Deaf(VirtualOpenBand):
    """Says that it stops, and goes on."""

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        return (Said(CONTROL, b"\x02\x00"),) if data == b"\x02" else super().write(characteristic, data, now_s)


class _Offended(VirtualOpenBand):
    """Refuses to be stopped."""

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        if data == b"\x02":
            raise Refused
        return super().write(characteristic, data, now_s)


class _Stammering(VirtualOpenBand):
    """Says everything twice."""

    def due(self, now_s: float) -> tuple[Said, ...]:
        return tuple(said for said in super().due(now_s) for _ in range(2))


class _Garbled(VirtualOpenBand):
    """Describes itself in another version."""

    def read(self, characteristic: str) -> bytes:
        return (b"\x07" if characteristic == DESCRIPTION else b"") + super().read(characteristic)


class _WithoutBattery(VirtualOpenBand):
    """Has no battery service."""

    table = tuple(row for row in VirtualOpenBand.table if row.uuid != BATTERY)


class _Secretive(VirtualOpenBand):
    """Has a battery that cannot be read."""

    def read(self, characteristic: str) -> bytes:
        if characteristic == BATTERY:
            raise Refused
        return super().read(characteristic)


class _Talkative(VirtualOpenBand):
    """Remembers that it has spoken."""

    has_spoken = False

    def due(self, now_s: float) -> tuple[Said, ...]:
        said = super().due(now_s)
        self.has_spoken = self.has_spoken or bool(said)
        return said


async def _broken(firmware: VirtualOpenBand, max_mtu: int = 247) -> set[str]:
    async with air({"band": firmware}, max_mtu) as radio:
        evidence = await examine(radio.backends, OpenBand(), None, firmware.name, SHORT_S, FAST)
        return {verdict.rule for verdict in judge(evidence) if verdict.complaints}


@pytest.mark.parametrize(
    ("firmware", "max_mtu", "rules"),
    [
        (VirtualOpenBand, 247, set()),
        (_Deaf, 247, {"It stops when told"}),
        (_Offended, 247, {"It keeps the link", "It stops when told"}),
        (_Stammering, 247, {"Its packets keep the format"}),
        (_Garbled, 247, {"It describes itself, and starts"}),
        (_WithoutBattery, 247, {"It tells its battery"}),
        (_Secretive, 247, {"It tells its battery"}),
        (VirtualOpenBand, 67, {"Its packets keep the format", "Its packets fit the MTU", "It sends every signal"}),
    ],
)
async def test_each_fault_is_named(firmware: type[VirtualOpenBand], max_mtu: int, rules: set[str]) -> None:
    found = await _broken(firmware(Body(1, STILL), Site.LEFT_CALF), max_mtu)
    assert found - {"Its rates are as described"} == rules  # of so short a time no rate is measured


async def test_a_band_that_goes_away_is_judged_by_what_was_heard() -> None:
    firmware = _Talkative(Body(1, STILL), Site.LEFT_CALF)
    async with air({"band": firmware}) as radio:
        examination = asyncio.ensure_future(examine(radio.backends, OpenBand(), None, firmware.name, SHORT_S, FAST))
        while not firmware.has_spoken:
            await asyncio.sleep(0.01)
        radio.drop_link("band")
        found = {verdict.rule for verdict in judge(await examination) if verdict.complaints}
    assert {"It keeps the link", "It stops when told", "It tells its battery"} <= found


async def test_a_band_that_is_not_near_is_a_lost_link() -> None:
    async with air({}) as radio:
        with pytest.raises(LinkLost, match="not found"):
            await examine(radio.backends, OpenBand(), None, "Nobody", SHORT_S, HASTY)
