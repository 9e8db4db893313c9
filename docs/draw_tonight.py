"""Draw tonight as a browser shows it: docs/tonight-*.png.

python docs/draw_tonight.py [ADDRESS]

Without the address of a demo night that runs (aquiver night --demo --band myo --band polar --band npg) it starts one and
waits a quarter of an hour, for a rate needs ten analysable minutes. Needs Debian's Chromium.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
LENGTH_S = 900.0
DEMO = ("night", "--demo", "--band", "myo", "--band", "polar", "--band", "npg", "--no-open")
DESKTOP, TABLET, PHONE = (1280, 1640), (820, 1180), (390, 844)
# Both are needed in the picture: a twitch that was counted, and samples up to now; a busy machine is late at times.
FRESH = "() => Date.now() / 1000 - Number(document.querySelector('.wave').dataset.newestS) < 0.8"
# Name, path, size, light or dark, calm or full.
SHOTS = (
    ("full", "/", DESKTOP, "dark", "full"),
    ("calm", "/", TABLET, "dark", "calm"),
    ("phone", "/", PHONE, "dark", "calm"),
    ("light", "/", DESKTOP, "light", "full"),
    ("check", "/check", (1280, 760), "dark", "calm"),
    ("bands", "/bands", (1280, 1080), "dark", "calm"),
)


def draw(home: str) -> None:
    """Take the pictures of a page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for shot in SHOTS:
            shoot(browser, home.rstrip("/"), *shot)
        browser.close()


def shoot(browser: Browser, home: str, name: str, path: str, size: tuple[int, int], theme: str, view: str) -> None:
    """Take one picture in a window of its own."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    context.add_init_script(f"localStorage.setItem('theme', '{theme}'); localStorage.setItem('tonight.view', '{view}')")
    page = context.new_page()
    page.goto(home + path)
    page.wait_for_selector("body[data-ready]")
    if name == "bands":
        page.click("#search")
        page.click("[data-address] >> nth=0 >> button")
        page.select_option("#site", "left_thigh")
    if view == "full":
        page.wait_for_function("() => document.querySelector('.wave')?.dataset.isFinal === 'true'", timeout=120_000)
        page.wait_for_function(FRESH, timeout=120_000)
    page.wait_for_timeout(400 if view == "full" else 2500)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=ROOT / "docs" / f"tonight-{name}.png")
    context.close()


def main() -> None:
    """Take the pictures of the night that runs, or of one of our own."""
    if len(sys.argv) > 1:
        draw(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "aquiver", *DEMO, "--data", data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as night:  # noqa: S603  # ours
            assert night.stdout is not None
            home = next(line.split()[1] for line in night.stdout if line.startswith("Page: "))
            time.sleep(LENGTH_S)
            draw(home)
            night.terminate()


main()
