"""Which servers are here. In CI a missing one is a failure, not a skip."""

import os
import shutil
from pathlib import Path

import pytest

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def _needs(program: str, package: str) -> pytest.MarkDecorator:
    is_missing = shutil.which(program, path=_PATH) is None
    if is_missing and os.environ.get("CI"):
        raise RuntimeError(f"CI needs {program} (Debian package {package})")
    return pytest.mark.skipif(is_missing, reason=f"{program} is not installed (Debian package {package})")


NODE = Path(__file__).parents[1] / ".venv" / "node" / "node_modules"
AXE = NODE / "axe-core" / "axe.min.js"
SCHEMA = NODE / "@grafana" / "schema" / "package.json"
DCLINT = NODE / "dclint" / "bin" / "dclint.cjs"
TSC = NODE / ".bin" / "tsc"


def _needs_npm(path: Path, package: str) -> pytest.MarkDecorator:
    if not path.exists() and os.environ.get("CI"):
        raise RuntimeError(f"CI needs {package} (npm; tests/servers.sh installs it)")
    return pytest.mark.skipif(not path.exists(), reason=f"{package} is not installed (sh tests/servers.sh, with npm)")


needs_axe = _needs_npm(AXE, "axe-core")
needs_grafana_schema = _needs_npm(SCHEMA, "@grafana/schema")
needs_dclint = _needs_npm(DCLINT, "dclint")
needs_tsc = _needs_npm(TSC, "typescript")
needs_chromium = _needs("chromium", "chromium")
needs_curl = _needs("curl", "curl")
needs_influxd = _needs("influxd", "influxdb")
needs_poppler = _needs("pdffonts", "poppler-utils")
needs_mosquitto = _needs("mosquitto", "mosquitto")
needs_dbus = _needs("dbus-daemon", "dbus")
needs_mosquitto_clients = _needs("mosquitto_sub", "mosquitto-clients")
needs_notify_send = _needs("notify-send", "libnotify-bin")
