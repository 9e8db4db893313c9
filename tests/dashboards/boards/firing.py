"""The provisioned rules, and which of them fire: worked out as Grafana does, of what InfluxDB answers."""

import yaml

from dashboards.alerts.rule import SOURCE_UID
from dashboards.boards.generated import FOLDER_OF_FILES
from tests.dashboards.boards.asking import answer_of
from tests.dashboards.boards.grafana import Asked, Scope

PROVISIONED = FOLDER_OF_FILES / "provisioning"


def loaded(name: str) -> dict:
    return yaml.safe_load((PROVISIONED / name).read_text())


GROUPS = loaded("alerting/rules.yaml")["groups"]
ALL = {rule["uid"]: rule for group in GROUPS for rule in group["rules"]}
ASKED = [(uid, part) for uid, rule in ALL.items() for part in rule["data"] if part["datasourceUid"] == SOURCE_UID]


def value_at(store, part: dict, now_s: float) -> dict:
    """Give the newest value of each series, as Grafana's reduction does."""
    scope = Scope("", now_s - part["relativeTimeRange"]["from"], now_s)
    found = answer_of(store, Asked("", "", "", part["model"]["query"]).filled(scope), has_times=True)
    return {key: rows[-1][1] for key, rows in found.items()}


def firing(store, uid: str, now_s: float) -> set:
    """Work out a rule's condition, as Grafana does, for each series that has all its values."""
    parts = ALL[uid]["data"]
    values: dict[str, dict] = {}
    for part in parts[:-1]:
        if part["datasourceUid"] == SOURCE_UID:
            values[chr(ord(part["refId"]) + 1)] = value_at(store, part, now_s)
    condition = parts[-1]["model"]["expression"].replace("&&", "and")
    common = set.intersection(*(set(found) for found in values.values()))
    spelled = condition.replace("$", "")
    return {key for key in common if eval(spelled, {}, {name: found[key] for name, found in values.items()})}
