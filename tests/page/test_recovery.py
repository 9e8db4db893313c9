"""The page outlives its server, and does not grow."""

import pytest

from tests.free_port import free_port
from tests.page.fed import Fed
from tests.servers import needs_chromium

pytestmark = [pytest.mark.service, needs_chromium]
EMG = '[data-wave="emg"]'


def test_the_page_comes_back_by_itself_when_its_server_does(tmp_path, eyes):
    listen = f"127.0.0.1:{free_port()}"
    first = Fed(tmp_path, listen)
    window = eyes(first.home)
    window.is_restart_expected = True
    page = window.go(tonight__view="full")
    page.wait_for_selector(EMG)
    first.kill()
    page.wait_for_selector('body[data-connected="false"]')
    page.wait_for_selector("text=This page does not hear aquiver")
    second = Fed(tmp_path, listen)
    page.wait_for_selector('body[data-connected="true"]')
    page.wait_for_selector(EMG)
    before_s = float(page.get_attribute(EMG, "data-newest-s"))
    page.wait_for_function(
        "before => Number(document.querySelector('[data-wave=emg]').dataset.newestS) > before", arg=before_s
    )
    page.wait_for_selector("text=This page does not hear aquiver", state="detached")
    check_that_a_long_night_does_not_grow(page)
    second.end()


def check_that_a_long_night_does_not_grow(page) -> None:
    """Twelve hours of frames go through the page's own trace, and the last seconds are kept."""
    kept, seconds = page.evaluate(
        """async () => {
        const { Trace } = await import("/assets/trace.js");
        const trace = new Trace(100, 2);
        const one = new Float32Array([1, 1]), none = new Float32Array([0, 0]), samples = new Int16Array(200);
        for (let second = 0; second < 12 * 3600; second++)
          trace.add({start_s: 1.7e9 + second, rate_hz: 100, number: 0, offsets: none, scales: one, samples});
        return [trace.times.length, trace.newest - trace.times[0]];
        }"""
    )
    assert kept == 2600
    assert 11 < seconds < 27
