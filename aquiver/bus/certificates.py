"""Certificates of one's own: an authority and a broker's certificate, made by the program openssl."""

import shutil
import subprocess
from pathlib import Path

from aquiver.errors import BusError
from aquiver.passwords import private_folder

_DAYS = "3650"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def ensure_certificates(folder: Path, hosts: tuple[str, ...]) -> None:
    """Make ``ca.crt``, ``server.crt`` and ``server.key`` for these host names or addresses, unless they are there.

    The authority's key is thrown away: it signs once. The first host is the certificate's name.

    Raises:
        BusError: openssl is not installed, or refused.
    """
    if all((folder / name).exists() for name in ("ca.crt", "server.crt", "server.key")):
        return
    program = shutil.which("openssl")
    if program is None:
        raise BusError(
            "to make certificates, openssl is needed; install it, or put ca.crt, server.crt and server.key there"
        )
    private_folder(folder)
    key, request = folder / "ca.key", folder / "server.csr"
    names = ",".join(f"{'IP' if _is_address(host) else 'DNS'}:{host}" for host in hosts)
    (folder / "names").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    authority = ("-x509", "-days", _DAYS, "-subj", "/CN=aquiver", "-keyout", key, "-out", folder / "ca.crt")
    _run(program, "req", *_CURVE, *authority)
    _run(program, "req", *_CURVE, "-subj", f"/CN={hosts[0]}", "-keyout", folder / "server.key", "-out", request)
    signing = ("-req", "-in", request, "-CA", folder / "ca.crt", "-CAkey", key, "-set_serial", "1", "-days", _DAYS)
    _run(program, "x509", *signing, "-extfile", folder / "names", "-out", folder / "server.crt")
    for path in (key, request, folder / "names"):
        path.unlink()
    (folder / "server.key").chmod(0o600)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _run(program: str, *words: object) -> None:
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BusError(f"openssl could not make a certificate: {done.stderr.strip().splitlines()[-1]}")
