"""The end of a task that runs Bumble's code."""

import asyncio


async def end(task: asyncio.Task[object]) -> None:
    """Cancel until it helps: Python 3.11's ``wait_for``, of which Bumble is full, can swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)
