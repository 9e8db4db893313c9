"""An InfluxDB server: lines in, answers out. The only file that knows its client.

Lines go by ``/api/v2/write``, questions in InfluxQL by ``/query``: what 1.8, 2 and 3 all answer. One bucket, no
retention policy's name.
"""

import gzip
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs

import msgspec

from aquiver.errors import SettingsError, StoreAway
from aquiver.loopback import is_loopback

try:
    from influxdb_client.client.influxdb_client import InfluxDBClient
    from influxdb_client.rest import ApiException
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
except ImportError as _error:  # an extra: most nights are kept in SQLite
    _missing: ImportError | None = _error
else:
    _missing = None

SCHEMES = {"influx": "http", "influxs": "https"}
_DEFAULT_PORT = 8086
_DEFAULT_ORG = "aquiver"
_WRITE_WITHIN_MS = (3_000, 10_000)  # to connect, to answer
_READ_WITHIN_MS = (3_000, 60_000)
_WAITS_S = (0.2, 1.0)  # before trying again by ourselves; whoever keeps the records tries longer
_TOKEN_REFUSED = (401, 403)
_BUSY = (429, 502, 503, 504)
_N_LETTERS = 200  # of a server's words
_FAST = 1  # gzip's level


class InfluxServer:
    """One bucket of a server. Nothing is asked of it before it is needed, so that it may start later than we do.

    ``look`` gives the token; it is asked again when the server refuses it, so that a right one needs no new start.
    """

    def __init__(self, parts: SplitResult, look: Callable[[], str | None], authority: str = "") -> None:
        if _missing is not None:
            raise SettingsError("InfluxDB needs its client: pip install 'aquiver[influx]'") from _missing
        self._bucket, self._org, url = _address(parts)
        if authority and not Path(authority).is_file():
            raise SettingsError(f'store_ca = "{authority}": there is no such certificate')
        self._look, self._token = look, look() or ""
        self._client = InfluxDBClient(url, self._token, org=self._org, ssl_ca_cert=authority or None)
        self._closing = threading.Event()

    def write(self, lines: bytes) -> None:
        """Write lines; try again, later each time, where the server was not reached or is busy.

        Raises:
            StoreAway: the server did not take all of them. It may have taken some.
        """
        for wait_s in _WAITS_S:
            try:
                return self._post(lines)
            except _NotNow:
                if self._closing.wait(wait_s):
                    raise
        return self._post(lines)

    def ask(self, question: str) -> list[dict[str, Any]]:
        """Give the series that answer statements of InfluxQL; their times are in ns.

        Raises:
            StoreAway: there is no answer.
        """
        query = [("db", self._bucket), ("epoch", "ns")]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = self._call("/query", query, headers, fields=[("q", question)])
        results = answer.get("results", ())  # InfluxDB 2 has none for what only deletes
        for result in (result for result in results if "error" in result):
            raise StoreAway(f"InfluxDB: {result['error'][:_N_LETTERS]}")
        return [series for result in results for series in result.get("series", ())]

    def close(self) -> None:
        """Close the connections; a writer that waits gives up."""
        self._closing.set()
        self._client.close()

    def _post(self, lines: bytes) -> None:
        query = [("bucket", self._bucket), ("org", self._org), ("precision", "ns")]
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Encoding": "gzip"}
        self._call("/api/v2/write", query, headers, body=gzip.compress(lines, _FAST))

    def _call(
        self,
        path: str,
        query: list[tuple[str, str]],
        headers: dict[str, str],
        body: bytes | None = None,
        fields: list[tuple[str, str]] | None = None,
    ) -> Any:  # noqa: ANN401  # whatever JSON the server answers
        try:
            return self._client.api_client.call_api(
                path,
                "POST",
                query_params=query,
                header_params=headers,
                post_params=fields,
                body=body,
                response_type="object" if fields else None,
                auth_settings=[],
                _return_http_data_only=True,
                _request_timeout=_WRITE_WITHIN_MS if body else _READ_WITHIN_MS,
            )
        except ApiException as error:
            kind = _NotNow if error.status in _BUSY else StoreAway
            if error.status in _TOKEN_REFUSED:
                self._look_again()
            raise kind(f"InfluxDB {_explained(error.status, _said(error.body), self._bucket)}") from None
        except HTTPError as error:
            kind = _NotNow if isinstance(error, NewConnectionError | ConnectTimeoutError) else StoreAway
            raise kind(f"InfluxDB cannot be reached or does not answer ({type(error).__name__})") from None

    def _look_again(self) -> None:
        """Take another token, if there is one by now; what comes next is sent with it."""
        with suppress(
            SettingsError
        ):  # its file is not as it should be: the refusal is said, and where to put a right one
            token = self._look() or ""
            if token != self._token:
                self._token = token
                self._client.api_client.set_default_header("Authorization", f"Token {token}")


