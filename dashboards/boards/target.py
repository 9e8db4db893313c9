"""A target: one question of a panel, as Grafana's InfluxDB data source has it."""

from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.cog import builder, variants
from grafana_foundation_sdk.models.common import DataSourceRef

SOURCE = DataSourceRef(type_val="influxdb", uid="aquiver")


@dataclass
class InfluxQuery(variants.Dataquery):
    """A question in InfluxQL. ``alias`` names its series, from tags and columns."""

    query: str
    ref_id: str
    alias: str = ""
    shape: Literal["time_series", "table"] = "time_series"

    def to_json(self) -> dict[str, object]:
        """Give it as it stands in a board."""
        return {
            "refId": self.ref_id,
            "datasource": SOURCE,
            "query": self.query,
            "rawQuery": True,
            "resultFormat": self.shape,
            **({"alias": self.alias} if self.alias else {}),
        }


class Target(builder.Builder[variants.Dataquery]):
    """Build a question, as the SDK wants it."""

    def __init__(self, query: InfluxQuery) -> None:
        self._query = query

    def build(self) -> variants.Dataquery:
        """Give the question."""
        return self._query


def series(query: str, alias: str = "", ref_id: str = "A") -> Target:
    """Ask for series over time."""
    return Target(InfluxQuery(query, ref_id, alias))


def table(query: str, ref_id: str = "A") -> Target:
    """Ask for rows."""
    return Target(InfluxQuery(query, ref_id, shape="table"))
