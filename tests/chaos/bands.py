"""The program under chaos, with a hand on its virtual bands: names in the file ``vanished`` are out of range.

Run as ``python -m tests.chaos.bands FOLDER run collector ...``: what follows the folder is aquiver's command line.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aquiver.__main__ import main
from collector import opening
from collector.virtual.radio import VirtualRadio, virtual_radio

_LOOK_S = 0.1


async def _obey(radio: VirtualRadio, order: Path) -> None:
    gone: set[str] = set()
    while True:
        asked = set(order.read_text().split()) if order.exists() else set()
        for name in asked - gone:
            radio.vanish(name)
        for name in gone - asked:
            radio.reappear(name)
        gone = asked
        await asyncio.sleep(_LOOK_S)


def _under_orders(order: Path):
    @asynccontextmanager
    async def radio(*args, **kwargs) -> AsyncIterator[VirtualRadio]:
        async with virtual_radio(*args, **kwargs) as real:
            obeying = asyncio.ensure_future(_obey(real, order))
            try:
                yield real
            finally:
                obeying.cancel()

    return radio


if __name__ == "__main__":
    opening.virtual_radio = _under_orders(Path(sys.argv.pop(1)) / "vanished")
    main()
