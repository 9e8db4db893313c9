"""Passwords of the bus: made at first start, one file for each account, readable by their owner alone.

A service finds its own in ``$AQUIVER_BUS_PASSWORD``, else in a file named like its account in ``$AQUIVER_SECRETS``
(as Docker and systemd hand out secrets), else in the data folder's ``secrets``. Never in the settings, a URL, an
argument or a log.
"""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from aquiver.errors import SettingsError

_N_BYTES = 24  # 192 bits: no guessing, so no slow hash is needed either


def secrets_folder(data: Path) -> Path:
    """Give the folder with the passwords: ``$AQUIVER_SECRETS``, else the data folder's own."""
    chosen = os.environ.get("AQUIVER_SECRETS")
    return Path(chosen).expanduser() if chosen else data / "secrets"


def password_of(account: str, data: Path) -> str | None:
    """Give an account's password, if there is one.

    Raises:
        SettingsError: its file cannot be read, or may be read by others.
    """
    given = os.environ.get("AQUIVER_BUS_PASSWORD")
    return given or _read(secrets_folder(data) / account)


def influx_token(data: Path) -> str | None:
    """Give the token for InfluxDB, if there is one: ``$AQUIVER_INFLUX_TOKEN``, else the file ``influx-token``.

    Raises:
        SettingsError: its file cannot be read, or may be read by others.
    """
    return os.environ.get("AQUIVER_INFLUX_TOKEN") or _read(secrets_folder(data) / "influx-token")


def grafana_token(data: Path) -> str | None:
    """Give the token for Grafana, if there is one: ``$AQUIVER_GRAFANA_TOKEN``, else the file ``grafana-token``.

    Raises:
        SettingsError: its file cannot be read, or may be read by others.
    """
    return os.environ.get("AQUIVER_GRAFANA_TOKEN") or _read(secrets_folder(data) / "grafana-token")


def ensure_passwords(accounts: Iterable[str], folder: Path) -> dict[str, str]:
    """Give the passwords of accounts; make those that are missing.

    Raises:
        SettingsError: a file is there that cannot be read, or may be read by others.
    """
    private_folder(folder)
    return {account: _read(folder / account) or _make(folder / account) for account in accounts}


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on, in one step."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def _forbidden_mode() -> int:
    """Who mounts secrets for us (Docker: 0444) decides who may read them; in our own folder nobody else may."""
    return 0o022 if os.environ.get("AQUIVER_SECRETS") else 0o077


def _make(path: Path) -> str:
    password = secrets.token_urlsafe(_N_BYTES)
    write_private(path, password + "\n")
    return password


def _read(path: Path) -> str | None:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & _forbidden_mode():
            raise SettingsError(f"{path}: others may read or change this password; say: chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: this password cannot be read ({error})") from error
