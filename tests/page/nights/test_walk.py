"""Every page of nights in a browser: by keyboard alone, at three sizes, with nothing that axe calls serious."""

import asyncio
import shutil
import threading
from contextlib import contextmanager

import pytest

from aquiver.model import Answer, Note, Rules, Trial, Twitch, Verb
from aquiver.nights import end_of, start_of
from aquiver.settings import Settings
from aquiver.store import open_store
from dashboards.page.app import create_app
from dashboards.page.guard import Guard
from dashboards.page.server import listen_on, serving
from tests.page.eyes import DESKTOP, PHONE, TABLET
from tests.page.house import given_of
from tests.page.nights.stage import BERLIN, CALF, NIGHT, NOW_S, WEARER
from tests.servers import needs_axe, needs_chromium

pytestmark = [pytest.mark.service, needs_chromium]
PAGES = {
    "/nights": "Calendar",
    f"/night?night={NIGHT}": "from",
    "/weeks": "Weeks",
    "/diary": "a coffee",
    "/notices": "Snooze: a rate that changed over weeks",
    "/experiments": "Lay it out",
    "/card": "If you notice one of these, note it in the diary",
    "/report": "Make it",
}
EVER = (0.0, 1e11)


@contextmanager
def served(given):
    """Serve a page from a thread of its own, with a loop of its own."""
    listener = listen_on("127.0.0.1", 0)
    loop, is_over = asyncio.new_event_loop(), asyncio.Event()

    async def serve():
        async with serving(create_app(given, Guard()), listener):
            await is_over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(10.0)
        loop.close()
        listener.close()


@pytest.fixture(scope="module")
def told(stage, tmp_path_factory):
    """A stage with the notices that the judge would have kept."""
    folder = shutil.copytree(stage, tmp_path_factory.mktemp("walk") / "data")
    settings = Settings(wearer=WEARER, timezone=BERLIN.key, data=str(folder), judgement=Rules())
    store = open_store("sqlite:", folder)
    given = given_of(WEARER, NIGHT, store, settings, NOW_S)
    store.write(given.works.judgement(NOW_S).notices)
    yield given
    store.close()


@pytest.fixture(scope="module")
def home(told):
    with served(told) as url:
        yield url


def drawn(window, path, **remembered):
    page = window.go(path, **remembered)
    page.wait_for_selector("body[data-drawn]")
    return page


@needs_axe
@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"])
def test_every_page_can_be_walked_by_keyboard_and_axe_finds_nothing_serious(home, eyes, size):
    window = eyes(home, size=size)
    for path, wanted in PAGES.items():
        page = drawn(window, path)
        reached = window.walk(most=200)
        assert reached[0] == "To the content"
        assert "When to see a doctor" in reached
        assert wanted in reached, (path, reached)
        assert window.violations() == [], path
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{path} is wider than the screen"


@needs_axe
def test_in_the_light_axe_finds_nothing_serious(home, eyes):
    window = eyes(home)
    for path in ("/nights", f"/night?night={NIGHT}", "/weeks", "/notices"):
        assert drawn(window, path, theme="light").get_attribute("html", "data-theme") == "light"
        assert window.violations() == [], path


@needs_axe
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_one_sensor_alone_is_shown_with_its_rates_on_their_shades(home, eyes, theme):
    window = eyes(home)
    page = drawn(window, "/nights", theme=theme, nights__site="right calf (EMG)")
    shades = page.evaluate(
        """() => [0, 1, 2, 3, 4].map(shade => [shade, document.querySelector(`.day.shade-${shade}`)])
        .filter(([, day]) => day).map(([shade, day]) => [
          getComputedStyle(day).backgroundColor, getComputedStyle(document.querySelector(`.swatch.shade-${shade}`)).backgroundColor])"""
    )
    assert len(shades) >= 3
    assert all(shown == meant for shown, meant in shades)
    assert page.inner_text(f'[data-night="{NIGHT}"] .rate') == ""
    assert window.violations() == []


def test_the_calendar_is_walked_with_the_arrow_keys_and_opens_a_night(home, eyes):
    page = drawn(eyes(home), "/nights")
    page.focus(f'[data-night="{NIGHT}"]')
    for key, wanted in (("ArrowLeft", "2026-11-21"), ("ArrowUp", "2026-11-14"), ("ArrowRight", "2026-11-15")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.night") == wanted
    assert page.locator('[data-night][tabindex="0"]').count() == 1
    assert "15 November" in page.inner_text("#detail h2")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-drawn]")
    assert page.inner_text("h1") == "Sunday 15 November 2026"


def test_what_was_not_measured_is_grey_and_said_to_be_so(home, eyes):
    page = drawn(eyes(home), "/nights")
    day = page.locator('[data-night="2026-01-01"]')
    assert day.locator(".unmeasured").count() == 3
    assert day.locator("[class*=shade]").count() == 0
    assert "Nothing was measured" in day.locator(".unseen").text_content()


def test_the_strip_has_the_counts_of_the_store(home, told, eyes):
    page = drawn(eyes(home), f"/night?night={NIGHT}")
    twitches = told.store.read(Twitch, WEARER, start_of(NIGHT, BERLIN), end_of(NIGHT, BERLIN))
    assert page.get_attribute("#coverage li", "data-twitches") == str(len(twitches))
    assert f": {len(twitches)} twitches." in page.get_attribute("svg.strip", "aria-label")
    assert page.locator(".strip .block.gap").count() == 1


