"""aquiver night --demo with a hand on its virtual radio: "vanish NAME" and "reappear NAME" on stdin.

Everything is the program's own; the radio is only held on to when it is opened.
"""

import asyncio
import sys
from contextlib import asynccontextmanager

from aquiver.__main__ import main
from collector import opening

_open_air = opening.virtual_radio
_held = []  # the first air is the night's; later ones are searches


@asynccontextmanager
async def held_air(*args, **options):
    async with _open_air(*args, **options) as air:
        if not _held:
            _held.append(air)
            asyncio.get_running_loop().add_reader(sys.stdin, obey, air)
        yield air


def obey(air) -> None:
    verb, _, name = sys.stdin.readline().strip().partition(" ")
    if verb in {"vanish", "reappear"}:
        getattr(air, verb)(name)
    else:
        asyncio.get_running_loop().remove_reader(sys.stdin)


if __name__ == "__main__":
    opening.virtual_radio = held_air
    main()
