"""The embedded broker: a mosquitto found on this machine, else amqtt within this process. Loopback only."""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aquiver.bus.broker_files import Listener, write_broker, write_reader
from aquiver.bus.port import HOST, claimed_port
from aquiver.bus.rights import RIGHTS
from aquiver.errors import BusError
from aquiver.passwords import ensure_passwords, secrets_folder, write_private

_LOG = logging.getLogger(__name__)
_START_S = 5.0
_RESTART_S = 0.5

# mosquitto does not notice when the process that started it is killed. This shell does: its input ends, and it takes
# the broker down with it, so that no orphan keeps the port.
_GUARD = 'exec 3<&0; "$0" -c "$1" & child=$!; (cat <&3 >/dev/null; kill $child 2>/dev/null) & wait $child'


@asynccontextmanager
async def embedded_broker(url: str, folder: Path) -> AsyncIterator[str]:
    """Run a broker while the block runs; give its URL.

    ``embedded:`` takes port 1883, or the next free one; ``embedded:PORT`` takes that port or none.

    Raises:
        BusError: the port is taken, or the broker did not come up.
    """
    program = mosquitto_path()
    passwords = ensure_passwords(RIGHTS, secrets_folder(folder))
    with claimed_port(url.removeprefix("embedded:")) as port:
        listener = Listener(HOST, port)
        write_reader(folder / "broker", listener, passwords["reader"])
        write_private(folder / "broker" / "url", f"mqtt://{HOST}:{port}\n")  # for those who come to listen
        if program:
            run = mosquitto_running(program, write_broker(folder / "broker", listener, passwords), HOST, port)
        else:
            run = _amqtt_running(port, folder / "broker", passwords)
        async with run:
            yield f"mqtt://{HOST}:{port}"


def is_mosquitto_here() -> bool:
    """Tell whether the embedded broker will be mosquitto."""
    return mosquitto_path() is not None


def mosquitto_path() -> str | None:
    """Find mosquitto, which Debian and Homebrew put where not every PATH leads; none if amqtt is wanted."""
    wanted = "amqtt" if os.name == "nt" else os.environ.get("AQUIVER_BROKER", "mosquitto")
    search = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    return shutil.which("mosquitto", path=search) if wanted == "mosquitto" else None


async def _wait_until_up(host: str, port: int) -> None:
    try:
        async with asyncio.timeout(_START_S):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection(host, port)
                    writer.close()
                    return
                await asyncio.sleep(0.02)
    except TimeoutError as error:
        raise BusError(f"the broker did not come up on port {port} within {_START_S:.0f} s") from error


@asynccontextmanager
async def mosquitto_running(program: str, config: Path, host: str, port: int) -> AsyncIterator[None]:
    """Run mosquitto while the block runs, and start it again whenever it ends.

    Raises:
        BusError: it did not come up.
    """
    async with asyncio.TaskGroup() as tasks:
        keeper = tasks.create_task(_keep_mosquitto(program, config), name="broker")
        try:
            await _wait_until_up(host, port)
            yield
        finally:
            keeper.cancel()


async def _keep_mosquitto(program: str, config: Path) -> None:
    """Run mosquitto, and start it again whenever it ends."""
    while True:
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", _GUARD, program, str(config)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; the broker goes last
        )
        try:
            await process.wait()
            _LOG.warning("the broker ended; starting it again")
        finally:
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
        await asyncio.sleep(_RESTART_S)


@asynccontextmanager
async def _amqtt_running(port: int, folder: Path, passwords: Mapping[str, str]) -> AsyncIterator[None]:
    from amqtt.broker import Broker  # noqa: PLC0415  # half a second that a machine with mosquitto need not spend
    from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415  # what amqtt reads passwords with

    hasher = Argon2Hasher(time_cost=1, memory_cost=64)  # the passwords are random, so nothing is won by slowness
    users = folder / "amqtt.passwords"
    write_private(users, "".join(f"{account}:{hasher.hash(word)}\n" for account, word in passwords.items()))
    config = {
        "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}},
        "plugins": {
            "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(users)},
            "aquiver.bus.amqtt_rights.AmqttRights": {},
        },
    }
    broker = Broker(config)
    await broker.start()
    try:
        yield
    finally:
        await broker.shutdown()