class _NotNow(StoreAway):
    """The server was not reached, or says that it is busy."""


def _address(parts: SplitResult) -> tuple[str, str, str]:
    """Give bucket, organisation and URL of ``influx://HOST:PORT/BUCKET?org=NAME``.

    Raises:
        SettingsError: the URL has no bucket, or something that does not belong there, as a password; or it leads to
            another machine without TLS.
    """
    if parts.username or parts.password:
        raise SettingsError(
            "store: a name or password in the URL would be shown and logged. Leave it out, and put the token into the "
            "environment variable AQUIVER_INFLUX_TOKEN or into a file (docs/operating.md, InfluxDB)"
        )
    bucket, asked = parts.path.strip("/"), parse_qs(parts.query)
    if not bucket or "/" in bucket or not parts.hostname or set(asked) - {"org"}:
        raise SettingsError(
            f'store = "{parts._replace(query="").geturl()}": write it as "influx://HOST:8086/BUCKET", or "influxs:" with '
            'TLS; "?org=NAME" where the organisation is not called aquiver'
        )
    try:
        port = parts.port or _DEFAULT_PORT
    except ValueError as error:
        raise SettingsError(f"store: {error}") from error
    if parts.scheme == "influx" and not is_loopback(parts.hostname):
        raise SettingsError(_unprotected(parts, port, bucket))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return bucket, asked.get("org", [_DEFAULT_ORG])[0], f"{SCHEMES[parts.scheme]}://{host}:{port}"


def _unprotected(parts: SplitResult, port: int, bucket: str) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return (
        f'store = "{parts.scheme}://{host}:{port}/{bucket}": that is another machine, and without TLS anyone between could '
        f'read and change what you measured. Use "influxs://{host}:{port}/{bucket}", with store_ca = "ca.crt" '
        "where its certificate is of your own making; or reach it through this machine, as with "
        f"ssh -L {port}:127.0.0.1:{port} {parts.hostname}"
    )


def _said(body: str | bytes | None) -> str:
    """Give a server's own words; 1.x and 2.x keep them in different places."""
    try:
        answer = msgspec.json.decode(body or "{}", type=_Refusal)
    except msgspec.MsgspecError:
        return ""
    return (answer.error or answer.message)[:_N_LETTERS]


class _Refusal(msgspec.Struct):
    error: str = ""
    message: str = ""


def _explained(status: int, words: str, bucket: str) -> str:
    """Say what to do about a refusal.

    >>> _explained(404, "", "nights")
    'has no bucket "nights" for this token: create it, to be kept for ever'
    """
    match status:
        case 0:  # the client's own: TLS did not come up
            return "has a certificate that is not trusted: set store_ca to that of its authority"
        case 401 | 403:
            return "refused the token: put a right one into AQUIVER_INFLUX_TOKEN or the file secrets/influx-token"
        case 404:
            return f'has no bucket "{bucket}" for this token: create it, to be kept for ever'
        case 400 | 422 if "retention" in words:
            return (
                f'keeps bucket "{bucket}" for less long than these records are old: let it keep them for ever ({words})'
            )
        case _:
            return f"refused with {status}: {words or 'no reason given'}"
