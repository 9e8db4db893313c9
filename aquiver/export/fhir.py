"""FHIR R4: one Observation for each night of each site, with the method, the time it rests on and its interval.

https://hl7.org/fhir/R4/observation.html. The unit codes are UCUM's. Body sites carry a SNOMED CT code where the body has
one for the place (as DICOM's table CID 4031 lists them), and the side in words. There is no code for what is counted
here, so it is said in words. The subject is a nickname; no observation interprets anything.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.export.measured import Measured
from aquiver.model import Modality, Unit

Resource = dict[str, Any]

_NAMES = uuid.UUID("8f1c9a5e-3d0b-5b8e-9a57-6f0f4d2c7b11")  # ours: the same night gives the same identifiers
_UCUM = "http://unitsofmeasure.org"
_SNOMED = "http://snomed.info/sct"
_PLACES = {
    "face": ("89545001", "Face structure"),
    "neck": ("45048000", "Neck structure"),
    "trunk": ("22943007", "Trunk structure"),
    "upper_arm": ("40983000", "Upper arm structure"),
    "forearm": ("14975008", "Forearm structure"),
    "hand": ("85562004", "Hand structure"),
    "thigh": ("68367000", "Thigh structure"),
    "calf": ("53840002", "Structure of calf of leg"),
    "foot": ("56459004", "Foot structure"),
}
_SENSORS = {
    Modality.EMG: "surface electromyography",
    Modality.ACCELEROMETER: "accelerometer on the skin",
    Modality.ECG: "electrocardiography",
}
_COUNTED = {Modality.EMG: "Muscle twitches", Modality.ACCELEROMETER: "Visible muscle twitches", Modality.ECG: "Beats"}
_FLOOR_UNITS = {Unit.MICROVOLT: ("uV", "uV"), Unit.G: ("g", "[g]"), Unit.COUNT: ("count", "{count}")}


@dataclass(frozen=True, slots=True)
class Software:
    """What decided: the program's version and the method's."""

    version: str
    method: str


def bundle_of(nights: Sequence[Measured], software: Software, zone: ZoneInfo) -> Resource:
    """Give a Bundle of the nights' Observations and of the Devices that made them."""
    devices = {(one.wearer, one.device, one.modality): _device(one, software) for one in nights}
    observations = [_observation(one, software, zone) for one in nights]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in [*devices.values(), *observations]],
    }


def _device(one: Measured, software: Software) -> Resource:
    versions = (("program", software.version), ("method", software.method))
    return {
        "resourceType": "Device",
        "id": _id("device", one.wearer, one.device, one.modality),
        "deviceName": [{"name": one.device, "type": "user-friendly-name"}],
        "type": {"text": f"Wearable sensor: {_SENSORS[one.modality]}"},
        "version": [{"type": {"text": f"aquiver {what}"}, "value": value} for what, value in versions],
    }


def _observation(one: Measured, software: Software, zone: ZoneInfo) -> Resource:
    rate = one.rate_per_hour
    absent = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]}
    value = {"dataAbsentReason": absent} if rate is None else {"valueQuantity": _quantity(rate, "per hour", "/h")}
    return {
        "resourceType": "Observation",
        "id": _id("night", one.wearer, one.device, one.modality, one.night),
        "status": "final" if one.is_final else "preliminary",
        "code": {"text": f"{_COUNTED[one.modality]} per analysable hour, overnight"},
        "subject": {"type": "Patient", "identifier": {"value": one.wearer}},
        "effectivePeriod": {"start": _instant(one.start_s, zone), "end": _instant(one.stop_s, zone)},
        **value,
        "bodySite": _place(one.site),
        "method": {"text": f"aquiver {software.version}, {_SENSORS[one.modality]}, method {software.method}"},
        "device": {"reference": f"urn:uuid:{_id('device', one.wearer, one.device, one.modality)}"},
        "note": [{"text": "What a sensor on the skin counted. Time that could not be analysed is not in the rate."}],
        "component": list(_components(one)),
    }


def _components(one: Measured) -> Iterable[Resource]:
    yield _component("Number of twitches", one.n_twitches, "twitches", "{twitches}")
    yield _component("Analysable time", one.analysable_s, "s", "s")
    for reason, length_s in sorted(one.excluded_s.items()):
        yield _component(f"Time set aside: {reason.replace('_', ' ')}", length_s, "s", "s")
    if one.interval_per_hour is not None:
        low, high = one.interval_per_hour
        limits = {"low": _quantity(low, "per hour", "/h"), "high": _quantity(high, "per hour", "/h")}
        yield {"code": {"text": "95 % interval of the rate"}, "valueRange": limits}
    yield _component("Noise floor (rms)", one.floor, *_FLOOR_UNITS[one.unit])


def _component(text: str, value: float, unit: str, code: str) -> Resource:
    return {"code": {"text": text}, "valueQuantity": _quantity(value, unit, code)}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": round(value, 4), "unit": unit, "system": _UCUM, "code": code}


def _place(site: Site) -> Resource:
    code, display = _PLACES[site.removeprefix("left_").removeprefix("right_")]
    return {"coding": [{"system": _SNOMED, "code": code, "display": display}], "text": site.words}


def _instant(time_s: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(round(time_s), zone).isoformat()


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMES, "/".join(parts)))
