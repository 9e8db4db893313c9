"""Tonight in a browser, over a real demo night: it moves, it marks, it counts, it says when a band is gone."""

import subprocess
import sys
import time

import httpx
import pytest

from aquiver.body import Site
from aquiver.model import Modality
from tests.page.eyes import DESKTOP, PHONE, TABLET
from tests.page.night import DemoNight, truth
from tests.servers import needs_axe, needs_chromium, needs_mosquitto

pytestmark = [pytest.mark.service, needs_chromium, needs_mosquitto]
FULL = {"tonight__view": "full", "tonight__band": "virtual-myo"}
EMG = '[data-wave="emg"]'


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """One night for all."""
    running = DemoNight(tmp_path_factory.mktemp("night"))
    deadline_s = time.monotonic() + 90
    while sum(running.counted().values()) < 1:
        assert time.monotonic() < deadline_s, "nothing was counted"
        time.sleep(0.5)
    yield running
    running.end()


def test_the_waves_of_the_chosen_band_move(night, eyes):
    page = eyes(night.home).go(**FULL)
    page.wait_for_selector(EMG)
    before_s = float(page.get_attribute(EMG, "data-newest-s"))
    page.wait_for_function(
        "before => Number(document.querySelector('[data-wave=emg]').dataset.newestS) > before + 1", arg=before_s
    )
    shown = [float(word) for word in page.get_attribute("#charts", "data-shown-s").split()]
    assert shown[1] - shown[0] == pytest.approx(10, abs=0.01)
    assert shown[1] == pytest.approx(time.time(), abs=1)
    assert page.locator(".wave canvas").count() == 2
    page.click("#pause")
    held = page.get_attribute("#charts", "data-shown-s")
    page.wait_for_timeout(300)
    assert page.get_attribute("#charts", "data-shown-s") == held


def test_a_twitch_is_marked_within_two_seconds_of_its_true_time(night, eyes):
    """The truth is the simulated body's; a mark that no true twitch is near is not counted here."""
    page = eyes(night.home).go(**FULL)
    page.wait_for_selector(EMG)
    page.evaluate(
        """() => { const wave = document.querySelector('[data-wave=emg]'); window.marks = [];
        new MutationObserver(() => marks.push([Date.now() / 1000, Number(wave.dataset.markedS)]))
          .observe(wave, {attributeFilter: ['data-n-marks']}); }"""
    )
    since_s = time.time()
    page.wait_for_function("() => marks.length >= 6", timeout=30_000)
    marks = page.evaluate("marks")
    real_s = truth(Site.RIGHT_FOREARM, Modality.EMG, since_s - 2)
    delays_s: dict[float, float] = {}
    for seen_s, marked_s in marks:
        nearest_s = min(real_s, key=lambda one: abs(one - marked_s))
        if abs(nearest_s - marked_s) < 0.1 and nearest_s > since_s:
            delays_s.setdefault(nearest_s, seen_s - nearest_s)
    assert delays_s, f"no mark is near a true twitch: {marks}, {real_s}"
    assert all(0 < delay_s < 2 for delay_s in delays_s.values()), delays_s


def test_the_counts_are_the_stores(night, eyes):
    page = eyes(night.home).go(**FULL)
    deadline_s = time.monotonic() + 10
    while True:
        stored = night.counted()
        shown = dict(
            page.eval_on_selector_all(
                "[data-count]",
                """all => all.map(one => [`${one.closest('.band').dataset.device} ${one.dataset.modality}`, Number(one.dataset.count)])""",
            )
        )
        if {f"{device} {modality}": n for (device, modality), n in stored.items()} == shown:
            break
        assert time.monotonic() < deadline_s, (stored, shown)
        page.wait_for_timeout(200)
    assert sum(shown.values()) >= 1


def test_calm_is_the_default_and_the_full_view_is_remembered(night, eyes):
    page = eyes(night.home).go()
    assert page.get_attribute("main", "data-view") == "calm"
    page.wait_for_selector(".band")
    assert page.locator("[data-count]").count() == 0
    assert not page.is_visible("#waves")
    page.get_by_role("button", name="Show everything").press("Enter")
    page.wait_for_selector("[data-count]")
    page.reload()
    page.wait_for_selector('main[data-view="full"]')


