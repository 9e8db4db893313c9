"""Draw the pages of nights as a browser shows them: docs/nights-*.png.

python docs/draw_nights.py [FOLDER]

A story of 330 nights and one night that is simulated, recorded and decided sample by sample, which takes some minutes;
with FOLDER they are kept there, and used again. Needs Debian's Chromium.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

# The root must be known first.
from aquiver.body import Site  # noqa: E402
from aquiver.settings import Settings  # noqa: E402
from aquiver.store import open_store  # noqa: E402
from dashboards.page.app import create_app  # noqa: E402
from dashboards.page.guard import Guard  # noqa: E402
from dashboards.page.server import listen_on, serving  # noqa: E402
from tests.page.house import given_of  # noqa: E402
from tests.page.nights.stage import BERLIN, FOREARM, NIGHT, NOW_S, WEARER, Band, set_stage  # noqa: E402

CALF = Band(Site.RIGHT_CALF, "emg-1000", "band-calf", 2.9 * 3600, 24 * 60)
DESKTOP, PHONE = (1280, 860), (390, 844)
# Name, path, size, height, light or dark, and what is done first.
SHOTS = (
    ("calendar", "/nights", DESKTOP, 860, "dark", ""),
    ("night", f"/night?night={NIGHT}", DESKTOP, 2050, "dark", "twitch"),
    ("weeks", "/weeks", DESKTOP, 1500, "light", ""),
    ("diary", "/diary", DESKTOP, 860, "dark", ""),
    ("notices", "/notices", DESKTOP, 1000, "dark", "why"),
    ("phone", "/nights", PHONE, 844, "dark", ""),
    ("phone-night", f"/night?night={NIGHT}", PHONE, 1700, "dark", ""),
)


async def draw(folder: Path) -> None:
    """Set the stage, where it is not set, serve it, and take the pictures."""
    if not (folder / "records.db").exists():
        set_stage(folder, n_nights=330, minutes=455.0, bands=(CALF, FOREARM))
    store = open_store("sqlite:", folder)
    given = given_of(WEARER, NIGHT, store, Settings(wearer=WEARER, timezone=BERLIN.key, data=str(folder)), NOW_S)
    store.write(given.works.judgement(NOW_S).notices)
    listener = listen_on("127.0.0.1", 0)
    home = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving(create_app(given, Guard()), listener), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for shot in SHOTS:
            await shoot(browser, home, *shot)
        await browser.close()
    store.close()


async def shoot(
    browser: Browser, home: str, name: str, path: str, size: tuple[int, int], height: int, theme: str, first: str
) -> None:
    """Take one picture in a window of its own."""
    context = await browser.new_context(viewport={"width": size[0], "height": height}, locale="en-GB")
    await context.add_init_script(f"localStorage.setItem('theme', '{theme}'); localStorage.setItem('weeks.span', '52')")
    page = await context.new_page()
    await page.goto(home + path)
    await page.wait_for_selector("body[data-drawn]")
    if first == "twitch":
        await page.locator("#streams button").nth(1).click()
        await page.wait_for_function("() => document.querySelectorAll('ol.twitches button').length === 25")
        await page.locator("ol.twitches button").nth(3).click()
        await page.wait_for_selector("svg.moment .trace")
    if first == "why":
        await page.locator("#notices summary").nth(1).click()
    await page.wait_for_timeout(300)
    await page.evaluate("scrollTo(0, 0)")
    await page.screenshot(path=ROOT / "docs" / f"nights-{name}.png")
    await context.close()


if len(sys.argv) > 1:
    asyncio.run(draw(Path(sys.argv[1])))
else:
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(draw(Path(made) / "data"))
