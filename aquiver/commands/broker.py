"""aquiver broker: the files of a broker of your own, and that broker."""

import asyncio
import os
from pathlib import Path

import click

from aquiver.bus.broker import mosquitto_path, mosquitto_running
from aquiver.bus.broker_files import Listener, write_broker, write_reader
from aquiver.bus.certificates import ensure_certificates
from aquiver.bus.port import is_free
from aquiver.bus.rights import RIGHTS
from aquiver.commands.stopping import stop_on_signal
from aquiver.errors import BusError
from aquiver.loopback import is_loopback
from aquiver.passwords import ensure_passwords
from aquiver.supervisor import supervised

_PORT, _TLS_PORT = 1883, 8883


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Names or addresses by which clients reach it.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="1883 on this machine alone, else 8883.  [default: by host]"
)
@click.option("--run", "is_run", is_flag=True, help="Run mosquitto with these files, until Ctrl-C.")
def broker(folder: Path, hosts: tuple[str, ...], port: int | None, is_run: bool) -> None:
    """Write all that mosquitto needs into FOLDER: accounts, rights, and for other machines certificates.

    Every service gets an account of its own, and a password in FOLDER/secrets. What is there already is kept. Without
    --host the broker listens on this machine alone; with it on every address, over TLS only.

    \b
    aquiver broker ~/aquiver-broker                        for services on this machine
    aquiver broker ~/aquiver-broker --host box.lan --run   for other machines too, and start it
    mosquitto -c ~/aquiver-broker/mosquitto.conf           what --run does

    On another machine: copy FOLDER/certificates/ca.crt and FOLDER/secrets/<service> there, and set in its settings
    bus = "mqtts://box.lan:8883" and bus_ca = "ca.crt" (docs/operating.md).
    """
    os.umask(0o077)
    is_open = any(not is_loopback(host) for host in hosts)
    certificates = folder / "certificates" if is_open else None
    if certificates is not None:
        ensure_certificates(certificates, hosts)
    listener = Listener("0.0.0.0" if is_open else "127.0.0.1", port or (_TLS_PORT if is_open else _PORT), certificates)  # noqa: S104  # asked for with --host, and over TLS only
    passwords = ensure_passwords(RIGHTS, folder / "secrets")
    config = write_broker(folder, listener, passwords)
    reached_at = Listener(hosts[0], listener.port, certificates) if is_open else listener
    write_reader(folder, reached_at, passwords["reader"])
    url = f"{'mqtts' if is_open else 'mqtt'}://{reached_at.host}:{listener.port}"
    click.echo(
        f'{config}\nSettings: bus = "{url}"' + (f', bus_ca = "{certificates / "ca.crt"}"' if certificates else "")
    )
    click.echo(f"Passwords: AQUIVER_SECRETS={folder / 'secrets'}")
    if is_run:
        asyncio.run(_run(config, listener))


async def _run(config: Path, listener: Listener) -> None:
    program = mosquitto_path()
    if program is None:
        raise BusError("mosquitto is not installed (Debian: apt install mosquitto; macOS: brew install mosquitto)")
    if not is_free(listener.port):
        raise BusError(f"port {listener.port} is taken; end what listens there, or choose another with --port")
    with stop_on_signal() as stop:
        async with mosquitto_running(program, config, "127.0.0.1", listener.port), supervised():
            await stop.wait()
