"""aquiver ledger: where every sample of a night is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from aquiver.balance import Balance
from aquiver.commands.books import Books, read_books
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.errors import SettingsError


@click.command()
@config_option
@data_option
@click.option(
    "--night", "night_", metavar="DATE", help="The night that began on this evening; the default is the newest."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def ledger(config: Path | None, data: Path | None, night_: str | None, *, as_json: bool) -> None:
    """Say where every sample of a night is, and whether the sums match (exit code 1 if not).

    Each sample was lost by the radio or received; what was received is under way, was dropped by a full spool, or is
    confirmed by the detector; what is confirmed is undecided yet, used, or excluded for a reason. Three books are held
    against each other: the collector's, its spool, and the detector's. Works while a night runs, and afterwards.

    \b
    aquiver ledger
    aquiver ledger --night 2026-11-22 --json
    """
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    books = read_books(settings.folder, settings.zone)
    nights = books.nights()
    night = night_ or (nights[-1] if nights else "")
    if night not in nights:
        known = f"there are {', '.join(nights[-7:])}" if nights else "none has begun"
        raise SettingsError(f"no samples of a night {night or 'yet'} are counted; {known}")
    balances = books.balances(night)
    faults = {balance.stream: list(balance.faults()) for balance in balances}
    if as_json:
        click.echo(json.dumps(_as_json(night, balances, faults, books), indent=2))
    else:
        for line in _lines(night, balances, faults, books):
            click.echo(line)
    if any(faults.values()):
        raise SystemExit(1)


def _as_json(night: str, balances: list[Balance], faults: dict[str, list[str]], books: Books) -> dict[str, Any]:
    return {
        "night": night,
        "is_balanced": not any(faults.values()),
        "is_settled": all(balance.is_settled for balance in balances),
        "streams": [_stream_as_json(balance, faults[balance.stream]) for balance in balances],
        "messages_to_deliver": books.lags,
    }


def _stream_as_json(balance: Balance, faults: list[str]) -> dict[str, Any]:
    return {
        "stream": balance.stream,
        "lost_by_radio": balance.lost_by_radio,
        "received": balance.received,
        "under_way": balance.under_way,
        "dropped": balance.dropped,
        "confirmed": balance.confirmed,
        "undecided": balance.undecided,
        "used": balance.used,
        "excluded": dict(balance.excluded),
        "faults": faults,
    }


def _lines(night: str, balances: list[Balance], faults: dict[str, list[str]], books: Books) -> Iterator[str]:
    yield f"Night of {night}, in samples"
    for balance in balances:
        yield ""
        yield balance.stream
        yield from _rows(balance)
        yield from (f"  DOES NOT ADD UP: {fault}" for fault in faults[balance.stream])
    yield ""
    for journal, lags in books.lags.items():
        for consumer, n in lags.items():
            if n:
                yield f"{n} messages of the {journal} are not confirmed by the {consumer} yet."
    yield "The sums match." if not any(faults.values()) else "The sums do NOT match."
    if not all(balance.is_settled for balance in balances):
        yield "Some samples are still under way or undecided: the night is running, or a service is not."


def _rows(balance: Balance) -> Iterator[str]:
    yield _row(0, "lost by radio", balance.lost_by_radio)
    yield _row(0, "received", balance.received)
    yield _row(1, "under way", balance.under_way)
    yield _row(1, "dropped, spool full", balance.dropped)
    yield _row(1, "confirmed", balance.confirmed)
    yield _row(2, "undecided", balance.undecided)
    yield _row(2, "used", balance.used)
    for reason, n in sorted(balance.excluded.items()):
        yield _row(2, f"excluded, {reason}", n)


def _row(depth: int, name: str, n: int) -> str:
    """Lay out a row of the table.

    >>> _row(1, "confirmed", 1234567)
    '    confirmed                   1 234 567'
    """
    indented = "  " * (depth + 1) + name
    return f"{indented:<28}{f'{n:,}'.replace(',', ' '):>13}"
