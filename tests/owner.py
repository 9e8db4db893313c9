"""The owner of a broker that aquiver runs: who may say everything, for tests in which strangers have a password."""

import os
from pathlib import Path

from aquiver.bus.login import Login
from aquiver.passwords import password_of


def owner(folder: Path) -> Login:
    return Login("owner", password_of("owner", folder))


def owners_shell(folder: Path) -> dict[str, str]:
    """Give the environment in which mosquitto_pub speaks as the owner."""
    home = folder / "owners-shell"
    home.mkdir(exist_ok=True)
    (home / "mosquitto_pub").write_text(f"-h 127.0.0.1\n-u owner\n-P {password_of('owner', folder)}\n")
    return {**os.environ, "XDG_CONFIG_HOME": str(home)}
