"""The sentences of the page for the doctor. They say what was measured; there is no verdict among them."""

from collections.abc import Mapping, Sequence
from datetime import date

from aquiver.model import Modality, NoticeKind, Rules, Trend, TrendWord
from dashboards.phrases import card
from dashboards.report.facts import NightState, SiteFacts, Wave

TITLE = "Muscle twitches, counted at night"
LEAD = (
    "Counts by sensors on the skin, worn at home. This page says what was measured, how long, and what was not. "
    "It names no cause and gives no verdict."
)
IN_SHORT = "In short"
WHERE = "Where, and how much"
WORN = "What was worn where, and how long"
NIGHTS = "Twitches per analysable hour, night by night"
NIGHTS_NOTE = (
    "Each dot is a night with its 95 % interval; each site has its own scale. Grey: not measured, which is not zero. "
    "Floor: the site's own rate of false events. The dashed line (Theil-Sen) comes once there are nights enough."
)
ORDER = "In what order sites were positive"
ORDER_NOTE = (
    "Dark cells are positive nights: the lower end of the interval lies above the site's own floor of false events. "
    "The mark is the night since which a site counts; a stray night is none. New can only be what was measured before."
)
DIARY = "Diary of the wearer"
SYMPTOMS = "Symptoms the wearer noted"
WAVES = "Typical waveforms"
WAVES_NOTE = (
    "Five twitches of each site from the middle of the range of sizes, as recorded (mean removed), at one scale a site."
)
METHOD = "Method"
LIMITS = "Limits"
CARD = "For the wearer: when to see a doctor"
NO_WAVES = "no raw samples of these nights are kept"
NO_SYMPTOM = "None was noted. An empty diary does not mean that there were none."
NO_DIARY = "Nothing was noted."
NOT_MEASURED = "not measured"
LEFT_SIDE = "wearer's left"
RIGHT_SIDE = "wearer's right"
LEGEND_POSITIVE = "positive night"
LEGEND_BELOW = "not above the floor"
LEGEND_TOO_LITTLE = "too little to say"
LEGEND_FLOOR = "floor"
LEGEND_LINE = "line through the nights"
LEGEND_POSITIVE_NIGHT = "positive"
LEGEND_BELOW_NIGHT = "not above the floor"
LEGEND_FIRST = "positive since"
SENSORS: Mapping[Modality, str] = {
    Modality.EMG: "EMG",
    Modality.ACCELEROMETER: "accelerometer",
    Modality.ECG: "ECG",
}
TREND_WORDS: Mapping[TrendWord, str] = {
    TrendWord.TOO_EARLY: "too early to say",
    TrendWord.TOO_FEW: "too few twitches to say",
    TrendWord.STEADY: "no change seen",
    TrendWord.CHANGED: "changed",
}
HELD: Mapping[NoticeKind, str] = {
    NoticeKind.PERSISTENT: "persistent",
    NoticeKind.NEW_REGION: "new region",
    NoticeKind.CHANGED: "changed",
}
COLUMNS = (
    "Site",
    "Nights worn",
    "Valid nights",
    "Analysable",
    "Twitches per hour: median (middle half)",
    "Positive nights",
    "Factor in 4 weeks (95 % interval), p",
    "Change",
)
DIARY_COLUMNS = ("Noted", "Days", "Median", "From", "To")
SYMPTOM_COLUMNS = ("Symptom", "Where", "Notes", "First", "Last")
LIMIT_LINES = (
    "The detector was tested on simulated potentials and on recordings without labels. What it misses is unknown.",
    "A sensor sees the muscle below it and no other. A site without a sensor is not measured, never quiet.",
    "An accelerometer counts only twitches that move the skin. Its counts and those of EMG are never added.",
    "Short twitches while falling asleep happen in everyone and look the same to a sensor.",
    "Sweat, a loose band or another position change counts. The nights are compared with the wearer's own nights only.",
)


def day(night: str) -> str:
    """Say a date shortly.

    >>> day("2026-11-05")
    '5 Nov'
    """
    found = date.fromisoformat(night)
    return f"{found.day} {found:%b}"


def full_day(night: str) -> str:
    """Say a date with its year.

    >>> full_day("2026-11-05")
    '5 Nov 2026'
    """
    return f"{day(night)} {night[:4]}"


def subtitle(wearer: str, first: str, last: str) -> str:
    """Say whose nights, and which.

    >>> subtitle("me", "2026-09-01", "2026-11-23")
    'Wearer “me” · nights from 1 Sep 2026 to 23 Nov 2026'
    """
    return f"Wearer “{wearer}” · nights from {full_day(first)} to {full_day(last)}"


def coverage(n_measured: int, n_nights: int, hours: float) -> str:
    """Say how much was measured, before anything else.

    >>> coverage(76, 84, 412.4)
    'Something was measured on 76 of 84 nights: 412 analysable hours over all sites.'
    """
    return (
        f"Something was measured on {n_measured} of {n_nights} nights: {_hours(hours)} analysable hours over all sites."
    )


def analysable(analysable_s: float, worn_s: float) -> str:
    """Say how many hours of those worn could be analysed.

    >>> analysable(1_332_000.0, 1_461_600.0), analysable(60.0, 120.0)
    ('370 of 406 h', '0.0 of 0.0 h')
    """
    return f"{_hours(analysable_s / 3600)} of {_hours(worn_s / 3600)} h"


def positive(sites: Sequence[SiteFacts]) -> str:
    """Say on how many nights each site was positive."""
    if not sites:
        return "No site was measured."
    counts = (f"{one.site.words} {one.count(NightState.POSITIVE)} of {one.n_valid}" for one in sites)
    return f"Positive nights, of those valid: {', '.join(counts)}."


