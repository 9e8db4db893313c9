"""Logs: on stderr, for people or as JSON lines for programs."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

_CHATTY = ("bumble", "amqtt", "transitions")  # other people's loggers, which speak of every packet


def set_up_logs(verbose: int, form: str) -> None:
    """Log warnings; with ``verbose`` 1 also what happens, with 2 everything. ``form`` is ``human`` or ``json``."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler = _Stderr()
    handler.setFormatter(_Json() if form == "json" else logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(level if verbose > 1 else logging.CRITICAL)


class _Json(logging.Formatter):
    """One object a line: ``time``, ``level``, ``logger``, ``message``, and ``error`` where one was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Give a record as JSON."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


class _Stderr(logging.StreamHandler[TextIO]):
    """Log to what stderr is now: the live view puts something else in its place, to stay in one piece."""

    @property
    def stream(self) -> TextIO:
        """Give the present stderr."""
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """Leave it as it is."""
