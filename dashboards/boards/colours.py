"""Colours of the boards: shades of one hue for more and less, grey for no data, red for faults of the machine alone.

Chosen to be told apart on a light and on a dark ground, and by those who see no red or green.
"""

from collections.abc import Mapping

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMapping, ValueMappingResult

from dashboards.marks.shade import Shade
from dashboards.phrases import STATES
from dashboards.phrases.boards.values import KNOWN, NIGHT_STATES, SHADES, TRUTHS
from dashboards.phrases.page import TREND_WORDS
from dashboards.report.facts import NightState

NOT_MEASURED = "#8e8e8e"
TOO_LITTLE = "#bdbdbd"
FAULT = "#c4162a"
DEEP = "#1f5c99"
PALE = "#a9c8e4"
_SHADE_COLOURS: Mapping[Shade, str] = {
    Shade.NOT_MEASURED: NOT_MEASURED,
    Shade.TOO_LITTLE: TOO_LITTLE,
    Shade.UNDER_5: "#d7e5f2",
    Shade.FROM_5: PALE,
    Shade.FROM_20: "#74a6d2",
    Shade.FROM_60: "#4483bd",
    Shade.FROM_150: DEEP,
}
_STATE_COLOURS: Mapping[NightState, str] = {
    NightState.NOT_MEASURED: NOT_MEASURED,
    NightState.TOO_LITTLE: TOO_LITTLE,
    NightState.BELOW: PALE,
    NightState.POSITIVE: DEEP,
}
_BAND_COLOURS = {
    "searching": TOO_LITTLE,
    "connecting": TOO_LITTLE,
    "streaming": DEEP,
    "lost": FAULT,
    "ended": TOO_LITTLE,
}


def shades() -> list[ValueMapping]:
    """Colour and name the classes of a rate."""
    return [_mapped({shade.value: (SHADES[shade], colour) for shade, colour in _SHADE_COLOURS.items()})]


def night_states() -> list[ValueMapping]:
    """Colour and name what is known of a night."""
    return [_mapped({state.value: (NIGHT_STATES[state], colour) for state, colour in _STATE_COLOURS.items()})]


def band_states() -> list[ValueMapping]:
    """Colour and name what the collector does about a band."""
    return [_mapped({state.value: (words, _BAND_COLOURS[state.value]) for state, words in STATES.items()})]


def answers() -> list[ValueMapping]:
    """Name yes, no, and that it is too early to say; without colours, for none of them is a verdict."""
    return [_mapped({value: (words, None) for value, words in {**KNOWN, **TRUTHS}.items()})]


def trends() -> list[ValueMapping]:
    """Name what a weekly look found."""
    return [_mapped({word.value: (words, None) for word, words in TREND_WORDS.items()})]


def _mapped(values: Mapping[str, tuple[str, str | None]]) -> ValueMapping:
    results = {
        value: ValueMappingResult(text=words, color=colour, index=index)
        for index, (value, (words, colour)) in enumerate(values.items())
    }
    return ValueMap(options=results)


def faults() -> list[ValueMapping]:
    """Colour what is still broken."""
    return [_mapped({"true": (TRUTHS["true"], FAULT), "false": (TRUTHS["false"], None)})]
