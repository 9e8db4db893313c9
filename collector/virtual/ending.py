"""The end of Bumble's code: its tasks do not always end when they are told to.

Python 3.11's ``wait_for``, of which Bumble is full, can swallow a cancellation that comes together with a result.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class Stopped(Exception):
    """It was stopped before it was done."""


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task, until it helps."""
    while not task.done():
        task.cancel()
        await asyncio.sleep(0)


async def run_until(stop: asyncio.Event, operation: Coroutine[Any, Any, _T], name: str) -> _T:
    """Run an operation to its end, or until stopped, or until we are cancelled ourselves; then it has truly ended.

    Raises:
        Stopped: it did not come to its own end.
    """
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(operation, name=name)
            watch = group.create_task(_end_at(stop, task), name=f"watch {name}")
            try:
                await asyncio.wait({task})
            finally:
                await end(task)
                watch.cancel()
    except ExceptionGroup as errors:
        error = errors.exceptions[0]
        raise error from error.__cause__  # callers see the error, not our task group
    if task.cancelled():
        raise Stopped
    return task.result()


async def _end_at(stop: asyncio.Event, task: asyncio.Task[Any]) -> None:
    await stop.wait()
    await end(task)
