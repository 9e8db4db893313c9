"""Patience with a disk: work that must succeed is tried again until it does."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from aquiver.complaints import complain, settle
from aquiver.errors import StoreError

_LOG = logging.getLogger(__name__)
RETRY_S = 1.0


async def until_done(work: Callable[[], None], what: str) -> None:
    """Do blocking work in a thread, and again every second while the disk refuses, saying so.

    Meanwhile nothing is confirmed, so nothing is lost: the senders keep it.
    """
    while True:
        try:
            await asyncio.to_thread(work)
        except (OSError, sqlite3.Error, StoreError) as error:
            _LOG.error("%s: %s; trying again", what, error)  # the sentence is enough
            complain(what, str(error))
            await asyncio.sleep(RETRY_S)
        else:
            settle(what)
            return
