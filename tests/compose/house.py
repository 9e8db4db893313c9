"""The house of docker-compose.yml without Docker: each service's exact command line and environment, in folders of its own.

What containers would be given by mounts is put in by path; what they would reach by name, by port. Debian's mosquitto and
InfluxDB 1.6.7 stand for the images of those.
"""

import os
import re
import signal
import ssl
import subprocess
import sys
from pathlib import Path

from tests.compose.composed import DOCKERFILE, ROOT, Mount, Service, dockerfile_environment, services
from tests.free_port import free_port
from tests.influx import Shim, local

_ENTRYPOINT = re.search(r'^ENTRYPOINT \["(\w+)"\]$', DOCKERFILE, re.MULTILINE)[1]
_BIN = Path(sys.executable).parent
_COMPILED_WITHIN_S = 300.0  # on a busy machine, and only where nobody has done it yet
_PATH = f"{_BIN}:{os.environ['PATH']}:/usr/sbin"


class House:
    """Services that can be started, asked whether they live, and ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._services = services()
        self._broker_port, self._shim = free_port(), Shim(local())
        self._running: dict[str, subprocess.Popen] = {}
        assert self.call("secrets").returncode == 0
        warm_up = [sys.executable, "-m", "detector.warm_up"]  # the image does so when it is made
        assert self._run("detector", warm_up, within_s=_COMPILED_WITHIN_S).returncode == 0
        self._listen_where_we_may()
        self._speak_tls()

    def _listen_where_we_may(self) -> None:
        """Have the broker listen on a free port of this machine: a container has an address of its own, we have not."""
        place = self.path("/secrets/mosquitto", "secrets")
        for file in (place / "mosquitto.conf", place / "reader" / "mosquitto_sub"):
            text = file.read_text().replace("listener 8883 0.0.0.0", f"listener {self._broker_port} 127.0.0.1")
            file.write_text(text.replace("-p 8883", f"-p {self._broker_port}"))

    def _speak_tls(self) -> None:
        environment = self._services["influxdb"].environment
        files = (environment[f"INFLUXD_TLS_{name}"] for name in ("CERT", "KEY"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(self.path(file, "influxdb") for file in files))
        self._shim.socket = context.wrap_socket(self._shim.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def secrets(self) -> Path:
        return self._folder / "volumes"

    @property
    def store_url(self) -> str:
        return f"influxs://127.0.0.1:{self._shim.server_port}/aquiver"

    def path(self, inside: str, name: str) -> Path:
        """Give where a path within a container lies here."""
        return Path(self._mapped(inside, self._services[name]))

    def environment(self, name: str) -> dict[str, str]:
        """Give the environment of a container: what the image sets, what Compose sets, and nothing else.

        But for the place of the compiled loops: those that make has compiled are used.
        """
        service = self._services[name]
        image = dockerfile_environment() if service.is_ours else {}
        image.pop("NUMBA_CACHE_DIR", None)
        given = {**image, **service.environment, "PATH": _PATH}
        return {key: value if key == "PATH" else self._mapped(value, service) for key, value in given.items()}

    def command(self, name: str, words: tuple[str, ...] = ()) -> list[str]:
        service = self._services[name]
        entry = service.given.get("entrypoint", [_ENTRYPOINT] if service.is_ours else [])
        return [self._mapped(word, service) for word in (*entry, *(words or service.given["command"]))]

    def health(self, name: str) -> subprocess.CompletedProcess:
        """Run a container's health check."""
        service = self._services[name]
        _, *words = service.given["healthcheck"]["test"]
        return self._run(name, [self._mapped(word, service) for word in words])

    def call(self, name: str, *words: str) -> subprocess.CompletedProcess:
        """Run a container that ends by itself."""
        return self._run(name, self.command(name, words))

    def start(self, name: str) -> None:
        log = (self._folder / f"{name}.log").open("ab")
        with log:
            self._running[name] = subprocess.Popen(
                self.command(name), env=self.environment(name), stdout=log, stderr=log, cwd="/"
            )

    def stop(self, name: str) -> int:
        process = self._running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=15)

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        self._shim.shutdown()
        self._shim.server_close()

    def logs(self) -> bytes:
        return b"".join(path.read_bytes() for path in self._folder.glob("*.log"))

    def words_of(self, name: str) -> bytes:
        """Give a running service's command line, as everyone on the machine can read it."""
        return Path(f"/proc/{self._running[name].pid}/cmdline").read_bytes()

    def _run(self, name: str, command: list[str], within_s: float = 60.0) -> subprocess.CompletedProcess:
        return subprocess.run(
            command, env=self.environment(name), capture_output=True, text=True, check=False, timeout=within_s, cwd="/"
        )

    def _mapped(self, text: str, service: Service) -> str:
        text = text.replace("mosquitto:8883", f"127.0.0.1:{getattr(self, '_broker_port', 0)}")
        text = text.replace("influxdb:8086", f"127.0.0.1:{self._shim.server_port}")
        text = text.replace("localhost:8086", f"localhost:{self._shim.server_port}")
        folders = {mount.target: str(self._place(mount)) for mount in service.mounts}
        if service.name == "secrets":
            folders["/secrets"] = str(self._folder / "volumes")
        for target in sorted(folders, key=len, reverse=True):
            if text == target or text.startswith(f"{target}/"):
                return text.replace(target, folders[target], 1)
        return text

    def _place(self, mount: Mount) -> Path:
        """Give a volume's folder; the volume secrets-NAME is the folder NAME, as the one who makes them sees it."""
        if not mount.is_named:
            return (ROOT / mount.source).resolve()
        place = self._folder / "volumes" / mount.source.removeprefix("secrets-")
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place
