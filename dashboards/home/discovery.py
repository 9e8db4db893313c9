"""Discovery: one wearer's device and its parts, as Home Assistant's MQTT integration reads them. Pure.

Device discovery, one retained message: ``dev``, ``o`` and ``cmps``; a part that shall go is published as its ``p`` alone.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from aquiver.model import Modality
from aquiver.wire import ROOT as BUS_ROOT
from dashboards.home.place import Place, device_id, service_topic
from dashboards.phrases import home as phrases

Part = Mapping[str, Any]
EXPIRES_S = 120  # a reading of now that is not renewed for so long is unavailable
_QOS = 1
_SENDER = "home-assistant"


def discovery(wearer: str, streams: Mapping[Place, Collection[Modality]], before: str = "") -> str:
    """Describe a wearer's device with all its bands; ``before`` is what was described last.

    Parts of ``before`` that are gone are taken out.
    """
    parts: dict[str, Part] = {}
    for place, modalities in sorted(streams.items()):
        parts |= _band(wearer, place, sorted(modalities))
    parts |= _buttons(wearer, sorted(streams))
    gone = {name: {"p": part["p"]} for name, part in parts_in(before).items() if name not in parts and "p" in part}
    description = {
        "dev": {"ids": [device_id(wearer)], "name": phrases.device(wearer), "mf": "aquiver", "sw": version("aquiver")},
        "o": {"name": "aquiver", "sw": version("aquiver")},
        "qos": _QOS,
        "cmps": parts | gone,
    }
    return json.dumps(description, ensure_ascii=False, sort_keys=True)


def parts_in(text: str) -> dict[str, Part]:
    """Give the parts of a description; none of a text that is none."""
    try:
        found = json.loads(text).get("cmps", {}) if text else {}
    except (ValueError, AttributeError):
        return {}
    return {name: part for name, part in found.items() if isinstance(part, dict)} if isinstance(found, dict) else {}


def topics_of(part: Part) -> list[str]:
    """Give the retained topics that a part reads."""
    states = [part["state_topic"]] if "state_topic" in part else []
    return [*states, *(one["topic"] for one in part.get("availability", ()))]


def _band(wearer: str, place: Place, modalities: Sequence[Modality]) -> dict[str, Part]:
    """Give the parts of one band. What is of now needs a fresh sample; what was counted stays."""
    parts: dict[str, Part] = {}
    for modality in modalities:
        rows = (
            ("total", _total(place, modality), False),
            ("rate", _rate(place, modality), True),
            ("last_night", _last_night(place, modality), False),
            ("last_night_hours", _last_night_hours(place, modality), False),
        )
        for name, part, is_of_now in rows:
            parts |= _part(wearer, place, f"{modality}_{name}", part, is_of_now=is_of_now)
    for name, part, is_of_now in (
        ("battery", _battery(place), True),
        ("worn", _worn(place), True),
        ("streaming", _streaming(place), False),
        ("newest", _newest(place), False),
    ):
        parts |= _part(wearer, place, name, part, is_of_now=is_of_now)
    return parts


def _part(wearer: str, place: Place, name: str, part: Part, *, is_of_now: bool) -> dict[str, Part]:
    unique_id = f"{device_id(wearer)}_{place.name}_{name}"
    topics = [service_topic(wearer), *([place.fresh_topic(wearer)] if is_of_now else [])]
    shared: dict[str, Any] = {
        "unique_id": unique_id,
        "state_topic": place.state_topic(wearer),
        "availability": [{"topic": topic} for topic in topics],
        "availability_mode": "all",
        **({"expire_after": EXPIRES_S} if is_of_now else {}),
    }
    return {unique_id: {**part, **shared}}


def _total(place: Place, modality: Modality) -> Part:
    return {
        "p": "sensor",
        "name": phrases.total(place.site, modality),
        "value_template": f"{{{{ value_json.{modality}.total }}}}",
        "state_class": "total_increasing",
        "unit_of_measurement": phrases.UNIT_COUNT,
        "icon": "mdi:pulse",
    }


def _rate(place: Place, modality: Modality) -> Part:
    return {
        "p": "sensor",
        "name": phrases.rate(place.site, modality),
        "value_template": f"{{{{ value_json.{modality}.rate_per_hour }}}}",
        "state_class": "measurement",
        "unit_of_measurement": "/h",
        "icon": "mdi:pulse",
    }


def _last_night(place: Place, modality: Modality) -> Part:
    return {
        "p": "sensor",
        "name": phrases.last_night(place.site, modality),
        "value_template": f"{{{{ value_json.{modality}.last_night.rate_per_hour }}}}",
        "state_class": "measurement",
        "unit_of_measurement": "/h",
        "icon": "mdi:weather-night",
    }


def _last_night_hours(place: Place, modality: Modality) -> Part:
    return {
        "p": "sensor",
        "name": phrases.of_site(place.site, f"{modality} {phrases.LAST_NIGHT_HOURS}"),
        "value_template": f"{{{{ value_json.{modality}.last_night.analysable_h }}}}",
        "device_class": "duration",
        "state_class": "measurement",
        "unit_of_measurement": "h",
    }


def _battery(place: Place) -> Part:
    return {
        "p": "sensor",
        "name": phrases.of_site(place.site, phrases.BATTERY),
        "value_template": "{{ value_json.battery }}",
        "device_class": "battery",
        "state_class": "measurement",
        "unit_of_measurement": "%",
        "entity_category": "diagnostic",
    }


def _worn(place: Place) -> Part:
    return {
        "p": "binary_sensor",
        "name": phrases.of_site(place.site, phrases.WORN),
        "value_template": "{{ value_json.worn }}",
        "icon": "mdi:watch-variant",
    }


def _streaming(place: Place) -> Part:
    return {
        "p": "binary_sensor",
        "name": phrases.of_site(place.site, phrases.STREAMING),
        "value_template": "{{ value_json.streaming }}",
        "device_class": "connectivity",
        "entity_category": "diagnostic",
    }


def _newest(place: Place) -> Part:
    return {
        "p": "sensor",
        "name": phrases.of_site(place.site, phrases.NEWEST),
        "value_template": "{{ value_json.newest_sample }}",
        "device_class": "timestamp",
        "entity_category": "diagnostic",
    }


def _buttons(wearer: str, places: Sequence[Place]) -> dict[str, Part]:
    sites = dict.fromkeys(place.site for place in places)
    rows = [(f"felt_{site}", phrases.felt(site), f"felt {site.words}") for site in sites]
    rows += [("coffee", phrases.COFFEE, "coffee 1"), ("water", phrases.WATER, "water 1")]
    rows += [("snooze", phrases.SNOOZE, "snooze notices 7d"), ("acknowledge", phrases.ACKNOWLEDGE, "ack notices")]
    return dict(_button(wearer, name, title, words) for name, title, words in rows)


def _button(wearer: str, name: str, title: str, words: str) -> tuple[str, Part]:
    unique_id = f"{device_id(wearer)}_{name}"
    press = json.dumps({"wearer": wearer, "sender": _SENDER, "words": words})
    part = {
        "p": "button",
        "name": title,
        "unique_id": unique_id,
        "command_topic": f"{BUS_ROOT}/{wearer}/entry/-/{_SENDER}",
        "payload_press": press,
        "availability": [{"topic": service_topic(wearer)}],
        "availability_mode": "all",
    }
    return unique_id, part
