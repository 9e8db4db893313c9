"""The schema: which tags and fields the points of each measurement have, for those who ask for them by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from aquiver.model import SpanReason

_PLACE = frozenset({"device", "modality", "region", "site", "wearer"})
_WHERE = frozenset({"night", "region_f", "site_f", "body"})
_LOST = frozenset(f"{reason}_s" for reason in SpanReason)
_WINDOWS = frozenset(f"{what}_{n}" for what in ("n_valid", "n_positive") for n in (14, 28))


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a measurement's tags and fields. Not each point has each of them."""

    tags: frozenset[str]
    fields: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Give both."""
        return self.tags | self.fields


def _columns(tags: frozenset[str] | set[str], fields: frozenset[str], *more: str) -> Columns:
    return Columns(frozenset(tags), fields | frozenset(more))


SCHEMA: Mapping[str, Columns] = {
    "twitch": _columns(_PLACE | {"channel"}, _WHERE, "amplitude", "duration_s", "label", "snr", "unit"),
    "span": _columns(_PLACE | {"reason"}, _WHERE, "duration_s"),
    "tally": _columns(
        _PLACE | {"period"},
        _WHERE | _LOST,
        *("analysable_s", "excluded_s", "n_twitches", "n_large", "floor", "is_final", "day"),
        *("rate_per_hour", "low_per_hour", "high_per_hour"),
    ),
    "notice": _columns({"wearer"}, _WHERE, "kind", "state"),
    "note": _columns({"wearer"}, frozenset({"body", "night"}), "amount", "is_removed", "subject"),
    "answer": _columns({"wearer"}, frozenset({"body"}), "verb"),
    "trial": _columns({"wearer"}, frozenset({"body"}), "is_stopped"),
    "fault": _columns(
        {"fault", "reporter", "subject", "wearer"},
        frozenset({"body", "night"}),
        *("is_open", "lasted_s", "link", "reason", "site_f"),
    ),
    "band": _columns(
        _PLACE,
        frozenset({"digest", "night"}),
        *("state", "reason", "is_running", "silent_s", "newest_ms", "battery_percent", "rssi_dbm", "residual_s"),
        *("n_samples", "n_lost", "n_stuck", "n_malformed", "n_waiting", "delay_s"),
    ),
    "judged": _columns(
        {"region", "site", "wearer"},
        frozenset({"digest", "night", "site_f"}) | _WINDOWS,
        *("state", "shade", "middle_shade", "modality_f", "n_twitches", "analysable_s", "is_final"),
        *("rate_per_hour", "low_per_hour", "high_per_hour", "floor_per_hour", "median_per_hour"),
        *("usual_low_per_hour", "usual_high_per_hour", "line_per_hour", "analysable_14_s", "analysable_28_s"),
        *("recurrent", "persistent", "new_region", "changed", "persistent_open", "new_region_open", "changed_open"),
        *("trend", "trend_nights", "trend_ratio", "trend_low", "trend_high"),
    ),
    "region": _columns(
        {"region", "wearer"}, frozenset({"digest", "night", "region_f"}), "state", "n_sites", "analysable_s"
    ),
    "week": _columns(
        {"wearer"},
        frozenset({"digest", "night"}),
        *("n_regions_measured", "n_regions_positive", "n_sites_measured", "n_sites_positive", "analysable_s"),
    ),
    "step": _columns(
        {"region", "site", "wearer"},
        frozenset({"digest", "night", "region_f", "site_f"}),
        *("place", "n_regions", "measured_since", "was_quiet_before"),
    ),
}
