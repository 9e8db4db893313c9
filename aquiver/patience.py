"""Patience with a disk or a server: work that must succeed is tried again until it does."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping

from aquiver.complaints import Task, complain, complaints, settle
from aquiver.errors import StoreAway, StoreError

_LOG = logging.getLogger(__name__)
RETRY_S = 1.0
REFUSALS = (OSError, sqlite3.Error, StoreError)
_AT_SERVER: Mapping[str, Task] = {Task.STORE: Task.TAKES, Task.READ: Task.GIVES}  # where it is a server that refuses


async def until_done(work: Callable[[], None], what: str) -> None:
    """Do blocking work in a thread, and again every second while it is refused, saying so.

    Meanwhile nothing is confirmed, so nothing is lost: the senders keep it.
    """
    while True:
        if await attempt(work, what):
            return
        await asyncio.sleep(RETRY_S)


async def attempt(work: Callable[[], None], what: str) -> bool:
    """Do blocking work in a thread, once; tell whether it was done, and say why not: a fault until it is."""
    try:
        await asyncio.to_thread(work)
    except REFUSALS as error:
        object_to(error, what)
        return False
    agree(what)
    return True


def agree(what: str) -> None:
    """Say that nobody refuses it any more."""
    settle(what)
    settle(_AT_SERVER.get(what, what))


def object_to(error: Exception, what: str) -> None:
    """Complain of a refusal; in the log once for each reason."""
    at_server = _AT_SERVER.get(what, what)
    task, other = (at_server, what) if isinstance(error, StoreAway) else (what, at_server)
    if other != task:
        settle(other)
    if complaints.get(task) != str(error):
        _LOG.error("%s: %s; trying again", what, error)  # the sentence is enough
    complain(task, str(error))
