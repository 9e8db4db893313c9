"""The page for the doctor: two sheets, readable by people and by machines, of one wearer alone."""

import html
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pypdf
import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.body import Site
from aquiver.errors import AquiverError
from aquiver.model import Subject
from aquiver.store import open_store
from tests.dashboards.report.weeks import SIX, Story, night_name, tell
from tests.dashboards.test_phrases import banned_in
from tests.samples import a_note
from tests.servers import AXE, needs_axe, needs_chromium, needs_poppler

EVERYWHERE = tuple(Story(site, 8.0 + 9 * number) for number, site in enumerate(Site))
HOUSES = {
    "six sites": (SIX, 84, 2),
    "one site": (SIX[:1], 84, 0),
    "fifteen nights": (SIX[:2], 15, 1),
    "one night": (SIX[:1], 1, 1),
    "every site": (EVERYWHERE, 40, 0),
}
A4, LETTER = (595, 842), (612, 792)


def report(*words: object):
    return CliRunner().invoke(cli, ["report", *map(str, words)])


@pytest.fixture(scope="module", params=HOUSES)
def house(request, tmp_path_factory):
    """A data folder of the wearer and of another, whose nights must not be seen."""
    stories, n_nights, n_recorded = HOUSES[request.param]
    folder = tmp_path_factory.mktemp("house") / "data"
    tell(folder, stories, "me", n_nights, n_recorded)
    tell(folder, (Story(Site.FACE, 99.0),), "anna", n_nights)
    return folder


@pytest.fixture(scope="module", params=["a4", "letter"])
def pdf(request, house):
    path = house.parent / f"{request.param}.pdf"
    done = report("--data", house, "--pdf", path, "--paper", request.param)
    assert done.exit_code == 0, (done.output, done.exception)
    return path


@cache
def words_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)


def test_it_is_exactly_two_sheets_of_the_paper_that_was_asked_for(pdf):
    pages = pypdf.PdfReader(pdf).pages
    assert len(pages) == 2
    for page in pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (A4 if pdf.stem == "a4" else LETTER)


def test_its_text_can_be_selected_and_nothing_of_another_wearer_is_in_it(pdf):
    words = words_of(pdf)
    assert "Muscle twitches, counted at night" in words
    assert "Wearer “me”" in words
    assert "anna" not in words
    for heading in ("In short", "What was worn where", "Typical waveforms", "Method", "Limits", "when to see a doctor"):
        assert heading in words


def test_no_banned_word_is_on_it(pdf):
    assert banned_in(words_of(pdf)) == []


@needs_poppler
def test_every_font_is_embedded(pdf):
    lines = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert lines
    for line in lines:
        embedded, subset, has_unicode = line.split()[-5:-2]
        assert (embedded, subset, has_unicode) == ("yes", "yes", "yes"), line


def shades(path: Path, *more: str) -> np.ndarray:
    """Draw both sheets in greys, shape (2, height, width)."""
    command = ["pdftoppm", "-r", "50", "-gray", *more, str(path)]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    drawn = []
    while raw:
        magic, size, most, rest = raw.split(b"\n", 3)
        width, height = map(int, size.split())
        assert (magic, most) == (b"P5", b"255")
        drawn.append(np.frombuffer(rest[: width * height], np.uint8).reshape(height, width))
        raw = rest[width * height :]
    return np.stack(drawn)


@needs_poppler
def test_nothing_reaches_into_the_margins(pdf):
    sheets = shades(pdf)
    margin = round(12 / 25.4 * 50)
    assert (sheets[:, :, :margin] == 255).all()
    assert (sheets[:, :, -margin:] == 255).all()


def test_no_word_lies_over_another(pdf):
    """Words of the sheets, as poppler finds them, do not overlap: no overfull line, no label over a label."""
    boxes = words_with_boxes(pdf)
    assert len(boxes) > 150
    for page in (1, 2):
        mine = [(word, box) for number, word, box in boxes if number == page]
        for at, (word, box) in enumerate(mine):
            for other, other_box in mine[at + 1 :]:
                assert overlap(box, other_box) < 0.2, (word, box, other, other_box)


def words_with_boxes(path: Path) -> list[tuple[int, str, tuple[float, ...]]]:
    found = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    page, boxes = 0, []
    for line in found.splitlines():
        page += "<page " in line
        match = re.search(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line)
        if match:
            boxes.append((page, html.unescape(match[5]), tuple(map(float, match.groups()[:4]))))
    return boxes


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Give the shared area as a share of the smaller box; boxes are higher than letters, so they are cut a little."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = (shrunk(*box) for box in (one, other))
    width, height = min(bx, dx) - max(ax, cx), min(by, dy) - max(ay, cy)
    smaller = min((bx - ax) * (by - ay), (dx - cx) * (dy - cy))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def shrunk(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float, float, float]:
    height = (y2 - y1) * 0.2
    return x1, y1 + height, x2, y2 - height


def test_it_says_whose_ua_it_keeps(pdf):
    raw = pypdf.PdfReader(pdf)
    assert raw.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert raw.trailer["/Root"]["/Lang"] == "en"
    assert raw.metadata.title == "Muscle twitches, counted at night"


