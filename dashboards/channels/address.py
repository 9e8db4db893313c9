"""The address of a channel: a secret, so it never stands in the settings."""

import os
from pathlib import Path

from aquiver.errors import SettingsError


def address_of(channel: str, data: Path) -> str:
    """Give a channel's address.

    It stands in ``$AQUIVER_CHANNEL_<NAME>``, else in the file ``channel-<name>`` in ``$AQUIVER_SECRETS`` (as Docker and
    systemd hand out secrets), else in the same file in the data folder's ``secrets``.

    Raises:
        SettingsError: there is none, or others may read it.
    """
    variable = f"AQUIVER_CHANNEL_{channel.upper().replace('-', '_')}"
    given = os.environ.get(variable)
    path = Path(os.environ.get("AQUIVER_SECRETS") or data / "secrets") / f"channel-{channel}"
    address = (given or _read(path)).strip()
    if "://" not in address or "\n" in address:
        raise SettingsError(
            f'the channel "{channel}" has no address: put one line such as ntfy://topic (the list: apprise --help) '
            f"into {path}, with mode 0600, or into ${variable}"
        )
    return address


def _read(path: Path) -> str:
    try:
        if os.name == "posix" and not os.environ.get("AQUIVER_SECRETS") and path.stat().st_mode & 0o077:
            raise SettingsError(f"{path}: others may read this address; say: chmod 600 {path}")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: this address cannot be read ({type(error).__name__})") from error
