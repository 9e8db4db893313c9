"""aquiver secrets: make every secret of a house of containers, and hand each to those who need it."""

import os
from pathlib import Path

import click

from aquiver.bus.broker_files import Listener, write_broker, write_reader
from aquiver.bus.certificates import ensure_certificates
from aquiver.bus.rights import RIGHTS
from aquiver.handout import HANDOUTS, MADE, SERVERS
from aquiver.passwords import ensure_passwords, private_folder, write_private

_TLS_PORT = 8883
_CERTIFICATE = ("ca.crt", "server.crt", "server.key")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def secrets(folder: Path) -> None:
    """Make every secret that docker-compose.yml needs, once, and hand each to the containers that need it.

    FOLDER/keep holds them all; FOLDER/NAME what one container is given, and no other. What is there already is kept, so
    it may be run at every start. Nothing secret is printed.

    \b
    aquiver secrets /secrets     what the first container does
    """
    os.umask(0o077)
    keep = folder / "keep"
    passwords = ensure_passwords(MADE, keep)
    for server, names in SERVERS.items():
        ensure_certificates(keep / server, names)
    for name, files in HANDOUTS.items():
        private_folder(folder / name)
        for file, secret in files.items():
            _hand(keep / secret, folder / name / file)
    _set_up_broker(folder / "mosquitto", keep / "broker", {account: passwords[account] for account in RIGHTS})
    click.echo(f"Secrets are in place for {', '.join(sorted((*HANDOUTS, 'mosquitto')))}.")


def _set_up_broker(folder: Path, certificate: Path, passwords: dict[str, str]) -> None:
    """Write what mosquitto reads, and what its health check listens along with."""
    private_folder(folder)
    place = folder / "certificates"
    private_folder(place)
    for name in _CERTIFICATE:
        _hand(certificate / name, place / name)
    listener = Listener("0.0.0.0", _TLS_PORT, place)  # noqa: S104  # within its container, over TLS
    write_broker(folder, listener, passwords)
    write_reader(folder, Listener("localhost", _TLS_PORT, place), passwords["reader"])


def _hand(made: Path, given: Path) -> None:
    """Give a copy; one that is the same already stays."""
    text = made.read_text(encoding="utf-8")
    if not given.exists() or given.read_text(encoding="utf-8") != text:
        write_private(given, text)
