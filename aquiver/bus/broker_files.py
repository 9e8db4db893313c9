"""A broker's files: what mosquitto reads at its start. Nothing in them is secret but salted hashes."""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aquiver.bus.rights import mosquitto_acl
from aquiver.passwords import private_folder, write_private
from aquiver.wire import MAX_PAYLOAD_BYTES, ROOT

_ITERATIONS = 101  # mosquitto's own choice; the passwords are random, so nothing is won by more
_N_SALT_BYTES = 12
_N_CONNECTIONS = 64  # seven services and some listeners; a flood of strangers cannot take the memory


@dataclass(frozen=True, slots=True)
class Listener:
    """Where a broker listens; with a folder of certificates (ca.crt, server.crt, server.key) over TLS only."""

    host: str
    port: int
    certificates: Path | None = None


def write_broker(folder: Path, listener: Listener, passwords: Mapping[str, str]) -> Path:
    """Write mosquitto's configuration, its passwords and its rights; give the configuration's path."""
    private_folder(folder)
    write_private(folder / "passwords", "".join(f"{name}:{_hashed(word)}\n" for name, word in passwords.items()))
    write_private(folder / "rights", mosquitto_acl())
    config = folder / "mosquitto.conf"
    write_private(config, "\n".join(_lines(folder.absolute(), listener)) + "\n")
    return config


def write_reader(folder: Path, listener: Listener, password: str, authority: Path | None = None) -> Path:
    """Write what mosquitto_sub needs to listen along, so that no password stands in its command; give the folder."""
    lines = [f"-h {listener.host}", f"-p {listener.port}", "-u reader", f"-P {password}"]
    if listener.certificates is not None:
        authority = listener.certificates / "ca.crt"
    if authority is not None:
        lines.append(f"--cafile {authority.absolute()}")
    private_folder(folder)
    private_folder(folder / "reader")
    write_private(folder / "reader" / "mosquitto_sub", "\n".join(lines) + "\n")
    return folder / "reader"


def listen_along(folder: Path) -> str:
    """Give the command that listens along from a shell."""
    return f"XDG_CONFIG_HOME={folder / 'broker' / 'reader'} mosquitto_sub -v -t '{ROOT}/#'"


def _lines(folder: Path, listener: Listener) -> list[str]:
    """Give the configuration. The global settings come first: what follows a listener may belong to it."""
    lines = [
        "# Written by aquiver at each start; changes are lost.",
        "per_listener_settings false",
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'rights'}",
        "persistence false",
        "log_dest none",
        f"message_size_limit {MAX_PAYLOAD_BYTES}",
        "set_tcp_nodelay true",
        f"listener {listener.port} {listener.host}",
        f"max_connections {_N_CONNECTIONS}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        lines.insert(1, "user root")  # else it steps down to a user who cannot read these files
    if listener.certificates is not None:
        place = listener.certificates.absolute()
        lines += [f"certfile {place / 'server.crt'}", f"keyfile {place / 'server.key'}", "tls_version tlsv1.2"]
    return lines


def _hashed(password: str) -> str:
    """Hash a password as mosquitto does ($7$: PBKDF2 with SHA-512), without a program that is told it."""
    salt = os.urandom(_N_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS, 64)
    return f"$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
