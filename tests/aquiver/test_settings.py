"""Every mistake in the settings names its key and its line."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.commands.options import settings_from
from aquiver.errors import SettingsError
from aquiver.model import Rules
from aquiver.settings import BandSettings, Settings, default_folder, parse_settings, read_settings

BAND = '[[band]]\ndevice = "a"\nsite = "left_calf"\nsource = "ble:polar"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('\nwearr = "x"', 'line 2: unknown key "wearr"; did you mean "wearer"?'),
        ("zzz = 1", 'line 1: unknown key "zzz"; known are'),
        ("[zzz]\nx = 1", 'line 1: unknown key "zzz"'),
        ("wearer = 3", 'line 1: "wearer": expected `str`, got `int`'),
        ("\n\nmains_hz = 55", 'line 3: "mains_hz": invalid enum value 55; choose one of 50, 60 or 0'),
        ('timezone = "Europe/Berln"', 'line 1: "timezone": no time zone is called "Europe/Berln"'),
        ('wearer = "Anna Meier"', 'line 1: "wearer": "Anna Meier" is no name'),
        ('wearer = "aquiver-check"', 'line 1: "wearer": "aquiver-check" is the name of a test'),
        ("band = 3", 'line 1: "band": expected `array`'),
        ("band = [3]", 'line 1: "band[0]": expected `object`'),
        (BAND + BAND, 'line 6: "device": two bands are called "a"'),
        (BAND + '[[band]]\ndevce = "b"', 'line 6: unknown key "devce" in [[band]]; did you mean "device"?'),
        (
            BAND + '[[band]]\ndevice = "b"\nsite = "left_claf"\nsource = ""',
            "line 7: \"site\": invalid enum value 'left_claf'",
        ),
        (BAND + '[[band]]\ndevice = "b"\nsite = "trunk"', 'line 5: "source": every [[band]] needs it'),
        ("x ==", "not valid TOML: Invalid value (at line 1"),
    ],
)
def test_a_mistake_names_its_key_and_line(text, says):
    with pytest.raises(SettingsError) as error:
        parse_settings(text)
    assert says in str(error.value)


@given(some.text())
def test_any_text_is_settings_or_a_settings_error(text):
    with suppress(SettingsError):
        assert isinstance(parse_settings(text), Settings)


def test_bands_are_read():
    assert parse_settings(BAND).band == (BandSettings("a", Site.LEFT_CALF, "ble:polar"),)


def test_the_example_is_valid_and_says_every_key():
    text = (Path(__file__).parents[2] / "aquiver.example.toml").read_text()
    settings = parse_settings(text)
    assert len(settings.band) >= 1
    for key in Settings.__dataclass_fields__:
        assert key in text


def test_the_example_has_every_number_of_the_rules_as_it_is_assumed():
    text = (Path(__file__).parents[2] / "aquiver.example.toml").read_text()
    _, _, table = text.partition("# [judgement]\n")
    rows = [line.removeprefix("# ") for line in table.splitlines()]
    assert parse_settings("\n".join(["[judgement]", *rows])).judgement == Rules()
    assert {row.partition(" = ")[0] for row in rows} == set(Rules.__dataclass_fields__)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[judgement]\nvalid_hour = 2", 'line 2: unknown key "valid_hour" in [judgement]; did you mean "valid_hours"?'),
        ("[judgement]\nvalid_hours = -2", 'line 2: "valid_hours": expected `float` > 0.0'),
        ("[judgement]\npersistent_nights = 15", "persistent_nights is more than persistent_of"),
        ('[judgement]\ntrend_p = "x"', 'line 2: "trend_p": expected `float`, got `str`'),
        ('wearer = "a-pillow"', 'line 1: "wearer": "a-pillow": names that end in "-pillow" are kept'),
    ],
)
def test_a_mistake_in_the_numbers_of_the_rules_names_its_key_and_line(text, says):
    with pytest.raises(SettingsError) as error:
        parse_settings(text)
    assert says in str(error.value)


@pytest.mark.parametrize(("content", "says"), [(None, "Start from aquiver"), (b"\xff\xfe", "not a text file")])
def test_a_file_that_cannot_be_read_says_so(tmp_path, content, says):
    path = tmp_path / "night.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        read_settings(path)


def test_a_mistake_in_a_file_names_the_file(tmp_path):
    path = tmp_path / "night.toml"
    path.write_text("wearer = 3")
    with pytest.raises(SettingsError, match=r"night\.toml: line 1"):
        read_settings(path)
    path.write_text('wearer = "anna"')
    assert read_settings(path).wearer == "anna"


def test_the_data_folder_follows_setting_then_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_DATA", str(tmp_path / "env"))
    assert Settings().folder == default_folder() == tmp_path / "env"
    assert Settings(data=str(tmp_path)).folder == tmp_path
    monkeypatch.delenv("AQUIVER_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert default_folder() == tmp_path / "xdg" / "aquiver"


def test_a_time_zone_is_the_machines_own_or_the_one_set():
    assert str(Settings(timezone="Asia/Tokyo").zone) == "Asia/Tokyo"
    assert Settings().zone


CHANNEL = '[[channel]]\nname = "phone"\ntells = "notices"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CHANNEL.replace("tells", "tell"), 'line 3: unknown key "tell" in [[channel]]; did you mean "tells"'),
        (CHANNEL.replace("notices", "everything"), 'line 3: "tells": .*choose one of notices, faults or morning'),
        (CHANNEL + 'target = "mail"\n', 'line 4: "target": .*choose one of secret or desktop'),
        (CHANNEL + 'url = "ntfy://x"\n', 'line 4: unknown key "url"'),
        (CHANNEL.replace("phone", "My Phone"), 'line 2: "name": "My Phone" is no name'),
        (CHANNEL + CHANNEL, 'line 5: "name": two channels are called "phone"'),
        ('[[channel]]\nname = "a"\n', '"tells": every [[channel]] needs it'),
        ('[notices]\nwindow = "9-20"\n', 'line 2: "window": "9-20" is no window'),
        ('[notices]\nwindow = "20:00-09:00"\n', "the earlier time first"),
        ('[notices]\nmorning = "07:00"\n', 'line 2: "morning": "07:00" is no time within'),
        ('[notices]\nmornin = "09:10"\n', 'line 2: unknown key "mornin" in [notices]; did you mean "morning"'),
        ("[notices]\nwindow = 9\n", 'line 2: "window"'),
    ],
)
def test_mistakes_about_channels_and_notices_name_key_and_line(text, says):
    with pytest.raises(SettingsError) as error:
        parse_settings(text)
    assert re.search(re.escape(says).replace(r"\.\*", ".*"), str(error.value)), str(error.value)


def test_channels_and_the_window_are_read():
    settings = parse_settings('[notices]\nmorning = "09:10"\n' + CHANNEL)
    assert (settings.notices.morning, settings.channel[0].target) == ("09:10", "secret")


def test_what_a_place_decides_may_come_from_its_environment(monkeypatch, tmp_path):
    (tmp_path / "night.toml").write_text('wearer = "anna"\nbus = "embedded:"\nstore = "sqlite:"\nradio = "virtual:"\n')
    given = {"bus": "mqtts://a", "bus_ca": "b", "store": "influxs://c/d", "store_ca": "e", "radio": "system:"}
    for key, value in given.items():
        monkeypatch.setenv(f"AQUIVER_{key.upper()}", value)
    settings = settings_from(tmp_path / "night.toml")
    assert {key: getattr(settings, key) for key in given} == given
    assert settings.wearer == "anna"
