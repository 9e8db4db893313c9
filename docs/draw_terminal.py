"""Draw docs/terminal.svg: the terminal view of a real demo night of two minutes. Run it from the project's root."""

import asyncio
import io
import re
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from aquiver.commands.night import demo_settings
from aquiver.commands.services import SERVICES, broker_for, bus_for
from aquiver.nights import night_of
from dashboards.evening import Evening
from dashboards.terminal import render

LENGTH_S = 120.0
NOTES = (
    "Listen along: aquiver listen",
    "Data: ~/.local/share/aquiver    Ctrl-C ends the night.",
)


async def follow(length_s: float) -> Evening:
    """Run a demo night for so long and give what the view knows of it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(demo_settings(seed=1), data=folder)
        evening = Evening(settings.wearer, night_of(time.time(), settings.zone))
        async with AsyncExitStack() as stack:
            settings = replace(settings, bus=await stack.enter_async_context(broker_for(settings)))
            for service in ("recorder", "detector"):
                await stack.enter_async_context(SERVICES[service](settings))
            bus = await stack.enter_async_context(bus_for(settings, "view"))
            batches = await stack.enter_async_context(bus.subscribe())
            await stack.enter_async_context(SERVICES["collector"](settings))
            try:
                async with asyncio.timeout(length_s):
                    async for batch in batches:
                        for parcel in batch:
                            evening.feed(parcel.message)
            except TimeoutError:
                return evening
    return evening


def main() -> None:
    """Write the picture."""
    evening = asyncio.run(follow(float(sys.argv[1]) if len(sys.argv) > 1 else LENGTH_S))
    console = Console(width=124, record=True, file=io.StringIO())
    console.print(render(evening, time.time(), NOTES))
    svg = console.export_svg(title="aquiver night --demo")
    Path("docs/terminal.svg").write_text(
        re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    )  # fonts from elsewhere


if __name__ == "__main__":
    main()
