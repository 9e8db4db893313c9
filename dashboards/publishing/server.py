"""A Grafana elsewhere, over its API. The only file that knows its client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from aquiver.errors import GrafanaError, SettingsError
from dashboards.publishing.item import Item, Sort
from dashboards.publishing.items import FOLDER_UID

try:
    from grafana_client import GrafanaApi
    from grafana_client.client import GrafanaClientError, GrafanaException
    from requests.exceptions import RequestException
except (
    ImportError
) as _error:  # an extra: docker-compose.yml provisions by file, and most nights are looked at elsewhere
    _missing: ImportError | None = _error
else:
    _missing = None

_WITHIN_S = 20.0
_NOT_FOUND = 404
_N_LETTERS = 300


class GrafanaServer:
    """What is there, and putting something there. Whatever is put is put whole: once or twice is the same."""

    def __init__(self, url: str, token: str) -> None:
        if _missing is not None:
            raise SettingsError("publishing needs Grafana's client: pip install 'aquiver[grafana]'") from _missing
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise SettingsError(
                f'--url: write it as "https://HOST:3000", without a name or password ({parts.scheme or "no"} scheme)'
            )
        self._api = GrafanaApi.from_url(url, credential=token, timeout=_WITHIN_S)

    def find(self, item: Item) -> dict[str, Any] | None:
        """Give what is there in an item's place; none if nothing is.

        Raises:
            GrafanaError: there is no answer.
        """
        with _explained():
            try:
                return self._find(item)
            except GrafanaClientError as error:
                if error.status_code == _NOT_FOUND:
                    return None
                raise

    def put(self, item: Item, *, is_new: bool) -> None:
        """Put an item in its place.

        Raises:
            GrafanaError: it was not taken.
        """
        with _explained(), _named(item):
            self._puts()[item.sort](item, is_new)

    def _find(self, item: Item) -> dict[str, Any]:
        match item.sort:
            case Sort.FOLDER:
                return _mapping(self._api.folder.get_folder(item.uid))
            case Sort.SOURCE:
                return _mapping(self._api.datasource.get_datasource_by_uid(item.uid))
            case Sort.BOARD:
                return _mapping(_mapping(self._api.dashboard.get_dashboard(item.uid))["dashboard"])
            case Sort.RULES:
                return _mapping(self._api.alertingprovisioning.get_rule_group(FOLDER_UID, item.uid))

    def _puts(self) -> dict[Sort, Callable[[Item, bool], object]]:
        return {
            Sort.FOLDER: self._put_folder,
            Sort.SOURCE: self._put_source,
            Sort.BOARD: self._put_board,
            Sort.RULES: self._put_rules,
        }

    def _put_folder(self, item: Item, is_new: bool) -> object:  # noqa: FBT001  # called by the table above alone
        title = item.value["title"]
        if is_new:
            return self._api.folder.create_folder(title, item.uid)
        return self._api.folder.update_folder(item.uid, title, overwrite=True)

    def _put_source(self, item: Item, is_new: bool) -> object:  # noqa: FBT001
        value = {**item.value, **({} if item.secret is None else {"secureJsonData": item.secret})}
        if is_new:
            return self._api.datasource.create_datasource(value)
        return self._api.datasource.update_datasource_by_uid(item.uid, value)

    def _put_board(self, item: Item, _is_new: bool) -> object:  # noqa: FBT001
        return self._api.dashboard.update_dashboard(
            {"dashboard": item.value, "folderUid": FOLDER_UID, "overwrite": True, "message": "aquiver boards publish"}
        )

    def _put_rules(self, item: Item, _is_new: bool) -> object:  # noqa: FBT001
        return self._api.alertingprovisioning.update_rule_group(
            FOLDER_UID, item.uid, item.value, disable_provenance=True
        )


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except GrafanaException as error:
        raise GrafanaError(f"Grafana {_words(error)}") from None
    except (RequestException, ValueError) as error:
        raise GrafanaError(
            f"Grafana cannot be reached or does not answer as it does ({type(error).__name__})"
        ) from None


@contextmanager
def _named(item: Item) -> Iterator[None]:
    try:
        yield
    except GrafanaClientError as error:
        error.message = f"{item.sort} {item.uid}: {error.message}"
        raise


def _words(error: "GrafanaException") -> str:
    match error.status_code:
        case 401 | 403:
            return (
                "refused the token: make a service account with the role Admin, and put its token into "
                "AQUIVER_GRAFANA_TOKEN or the file secrets/grafana-token"
            )
        case status:
            return f"refused with {status}: {str(error.message)[:_N_LETTERS]}"


def _mapping(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise ValueError("no mapping")  # noqa: TRY004  # foreign words, and not a caller's mistake
    return answer
