"""The Bundle is R4, says what it rests on, and interprets nothing."""

import json
import warnings

import pytest

with warnings.catch_warnings():  # of their own source, when it is first compiled
    warnings.simplefilter("ignore")
    from fhir.resources.R4B.bundle import Bundle as Checked
    from fhirclient.models.bundle import Bundle

from aquiver.body import Site
from aquiver.export.fhir import Software, bundle_of
from aquiver.export.measured import measured
from aquiver.model import Modality, Period, SpanReason, Tally, Unit
from aquiver.model.rate import interval_per_hour
from tests.aquiver.export.nights import UTC, records
from tests.samples import a_tally

SOFTWARE = Software("0.1.0", "envelope-1")


def a_bundle(tallies=None):
    found = tallies or [one for one in records() if isinstance(one, Tally)]
    return bundle_of(measured(found, interval_per_hour), SOFTWARE, UTC)


def resources(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def every_place():
    return [
        Tally(
            wearer="me",
            device=f"band-{site.value}".replace("_", "-"),
            site=site,
            modality=modality,
            night="2026-11-22",
            period=Period.NIGHT,
            start_s=1_795_345_200.0,
            analysable_s=3600.0 if modality is Modality.EMG else 0.0,
            excluded_s=dict.fromkeys(SpanReason, 1.5),
            n_twitches=12 if modality is Modality.EMG else 0,
            floor=2.0,
            unit=unit,
            is_final=False,
        )
        for site in Site
        for modality, unit in ((Modality.EMG, Unit.MICROVOLT), (Modality.ACCELEROMETER, Unit.G))
    ]


@pytest.mark.parametrize("tallies", [None, every_place()], ids=["two nights", "every site"])
def test_the_bundle_is_r4(tallies):
    """fhirclient's models are those of R4 (4.0.1); those of fhir.resources, R4B, also check codes and formats."""
    bundle = json.loads(json.dumps(a_bundle(tallies)))
    assert Bundle(bundle, strict=True).as_json() == bundle
    assert len(Checked.model_validate(bundle).entry) == len(bundle["entry"])


def test_the_check_would_find_what_r4_does_not_have():
    bundle = a_bundle()
    resources(bundle, "Observation")[0]["rate"] = 3
    with pytest.raises(ValueError, match="rate"):
        Checked.model_validate(bundle)


def test_an_observation_says_the_rate_its_interval_and_the_time_it_rests_on():
    newer = resources(a_bundle(), "Observation")[1]
    assert newer["valueQuantity"] == {
        "value": 180.0,
        "unit": "per hour",
        "system": "http://unitsofmeasure.org",
        "code": "/h",
    }
    parts = {one["code"]["text"]: one for one in newer["component"]}
    low, high = interval_per_hour(5, 100 / 3600)
    assert parts["Analysable time"]["valueQuantity"]["value"] == 100.0
    assert parts["Number of twitches"]["valueQuantity"]["value"] == 5
    assert parts["95 % interval of the rate"]["valueRange"]["low"]["value"] == round(low, 4)
    assert parts["95 % interval of the rate"]["valueRange"]["high"]["value"] == round(high, 4)
    assert parts["Time set aside: movement"]["valueQuantity"] == {
        "value": 10.0,
        "unit": "s",
        "system": "http://unitsofmeasure.org",
        "code": "s",
    }
    assert newer["method"]["text"] == "aquiver 0.1.0, surface electromyography, method envelope-1"
    assert newer["effectivePeriod"]["start"] == "2026-11-22T23:00:00+00:00"


def test_what_was_not_analysable_has_no_value_and_a_reason():
    (one,) = resources(a_bundle([a_tally(analysable_s=0.0, n_twitches=0)]), "Observation")
    assert "valueQuantity" not in one
    assert one["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert "95 % interval of the rate" not in {part["code"]["text"] for part in one["component"]}


def test_the_side_is_in_words_and_the_place_in_code():
    place = resources(a_bundle(), "Observation")[0]["bodySite"]
    assert place["text"] == "left calf"
    assert place["coding"][0]["code"] == "53840002"


def test_every_reference_leads_to_a_device_in_the_bundle():
    bundle = a_bundle(every_place())
    there = {entry["fullUrl"] for entry in bundle["entry"]}
    assert {one["device"]["reference"] for one in resources(bundle, "Observation")} <= there
    assert len(there) == len(bundle["entry"])


def test_the_same_night_has_the_same_identifiers_again():
    assert a_bundle() == a_bundle()


def test_nothing_is_interpreted():
    text = json.dumps(a_bundle(every_place()))
    for word in ("interpretation", "referenceRange", "diagnos", "Condition", "normal"):
        assert word not in text


def test_nights_are_summed_from_minutes_and_from_whole_nights_only_where_there_are_none():
    both = [
        a_tally(n_twitches=3),
        a_tally(n_twitches=99, period=Period.NIGHT),
        a_tally(n_twitches=9, period=Period.HOUR),
    ]
    assert [one.n_twitches for one in measured(both, interval_per_hour)] == [3]
    assert [one.n_twitches for one in measured(both[1:2], interval_per_hour)] == [99]
