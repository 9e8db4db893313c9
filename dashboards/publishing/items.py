"""The items: what aquiver publishes, read from the committed boards and made from the rules. No SDK is needed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from aquiver.errors import SettingsError
from dashboards.alerts.rule import SOURCE_UID
from dashboards.alerts.rules import GROUPS, Group
from dashboards.boards.generated import committed
from dashboards.phrases.boards.alerts import FOLDER
from dashboards.publishing.item import Item, Sort

FOLDER_UID = "aquiver"
_HEADER = "httpHeaderValue1"


@dataclass(frozen=True, slots=True)
class Source:
    """Where Grafana finds InfluxDB: an address as *it* sees it, a bucket, and the token to read with."""

    url: str
    bucket: str
    token: str | None


def source_of(store: str, url: str | None, token: str | None) -> Source:
    """Give the data source that goes with a store; ``url`` is Grafana's own way there, where it is another than ours.

    >>> source_of("influxs://box.lan:8086/aquiver?org=home", None, None)
    Source(url='https://box.lan:8086', bucket='aquiver', token=None)

    Raises:
        SettingsError: the store is not InfluxDB, so that there is nothing to draw from.
    """
    parts = urlsplit(store)
    if parts.scheme not in ("influx", "influxs"):
        raise SettingsError(
            f'store = "{store}": Grafana draws from InfluxDB; set store = "influx://HOST:8086/BUCKET" '
            "(docs/operating.md, InfluxDB), or publish without the data source: --without source"
        )
    scheme = "https" if parts.scheme == "influxs" else "http"
    return Source(url or f"{scheme}://{parts.netloc}", parts.path.strip("/"), token)


def items(source: Source | None, *, with_rules: bool) -> Iterator[Item]:
    """Give what is to be published, each after what it needs."""
    yield Item(Sort.FOLDER, FOLDER_UID, {"uid": FOLDER_UID, "title": FOLDER})
    if source is not None:
        yield _source(source)
    for name, text in committed().items():
        if name.startswith("boards/"):
            board = json.loads(text)
            yield Item(Sort.BOARD, board["uid"], board)
    if with_rules:
        yield from map(_rules, GROUPS)


def _source(source: Source) -> Item:
    secret = None if source.token is None else {_HEADER: f"Token {source.token}"}
    value = {
        "uid": SOURCE_UID,
        "name": "aquiver",
        "type": "influxdb",
        "access": "proxy",
        "url": source.url,
        "jsonData": {
            "version": "InfluxQL",
            "dbName": source.bucket,
            "httpMode": "POST",
            **({} if secret is None else {"httpHeaderName1": "Authorization"}),
        },
    }
    return Item(Sort.SOURCE, SOURCE_UID, value, secret)


def _rules(group: Group) -> Item:
    """Give a group as the API has it: seconds, and each rule with the place it belongs to."""
    place = {"orgID": 1, "folderUID": FOLDER_UID, "ruleGroup": group.name}
    rules = [rule.value() | place for rule in group.rules]
    value = {"title": group.name, "folderUid": FOLDER_UID, "interval": group.every_s, "rules": rules}
    return Item(Sort.RULES, group.name, value)