@pytest.fixture(scope="module")
def page(house):
    path = house.parent / "page.html"
    done = report("--data", house, "--html", path)
    assert done.exit_code == 0, (done.output, done.exception)
    return path


def test_the_html_asks_nothing_of_any_network(page):
    text = page.read_text()
    assert re.findall(r"(?:src|href)\s*=|url\(|@import|<link|<script", text) == []
    assert "default-src 'none'" in text
    assert set(re.findall(r"https?://[^\"' ]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_the_html_holds_the_same_words_and_no_banned_one(page):
    text = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(), flags=re.DOTALL))
    assert "Wearer “me”" in text
    assert "anna" not in text
    assert banned_in(text) == []


BROWSER = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--virtual-time-budget=30000", "--dump-dom"),
)
RUN_AXE = """
<script>axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const said = document.createElement("pre"); said.id = "axe";
  said.textContent = JSON.stringify({n: found.passes.length, violations: found.violations.map(one =>
    [one.id, one.nodes.map(node => node.html.slice(0, 150) + " -- " + node.failureSummary)])});
  document.body.append(said); });
</script></body>
"""


def axe(page_text: str, folder: Path) -> dict:
    """Run axe-core over a page in a browser of its own; the page's own policy would forbid the script."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page_text)
    script = f"<script>{AXE.read_text()}</script>{RUN_AXE}"
    path = folder / "checked.html"
    path.write_text(text.replace("</body>", script))
    command = [*BROWSER, f"--user-data-dir={folder / 'browser'}", path.as_uri()]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    said = re.search(r'<pre id="axe">(.*?)</pre>', found, re.DOTALL)
    assert said is not None, found[-2000:]
    return json.loads(html.unescape(said[1]))


@needs_axe
@needs_chromium
@pytest.mark.service
def test_the_html_passes_axe(page, tmp_path):
    found = axe(page.read_text(), tmp_path)
    assert found["violations"] == []
    assert found["n"] > 15


@needs_axe
@needs_chromium
@pytest.mark.service
def test_axe_would_find_what_is_wrong(tmp_path):
    wrong = '<!doctype html><html><head><title>x</title></head><body><img src="x.png"></body></html>'
    assert {"image-alt", "html-has-lang"} <= {name for name, _ in axe(wrong, tmp_path)["violations"]}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--weeks", 4), "--weeks goes with --pdf"),
        (("--pdf", "x.pdf", "--last"), "of weeks, not of a night"),
        (("--pdf", "x.pdf", "--wearer", "nobody"), 'nothing is kept of a wearer "nobody"'),
    ],
)
def test_a_call_that_cannot_work_says_why(tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    tell(tmp_path / "data", SIX[:1], n_nights=2)
    done = report("--data", tmp_path / "data", *words)
    assert isinstance(done.exception, AquiverError)
    assert says in str(done.exception)
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_without_a_night_says_how_to_begin(tmp_path):
    done = report("--data", tmp_path / "none", "--pdf", tmp_path / "x.pdf")
    assert "aquiver night" in str(done.exception)


def test_the_same_nights_give_the_same_page(tmp_path):
    tell(tmp_path / "data", SIX[:2], n_nights=30, n_recorded=1)
    for name in ("a", "b"):
        assert report("--data", tmp_path / "data", "--html", tmp_path / name).exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(("library", "words"), [("typst", "aquiver[report]"), ("pyarrow", "aquiver[analysis]")])
def test_a_library_that_is_not_installed_is_asked_for_by_name(tmp_path, library, words):
    tell(tmp_path / "data", SIX[:1], n_nights=2)
    wanted = {
        "typst": ["report", "--pdf", str(tmp_path / "x.pdf")],
        "pyarrow": ["export", "--format", "parquet", "--out", str(tmp_path / "x")],
    }
    code = f"import sys; sys.modules[{library!r}] = None; from aquiver.__main__ import main; main()"
    command = [sys.executable, "-c", code, *wanted[library], "--data", str(tmp_path / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_an_empty_diary_is_said_to_be_empty(tmp_path):
    tell(tmp_path / "data", SIX[:1], n_nights=2, diary=False)
    assert report("--data", tmp_path / "data", "--html", tmp_path / "page.html").exit_code == 0
    text = (tmp_path / "page.html").read_text()
    assert "None was noted. An empty diary does not mean that there were none." in text
    assert "The wearer noted no symptom, which does not mean that there was none." in text


def test_a_symptom_that_was_said_not_to_be_there_is_not_listed(tmp_path):
    tell(tmp_path / "data", SIX[:1], n_nights=2, diary=False)
    store = open_store("sqlite:", tmp_path / "data")
    store.write([a_note(night=night_name(1), subject=Subject.WEAKNESS, amount=0.0)])
    store.close()
    report("--data", tmp_path / "data", "--html", tmp_path / "page.html")
    assert "The wearer noted no symptom" in (tmp_path / "page.html").read_text()
