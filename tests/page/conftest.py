"""One browser for all tests of a module. No module with it may have async tests: its loop runs in this thread."""

import pytest
from playwright.sync_api import sync_playwright

from tests.page.eyes import Eyes


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium; nothing is downloaded."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def eyes(chromium):
    """Give windows of a browser that remember what went wrong in them; all that was opened must have been clean."""
    opened: list[Eyes] = []

    def open_window(home: str, **options) -> Eyes:
        opened.append(Eyes(chromium, home, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()
    for one in opened:
        assert one.troubles == []
        assert one.foreign == []
