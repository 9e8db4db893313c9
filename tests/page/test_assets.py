"""What is vendored is what its manifest says; every text has its words; every script holds its types; all is in the wheel."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from dashboards.page.assets import FOLDER
from tests.servers import TSC, needs_tsc

ROOT = Path(__file__).parents[2]
VENDOR = FOLDER / "vendor"
WORDS = json.loads((FOLDER / "words.en.json").read_text())
SCRIPTS = sorted(FOLDER.glob("*.js"))
PAGES = sorted(FOLDER.glob("*.html"))


def test_the_manifest_names_every_vendored_file_and_its_sum():
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    named = {"manifest.json"}
    for library in manifest["libraries"]:
        assert library["version"]
        assert library["licence"]
        named |= {library["licence_file"], *library["files"]}
        for name, digest in library["files"].items():
            assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
    assert named == {path.name for path in VENDOR.iterdir()}


@pytest.mark.parametrize("path", [*SCRIPTS, *PAGES, *FOLDER.glob("*.css")], ids=lambda path: path.name)
def test_nothing_names_another_place(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://(?!\$)", text)
    assert not re.findall(r"""(?:src|href)=["'](?!/|#)""", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_has_no_text_of_its_own_and_no_script_in_it(path):
    text = path.read_text()
    assert set(re.findall(r'data-(?:words|label)="([^"]+)"', text)) <= set(WORDS)
    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_form_can_be_sent_before_its_script_listens(path):
    forms = re.findall(r"<form([^>]*)>", path.read_text())
    assert all(re.search(r"\b(inert|hidden)\b", form) for form in forms), forms


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_text_that_a_script_says_has_words(path):
    said = set(re.findall(r'\bsay\(\s*"([^"]+)"', path.read_text()))
    assert said <= set(WORDS), said - set(WORDS)


@needs_tsc
def test_the_scripts_hold_their_types():
    done = subprocess.run([TSC, "-p", ROOT / "dashboards/page/types"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
