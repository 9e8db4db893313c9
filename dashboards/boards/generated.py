"""What is generated: every file under ``dashboards/grafana`` that is made from Python, and never edited."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboards.alerts.contacts import contact_points, mute_timings, policies
from dashboards.alerts.rules import GROUPS, Group
from dashboards.alerts.yaml import yaml_of
from dashboards.phrases.boards.alerts import FOLDER

FOLDER_OF_FILES = Path(__file__).parents[1] / "grafana"
_INSTALLED = "/etc/aquiver/grafana"  # where docker-compose.yml puts these files
_MADE = "# Made by: aquiver boards render. Never edited.\n"
_YOURS = (
    '# Made by: aquiver boards render. In your own copy, put in your addresses (contacts.yaml), and take "aquiver off" out\n'
    "# of those routes (policies.yaml) that shall tell you. docs/dashboards.md says more.\n"
)


def files() -> dict[str, str]:
    """Give the text of each file by its path. Needs the SDK, which comes with the development tools."""
    from dashboards.boards.table import texts  # noqa: PLC0415  # only those who change a board have the SDK

    boards = {f"boards/{name}": text for name, text in texts().items()}
    values: Mapping[str, dict[str, Any]] = {
        "dashboards/aquiver.yaml": _provider(),
        "alerting/rules.yaml": {"apiVersion": 1, "groups": [_group(group) for group in GROUPS]},
        "alerting/contacts.yaml": contact_points(),
        "alerting/times.yaml": mute_timings(),
        "alerting/policies.yaml": policies(),
    }
    return boards | {f"provisioning/{path}": _head(path) + yaml_of(value) for path, value in values.items()}


def committed() -> dict[str, str]:
    """Give what stands in the folder now: boards and provisioning, but for the data source, which is the place's own."""
    paths = [*FOLDER_OF_FILES.glob("boards/*"), *FOLDER_OF_FILES.glob("provisioning/*/*")]
    found = {path.relative_to(FOLDER_OF_FILES).as_posix(): path for path in paths if path.is_file()}
    return {name: path.read_text() for name, path in sorted(found.items()) if "/datasources/" not in name}


def _head(path: str) -> str:
    return _YOURS if path in ("alerting/contacts.yaml", "alerting/policies.yaml") else _MADE


def _provider() -> dict[str, Any]:
    provider = {
        "name": FOLDER,
        "orgId": 1,
        "folder": FOLDER,
        "folderUid": "aquiver",
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": f"{_INSTALLED}/boards"},
    }
    return {"apiVersion": 1, "providers": [provider]}


def _group(group: Group) -> dict[str, Any]:
    rules = [rule.value() for rule in group.rules]
    return {"orgId": 1, "name": group.name, "folder": FOLDER, "interval": f"{group.every_s}s", "rules": rules}
