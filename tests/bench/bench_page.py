"""What the page costs: processor time for 0, 1 and 10 viewers, bytes on the wire, a browser's time per frame.

Three synthetic bands of 8 channels at 1 kHz, said twenty times a second (tests/page/feed.py), in a process of its own. Viewers are
WebSockets that watch one band; the browser is Debian's Chromium without a graphics card. Ratios are against the same
page with nobody looking.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright
from websockets.asyncio.client import connect

from tests.page.fed import Fed

LENGTH_S = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
SETTLE_S = 2.0
WATCH = '{"kind": "watch", "device": "band-0"}'


@dataclass(slots=True)
class Cost:
    """What so many viewers cost: of a core, and bytes and messages a second for each."""

    n_viewers: int
    cpu: float
    bytes_per_s: float
    messages_per_s: float


async def cost_of(fed: Fed, n_viewers: int) -> Cost:
    url = f"{fed.home.replace('http', 'ws', 1)}/api/v1/live"
    lines = [await connect(url) for _ in range(n_viewers)]
    for line in lines:
        await line.send(WATCH)
    counts = [[0, 0] for _ in lines]
    reading = [asyncio.create_task(count(line, one)) for line, one in zip(lines, counts, strict=True)]
    await asyncio.sleep(SETTLE_S)
    before_s, before, began_s = fed.cpu_s, [tuple(one) for one in counts], time.monotonic()
    await asyncio.sleep(LENGTH_S)
    took_s = time.monotonic() - began_s
    cpu = (fed.cpu_s - before_s) / took_s
    n_messages, n_bytes = (sum(one[at] - was[at] for one, was in zip(counts, before, strict=True)) for at in (0, 1))
    for task, line in zip(reading, lines, strict=True):
        task.cancel()
        await line.close()
    each = max(1, n_viewers) * took_s
    return Cost(n_viewers, cpu, n_bytes / each, n_messages / each)


async def count(line, so_far: list[int]) -> None:
    async for message in line:
        so_far[0] += 1
        so_far[1] += len(message)


def browser_of(fed: Fed) -> dict[str, float]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script("localStorage.setItem('tonight.view', 'full')")
        page = context.new_page()
        n_bytes = []
        page.on("response", lambda answer: n_bytes.append(int(answer.headers.get("content-length", 0))))
        before_s, began_s = fed.cpu_s, time.monotonic()
        page.goto(fed.home)
        page.wait_for_selector("[data-first-ms]")
        first_s = page.evaluate("performance.now()") / 1000
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        page.wait_for_timeout(1000 * SETTLE_S)
        busy = busy_s(session)
        n_drawn = float(page.evaluate("document.getElementById('charts').dataset.nDrawn"))
        page.wait_for_timeout(1000 * LENGTH_S)
        busy = busy_s(session) - busy
        n_drawn = float(page.evaluate("document.getElementById('charts').dataset.nDrawn")) - n_drawn
        found = {
            "first_s": first_s,
            "draw_ms": float(page.get_attribute("#charts", "data-draw-ms")),
            "main_ms": 1000 * busy / n_drawn,
            "fps": n_drawn / LENGTH_S,
            "page_kb": sum(n_bytes) / 1000,
            "cpu": (fed.cpu_s - before_s) / (time.monotonic() - began_s),
        }
        browser.close()
    return found


def busy_s(session) -> float:
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fed = Fed(Path(folder), "127.0.0.1:0", 3, 8, 1000)
        httpx.get(fed.home)
        costs = [asyncio.run(cost_of(fed, n)) for n in (0, 1, 10)]
        seen = browser_of(fed)
        fed.end()
    nobody = costs[0].cpu
    print(f"{'viewers':>8} {'of a core':>10} {'ratio':>7} {'kB/s each':>10} {'messages/s each':>16}")
    for one in costs:
        print(
            f"{one.n_viewers:>8} {one.cpu:>10.1%} {one.cpu / nobody:>7.2f} {one.bytes_per_s / 1000:>10.1f} {one.messages_per_s:>16.1f}"
        )
    print(
        f"browser: first waveform {seen['first_s']:.2f} s after the page was asked for ({seen['page_kb']:.0f} kB); "
        f"{seen['fps']:.1f} frames/s, drawing {seen['draw_ms']:.1f} ms and the main thread {seen['main_ms']:.1f} ms a frame"
    )


if __name__ == "__main__":
    main()