def test_a_hidden_page_is_sent_nothing_and_comes_back(night, eyes):
    page = eyes(night.home).go(**FULL)
    page.wait_for_selector(EMG)
    hide = """is => { Object.defineProperty(document, 'hidden', {value: is, configurable: true});
    document.dispatchEvent(new Event('visibilitychange')); }"""
    page.evaluate(hide, True)
    page.wait_for_timeout(300)
    n_frames = page.get_attribute("#charts", "data-n-frames")
    page.wait_for_timeout(500)
    assert page.get_attribute("#charts", "data-n-frames") == n_frames
    page.evaluate(hide, False)
    page.wait_for_function("n => Number(document.getElementById('charts').dataset.nFrames) > n", arg=int(n_frames))


@needs_axe
@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"])
def test_every_page_can_be_walked_by_keyboard_and_axe_finds_nothing_serious(night, eyes, size):
    window = eyes(night.home, size=size)
    for path, wanted in (("/", "Pause"), ("/check", "until"), ("/bands", "Look for bands")):
        page = window.go(path, **FULL)
        page.wait_for_load_state("networkidle") if path != "/" else page.wait_for_selector(EMG)
        reached = window.walk()
        assert reached[0] == "To the content"
        assert wanted in reached, reached
        assert window.violations() == []
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{path} is wider than the screen"


def test_in_the_light_and_in_the_calm_axe_finds_nothing_serious(night, eyes):
    window = eyes(night.home)
    window.go(theme="light", **FULL).wait_for_selector(EMG)
    assert window.page.get_attribute("html", "data-theme") == "light"
    assert window.violations() == []


def test_before_sleep_it_says_go_and_what_it_looked_at(night, eyes):
    page = eyes(night.home).go("/check")
    deadline_s = time.monotonic() + 70
    while page.locator('#verdict[data-verdict="go"]').count() == 0:
        assert time.monotonic() < deadline_s, page.inner_text("main")
        page.wait_for_timeout(200)
    about = page.eval_on_selector_all("[data-about]", "all => all.map(one => one.dataset.about)")
    assert {"virtual-myo", "virtual-verity", "clock", "disk", "broker", "store", "chain"} <= set(about)


def test_a_band_is_found_but_not_added_to_a_demo(night, eyes):
    window = eyes(night.home)
    window.is_restart_expected = True  # the refusal is a 409, which the console tells of
    page = window.go("/bands")
    page.click("#search")
    page.click("[data-address] >> nth=0 >> button")
    page.select_option("#site", "left_thigh")
    assert page.get_attribute('.limb[data-site="left_thigh"]', "data-shade") == "4"
    page.get_by_role("button", name="Add to the settings").press("Enter")
    page.wait_for_function("() => document.getElementById('said').textContent.includes('simulated')")


def test_a_band_out_of_range_turns_its_card_and_back(night, eyes):
    page = eyes(night.home).go(**FULL)
    card = '[data-device="virtual-verity"]'
    page.wait_for_selector(f'{card}[data-state="streaming"]')
    night.say("vanish virtual-verity")
    page.wait_for_selector(f'{card}[data-state="silent"]', timeout=30_000)
    assert "No samples since" in page.inner_text(f"{card} .state")
    night.say("reappear virtual-verity")
    page.wait_for_selector(f'{card}[data-state="streaming"]', timeout=40_000)


def test_the_page_alone_stands_beside_a_night_that_runs(night):
    command = [
        sys.executable,
        "-m",
        "aquiver",
        "page",
        "--data",
        str(night.folder),
        "--listen",
        "127.0.0.1:0",
        "--no-open",
    ]
    config = night.folder / "page.toml"
    config.write_text('wearer = "demo"\n')
    with subprocess.Popen([*command, "--config", str(config)], stdout=subprocess.PIPE, text=True) as alone:
        home = alone.stdout.readline().removeprefix("Page: ").strip()
        deadline_s = time.monotonic() + 20
        while len(httpx.get(f"{home}api/v1/tonight").json()["bands"]) < 2:
            assert time.monotonic() < deadline_s, "the page hears no band"
            time.sleep(0.2)
        alone.terminate()
    assert alone.returncode == 0