def test_a_twitch_is_opened_marked_and_taken_back_by_keyboard(home, told, eyes):
    page = drawn(eyes(home), f"/night?night={NIGHT}")
    page.focus("ol.twitches button >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.moment .trace")
    assert page.locator("svg.moment .trace").get_attribute("points").count(",") == 500
    key = page.get_attribute("#wave", "data-key")
    page.focus("#cause")
    page.keyboard.type("new shoes")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.twitches .badge")
    assert page.inner_text("ol.twitches .badge") == "known cause: new shoes"
    page.wait_for_function("() => document.querySelector('.marked').textContent.includes('You marked 1 as having')")
    kept = [one for one in told.store.read(Answer, WEARER, *EVER) if one.about == f"twitch/{NIGHT}/{key}"]
    assert [(one.verb, one.words) for one in kept] == [(Verb.KNOWN_CAUSE, "new shoes")]
    page.focus("#mark-back")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.twitches .badge", state="detached")
    page.focus("#wave-after")
    page.keyboard.press("Enter")
    page.wait_for_function("key => document.getElementById('wave').dataset.key !== key", arg=key)


def test_a_click_in_the_strip_shows_the_twitches_from_there(home, told, eyes):
    page = drawn(eyes(home), f"/night?night={NIGHT}")
    box = page.locator("svg.strip").bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 30)
    page.wait_for_function("() => !document.getElementById('n-twitches').textContent.startsWith('0')")
    from_s = float(page.input_value("#from"))
    assert from_s > start_of(NIGHT, BERLIN) + 39_600.0 + CALF.lost_s
    twitches = told.store.read(Twitch, WEARER, from_s, end_of(NIGHT, BERLIN))
    page.wait_for_function(
        "n => document.getElementById('n-twitches').textContent.startsWith(n + ' ')", arg=str(len(twitches))
    )


def test_a_coffee_is_one_tap_and_can_be_taken_back(home, told, eyes):
    page = drawn(eyes(home), "/diary")
    page.get_by_role("button", name="a coffee").press("Enter")
    page.wait_for_function("() => document.getElementById('status').textContent.includes('caffeine, 1 cup')")
    (new,) = [one for one in told.store.read(Note, WEARER, *EVER) if one.words == "coffee 1"]
    assert abs(new.time_s - NOW_S) < 120
    page.locator(f'[data-note="{new.id}"] button').press("Enter")
    page.wait_for_selector(f'[data-note="{new.id}"]', state="detached")


def test_what_the_diary_does_not_understand_is_said_and_kept_in_the_field(home, eyes):
    window = eyes(home)
    page = drawn(window, "/diary")
    page.fill("#words", "cofee 2")
    page.press("#words", "Enter")
    page.wait_for_selector('#status[data-state="refused"]')
    assert 'did you mean "coffee"?' in page.inner_text("#status")
    assert page.input_value("#words") == "cofee 2"
    window.troubles[:] = [one for one in window.troubles if "status of 400" not in one]


def test_a_snooze_shows_until_when_and_can_be_ended(home, eyes):
    page = drawn(eyes(home), "/notices")
    page.get_by_role("button", name="Snooze: a rate that changed over weeks").press("Enter")
    page.wait_for_selector("#holds li")
    assert "snoozed until 2026-11-30 07:30" in page.inner_text("#holds")
    assert "Still coming" in page.inner_text("#status")
    page.locator("#holds button").press("Enter")
    page.wait_for_selector("#holds-section", state="hidden")


def test_a_notice_has_its_receipt_and_one_tap_for_false(home, eyes):
    page = drawn(eyes(home), "/notices")
    told = page.locator('#notices [data-fate="night"]').first
    key = told.get_attribute("data-key")
    told.locator("summary").press("Enter")
    assert "Why: rule" in told.inner_text()
    told.get_by_role("button", name="This is false").press("Enter")
    page.wait_for_selector(f'[data-key="{key}"][data-fate="false"]')


def test_an_experiment_is_laid_out_and_given_up(home, told, eyes):
    page = drawn(eyes(home), "/experiments")
    page.on("dialog", lambda dialog: dialog.accept())
    page.select_option("#habit", "water")
    page.get_by_role("button", name="Lay it out").press("Enter")
    page.wait_for_selector('[data-try="water-2026-11-24"]')
    assert "begins on 2026-11-24" in page.inner_text("[data-try]")
    page.get_by_role("button", name="Give it up").press("Enter")
    page.wait_for_function("() => document.querySelector('[data-try]').textContent.includes('nothing is compared')")
    assert [one.is_stopped for one in told.store.read(Trial, WEARER, *EVER)] == [True]


def test_the_report_is_downloaded(home, eyes, tmp_path):
    page = drawn(eyes(home), "/report")
    page.fill("#weeks", "4")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make it").press("Enter")
    download.value.save_as(tmp_path / "page.pdf")
    assert download.value.suggested_filename == "aquiver-story-4-weeks.pdf"
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("path", ["/diary", "/experiments", "/report", f"/night?night={NIGHT}"])
def test_a_form_is_open_once_somebody_listens(home, eyes, path):
    page = drawn(eyes(home), path)
    assert page.evaluate("document.forms.length") > 0
    assert not page.evaluate("[...document.forms].some((form) => form.inert)")


def test_a_page_whose_server_is_gone_says_so_and_comes_back(home, eyes):
    window = eyes(home)
    window.page.route("**/api/v1/nights*", lambda route: route.abort())
    page = window.go("/nights")
    page.wait_for_selector('[role="alert"]')
    assert "does not hear aquiver" in page.inner_text('[role="alert"]')
    window.page.unroute("**/api/v1/nights*")
    page.get_by_role("button", name="Try again").press("Enter")
    page.wait_for_selector("body[data-drawn]")
    window.troubles[:] = [one for one in window.troubles if "ERR_FAILED" not in one]
