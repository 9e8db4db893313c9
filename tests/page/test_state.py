"""Tonight's state: worn, age and battery as they are; the check judges the night that runs."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Site
from aquiver.commands.bedside import acts_of
from aquiver.errors import SettingsError
from aquiver.model import BandState, Modality, Span, SpanReason, Status, StreamStatus
from aquiver.settings import BandSettings, Settings, read_settings
from dashboards.evening import Evening
from dashboards.page.api.tonight import lines_of
from dashboards.page.live.events import event_of
from dashboards.page.state import Morning, Worn, tonight_of
from dashboards.page.vigil import Vigil
from dashboards.readiness import Verdict, is_ready
from tests.samples import NIGHT, NOW_S, a_tally, a_twitch

MORNING = Morning("07:00", ZoneInfo("UTC"), {"calf": 12.0})


def status_of(age_s: float = 0.0, battery: float | None = 80.0, now_s: float = NOW_S) -> Status:
    streams = {Modality.EMG: StreamStatus(now_s - age_s, 1000, 10, 0.0)}
    return Status("me", "calf", Site.LEFT_CALF, now_s, BandState.STREAMING, "", battery, 0, streams)


def evening_of(*messages) -> Evening:
    evening = Evening("me", NIGHT)
    for message in messages:
        evening.feed(message)
    return evening


def test_a_battery_is_enough_if_it_lasts_until_morning():
    """It is 23:00; a full charge lasts twelve hours."""
    for percent, is_enough in ((100.0, True), (70.0, True), (60.0, False), (None, None)):
        (band,) = tonight_of(evening_of(status_of(battery=percent)), MORNING, NOW_S).bands
        assert band.is_enough is is_enough, percent


def test_a_band_is_worn_as_its_electrodes_say():
    for excluded_s, analysable_s, worn in (
        ({}, 60.0, Worn.YES),
        ({SpanReason.CONTACT: 50.0}, 10.0, Worn.NO),
        ({SpanReason.MOVEMENT: 50.0}, 10.0, Worn.YES),
        ({SpanReason.WARM_UP: 60.0}, 0.0, Worn.UNKNOWN),
    ):
        minute = replace(
            a_tally(), device="calf", modality=Modality.EMG, excluded_s=excluded_s, analysable_s=analysable_s
        )
        (band,) = tonight_of(evening_of(status_of(), minute), MORNING, NOW_S).bands
        assert band.worn is worn, excluded_s
    (band,) = tonight_of(evening_of(status_of()), MORNING, NOW_S).bands
    assert band.worn is Worn.UNKNOWN


def test_a_repeated_record_is_no_news_and_another_wearers_is_none():
    vigil, twitch = Vigil("me", NIGHT), replace(a_twitch(), wearer="me", night=NIGHT)
    assert vigil.feed(twitch)
    assert not vigil.feed(twitch)
    assert not vigil.feed(replace(twitch, wearer="other"))
    assert not vigil.feed(replace(twitch, night="2020-01-01"))
    assert event_of(twitch) is not None
    assert len(vigil.twitches) == 1


def test_another_night_begins_empty():
    vigil = Vigil("me", NIGHT)
    vigil.feed(replace(a_twitch(), wearer="me", night=NIGHT))
    vigil.feed(replace(a_tally(), wearer="me", night="2099-01-01"))
    assert vigil.twitches == {}


async def test_a_silent_band_is_not_ready_and_says_so(tmp_path):
    settings = Settings(
        band=(BandSettings("calf", Site.LEFT_CALF, "ble:myo", 48.0),), data=str(tmp_path), timezone="UTC"
    )
    acts = acts_of(settings, tmp_path / "night.toml", evening_of(status_of(age_s=60.0, now_s=NOW_S)), list)
    findings = await acts.check("07:00")
    assert not is_ready(findings)
    (band,) = [one for one in findings if one.about == "calf"]
    assert band.verdict is Verdict.NOT_YET
    assert "no samples came" in band.words


def test_a_new_band_stands_in_the_settings_once(tmp_path):
    path = tmp_path / "night.toml"
    path.write_text('wearer = "anna"\n[[band]]\ndevice = "x"\nsite = "neck"\nsource = "ble:polar"\n')
    acts = acts_of(read_settings(path), path, Evening("anna", NIGHT), list)
    assert acts.add("myo", "AA:BB:CC:DD:EE:FF", Site.LEFT_FOREARM) == "myo-left-forearm"
    assert [band.site for band in acts.set_up()] == [Site.NECK, Site.LEFT_FOREARM]
    for address in ("AA:BB:CC:DD:EE:FF", "aa:bb:cc:dd:ee:ff"):
        with pytest.raises(SettingsError, match="set up already"):
            acts.add("myo", address, Site.LEFT_CALF)
    assert len(read_settings(path).band) == 2


def test_the_timeline_begins_where_the_stream_appeared():
    """Twenty seconds into a minute; ten of them to settle in."""
    vigil = Vigil("me", NIGHT)
    here = {"wearer": "me", "device": "calf", "site": Site.LEFT_CALF, "modality": Modality.EMG, "night": NIGHT}
    vigil.feed(replace(a_tally(NOW_S), **here, analysable_s=30.0, excluded_s={SpanReason.WARM_UP: 10.0}, is_final=True))
    vigil.feed(replace(a_tally(NOW_S + 60), **here, analysable_s=12.0, excluded_s={}, is_final=False))
    vigil.feed(Span(**here, run="r", sample=0, start_s=NOW_S + 20, stop_s=NOW_S + 30, reason=SpanReason.WARM_UP))
    vigil.feed(replace(a_twitch(), **here, peak_s=NOW_S + 40))
    (line,) = lines_of(vigil)
    assert (line.since_s, line.until_s) == (NOW_S + 20, NOW_S + 72)
    assert line.twitches_s == [NOW_S + 40]
    assert [one.reason for one in line.set_aside] == [SpanReason.WARM_UP]


def test_a_stream_that_goes_on_from_the_night_before_begins_with_the_night():
    vigil = Vigil("me", NIGHT)
    here = {"wearer": "me", "device": "calf", "site": Site.LEFT_CALF, "modality": Modality.EMG, "night": NIGHT}
    vigil.feed(replace(a_tally(NOW_S), **here, analysable_s=60.0, excluded_s={}, is_final=True))
    vigil.feed(Span(**here, run="r", sample=0, start_s=NOW_S + 40, stop_s=NOW_S + 45, reason=SpanReason.MOVEMENT))
    (line,) = lines_of(vigil)
    assert line.since_s == NOW_S
