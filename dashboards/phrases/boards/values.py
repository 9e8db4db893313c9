"""Values in words: what a cell of a board says."""

from collections.abc import Mapping

from dashboards.marks.shade import Shade
from dashboards.report.facts import NightState

SHADES: Mapping[Shade, str] = {
    Shade.NOT_MEASURED: "not measured",
    Shade.TOO_LITTLE: "too little data to say",
    Shade.UNDER_5: "under 5 an hour",
    Shade.FROM_5: "5 to 20 an hour",
    Shade.FROM_20: "20 to 60 an hour",
    Shade.FROM_60: "60 to 150 an hour",
    Shade.FROM_150: "150 an hour or more",
}
NIGHT_STATES: Mapping[NightState, str] = {
    NightState.NOT_MEASURED: "not measured",
    NightState.TOO_LITTLE: "too little data to say",
    NightState.BELOW: "not above the floor",
    NightState.POSITIVE: "twitches",
}
KNOWN: Mapping[str, str] = {"yes": "yes", "no": "no", "too_early": "too early to say", "not_known": "not known"}
TRUTHS: Mapping[str, str] = {"true": "yes", "false": "no"}
