"""A child process for one errand: it can be ended when it hangs, which a thread cannot."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aquiver.errors import ChannelFailed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child said, and its exit code."""

    code: int
    out: str
    err: str


async def run(*command: str, say: str = "", within_s: float) -> Outcome:
    """Run a command to its end, with ``say`` on its stdin.

    Raises:
        ChannelFailed: it could not be started, or took longer than ``within_s`` and was ended.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise ChannelFailed(f"{command[0]} cannot be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(within_s):
            out, err = await child.communicate(say.encode())
    except TimeoutError as error:
        raise ChannelFailed(f"no answer within {within_s:.0f} s") from error
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return Outcome(child.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace"))
