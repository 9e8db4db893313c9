"""A night in one file: it replays elsewhere, and what was changed is seen."""

import json
import zipfile

import pytest

from aquiver.errors import BundleError
from aquiver.export.bundle import Manifest, is_bundle, opened_bundle, write_bundle
from aquiver.model import Span, Twitch
from tests.aquiver.export.nights import NIGHT, record_raw, records

MANIFEST = Manifest("me", NIGHT, "Europe/Berlin", 50, "0.1.0", "envelope-1")
KEPT = [one for one in records() if isinstance(one, Twitch | Span)]


@pytest.fixture
def bundle(tmp_path):
    record_raw(tmp_path)
    write_bundle(tmp_path / "b.zip", MANIFEST, sorted((tmp_path / "recordings" / NIGHT).iterdir()), KEPT)
    return tmp_path / "b.zip"


def rewrite(path, **changes):
    """Write a bundle anew; a file is changed, added, or left out where its change is None."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= {name.replace("__", "/").replace("_DOT_", "."): data for name, data in changes.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)


def test_a_bundle_gives_back_recordings_records_and_settings(bundle):
    with opened_bundle(bundle) as found:
        assert found.records == tuple(KEPT)
        assert found.manifest.zone.key == "Europe/Berlin"
        original = bundle.parent / "recordings" / NIGHT / found.recordings[0].name
        assert found.recordings[0].read_bytes() == original.read_bytes()
    assert not found.recordings[0].exists()


def test_the_same_night_gives_the_same_bytes(bundle):
    recordings = sorted((bundle.parent / "recordings" / NIGHT).iterdir())
    write_bundle(bundle.parent / "again.zip", MANIFEST, recordings, KEPT)
    assert (bundle.parent / "again.zip").read_bytes() == bundle.read_bytes()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"records.jsonl": b"{}\n"}, "records.jsonl is not what was put in"),
        ({"records.jsonl": None}, "'records.jsonl' is missing"),
        ({"recordings/left_calf-band-me.edf": b"x" * 100}, "is not what was put in"),
        ({"recordings/another.edf": b"x"}, "'recordings/another.edf' is missing, or was added"),
        ({"../evil.edf": b"x"}, "'../evil.edf' is missing, or was added"),
        ({"bundle.json": None}, "not a bundle"),
        ({"bundle.json": b"{"}, "cannot be understood"),
    ],
)
def test_a_changed_bundle_is_refused_by_the_name_of_what_was_changed(bundle, changes, says):
    rewrite(bundle, **changes)
    with pytest.raises(BundleError, match=says), opened_bundle(bundle):
        pass


@pytest.mark.parametrize("name", ["../evil.edf", "/tmp/evil.edf", "recordings/../../evil.edf", "recordings/a\\b.edf"])
def test_a_name_that_leads_elsewhere_is_refused_even_if_the_manifest_has_it(bundle, name):
    with zipfile.ZipFile(bundle) as archive:
        manifest = json.loads(archive.read("bundle.json"))
    manifest["files"].append({"name": name, "n_bytes": 1, "sha256": "x"})
    rewrite(bundle, **{name: b"x", "bundle.json": json.dumps(manifest)})
    with pytest.raises(BundleError, match="no file of a bundle"), opened_bundle(bundle):
        pass
    assert not (bundle.parent.parent / "evil.edf").exists()


@pytest.mark.parametrize(("key", "value"), [("format", 2), ("timezone", "Mars/Olympus"), ("mains_hz", 49)])
def test_a_manifest_we_cannot_follow_is_refused(bundle, key, value):
    with zipfile.ZipFile(bundle) as archive:
        manifest = json.loads(archive.read("bundle.json"))
    rewrite(bundle, **{"bundle.json": json.dumps(manifest | {key: value})})
    with pytest.raises(BundleError), opened_bundle(bundle):
        pass


def test_a_file_that_unpacks_to_more_than_it_promises_is_left_early(bundle):
    rewrite(bundle, **{"records.jsonl": b"0" * 50_000_000})
    with pytest.raises(BundleError, match="is not what was put in"), opened_bundle(bundle):
        pass


def test_only_a_zip_file_claims_to_be_a_bundle(bundle, tmp_path):
    (tmp_path / "x.edf").write_bytes(b"0       ")
    assert [is_bundle(path) for path in (bundle, tmp_path / "x.edf", tmp_path, tmp_path / "none")] == [True] + [
        False
    ] * 3