def held(kind: NoticeKind, where: Sequence[tuple[str, str]]) -> str:
    """Say where a definition holds, and since when.

    >>> held(NoticeKind.PERSISTENT, [("left calf", "2026-10-02")])
    'Persistent, as defined under Method: left calf since 2 Oct.'
    """
    places = ", ".join(f"{words} since {day(night)}" for words, night in where)
    return f"{HELD[kind].capitalize()}, as defined under Method: {places}."


def ended(kind: NoticeKind, where: Sequence[tuple[str, str]]) -> str:
    """Say where a definition has ceased to hold.

    >>> ended(NoticeKind.CHANGED, [("left calf", "2026-10-02")])
    'No longer changed: left calf, from 2 Oct on.'
    """
    places = ", ".join(f"{words}, from {day(night)} on" for words, night in where)
    return f"No longer {HELD[kind]}: {places}."


def noted(names: Sequence[str]) -> str:
    """Name the symptoms that the wearer noted.

    >>> noted(["weakness"]), noted([])
    ('The wearer noted: weakness.', 'The wearer noted no symptom, which does not mean that there was none.')
    """
    if not names:
        return "The wearer noted no symptom, which does not mean that there was none."
    return f"The wearer noted: {', '.join(names)}."


def spread(words: str, night: str, since: str, *, is_spread: bool) -> str:
    """Say since when a site is positive, and whether that is new or may have been so before it was measured.

    >>> spread("right hand", "2026-10-12", "2026-09-01", is_spread=True)
    'Right hand: positive since 12 Oct, new there (measured since 1 Sep).'
    >>> spread("left calf", "2026-09-03", "2026-09-01", is_spread=False)
    'Left calf: positive since 3 Sep, not counted as new (measured since 1 Sep).'
    """
    news = "new there" if is_spread else "not counted as new"
    return f"{words.capitalize()}: positive since {day(night)}, {news} (measured since {day(since)})."


def others(words: Sequence[str]) -> str:
    """Name sites that the page has no room for.

    >>> others(["left foot"])
    'Measured too, but not shown here for want of room: left foot.'
    """
    return f"Measured too, but not shown here for want of room: {', '.join(words)}."


def median_short(middle: tuple[float, float, float] | None) -> str:
    """Say a median rate beside the body map.

    >>> median_short((10.0, 21.4, 30.0)), median_short(None)
    ('21 per hour', 'too little to say')
    """
    return LEGEND_TOO_LITTLE if middle is None else f"{number(middle[1])} per hour"


def number(value: float) -> str:
    """Say a rate with the digits it deserves.

    >>> number(0.42), number(5.26), number(21.4)
    ('0.4', '5.3', '21')
    """
    few = 9.95
    return f"{value:.1f}" if value < few else f"{value:.0f}"


def middle(values: tuple[float, float, float] | None) -> str:
    """Say a median with the middle half of nights.

    >>> middle((10.0, 21.4, 30.0)), middle(None)
    ('21 (10–30)', 'too little to say')
    """
    if values is None:
        return LEGEND_TOO_LITTLE
    low, median, high = map(number, values)
    return f"{median} ({low}–{high})"


def factor(found: Trend | None, rules: Rules) -> str:
    """Say by what factor a rate changes in four weeks; while it is too early, how many nights there are.

    >>> factor(Trend(TrendWord.TOO_EARLY, "2026-11-22", 12), Rules())
    '12 of 28 nights'
    >>> factor(Trend(TrendWord.STEADY, "2026-11-22", 40, 1.1, 0.95, 1.3, 0.21), Rules())
    '× 1.10 (0.95–1.30), 0.21'
    """
    n_nights = 0 if found is None else found.n_nights
    if found is None or found.ratio is None or found.ratio_low is None or found.ratio_high is None:
        return f"{n_nights} of {rules.trend_nights} nights" if n_nights < rules.trend_nights else "–"
    interval = f"× {found.ratio:.2f} ({found.ratio_low:.2f}–{found.ratio_high:.2f})"
    return interval if found.p_value is None else f"{interval}, {_probability(found.p_value)}"


def trend(found: Trend | None) -> str:
    """Say what a look at the trend says.

    >>> trend(None), trend(Trend(TrendWord.STEADY, "2026-11-22", 40))
    ('too early to say', 'no change seen')
    """
    return TREND_WORDS[TrendWord.TOO_EARLY if found is None else found.word]


def amplitude(value: float, unit: str) -> str:
    """Say the height of a scale bar.

    >>> amplitude(50.0, "uV"), amplitude(0.02, "g"), amplitude(30.0, "count")
    ('50 µV', '20 mg', '30 counts')
    """
    if unit == "uV":
        return f"{value:g} µV"
    return f"{value * 1000:g} mg" if unit == "g" else f"{value:g} counts"


def milliseconds(length_s: float) -> str:
    """Say the length of a scale bar.

    >>> milliseconds(0.02)
    '20 ms'
    """
    return f"{length_s * 1000:g} ms"


def wave(one: Wave) -> str:
    """Say when a twitch was, and how large."""
    return f"{day(one.night)} · {amplitude(float(f'{one.peak_to_peak:.2g}'), one.unit)}"


def card_lines() -> tuple[str, ...]:
    """Give the symptom card in a few lines: the same for everyone, whatever was counted."""
    return (card.NOW, f"{card.SOON} {'; '.join(sign for sign in card.SIGNS if 'see above' not in sign)}.", card.MENTION)


def _hours(value: float) -> str:
    few = 10.0
    return f"{value:.1f}" if value < few else f"{value:.0f}"


def _probability(value: float) -> str:
    least, clear = 0.001, 0.1
    return "< 0.001" if value < least else f"{value:.3f}" if value < clear else f"{value:.2f}"
