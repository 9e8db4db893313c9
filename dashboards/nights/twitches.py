"""The twitches of a night, a page of them at a time, each with what the wearer said of it. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Label, Modality, Twitch, Unit
from dashboards.nights.marks import Mark, key_in
from dashboards.phrases import nights as phrases
from dashboards.phrases.page import amplitude

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class TwitchRow:
    """One twitch. ``said`` is its size and how it stands to its neighbours, in words."""

    key: str
    site: Site
    modality: Modality
    onset_s: float
    duration_s: float
    amplitude: float
    unit: Unit
    snr: float
    label: Label
    said: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class TwitchPage:
    """``n_all`` twitches of a stream from a moment on, of which these are the first, oldest first.

    ``next_s`` is where the next page begins; none at the end.
    """

    n_all: int
    rows: tuple[TwitchRow, ...]
    next_s: float | None


def twitch_page(
    twitches: Sequence[Twitch], marks: Mapping[str, Mark], since_s: float, until_s: float, limit: int
) -> TwitchPage:
    """Give the twitches with onsets in ``since_s`` <= t < ``until_s``; ``twitches`` are of one stream, in order."""
    onsets_s = [one.onset_s for one in twitches]
    start, stop = bisect_left(onsets_s, since_s), bisect_left(onsets_s, until_s)
    shown = twitches[start : min(stop, start + limit)]
    end = start + len(shown)
    next_s = onsets_s[end] if end < stop else None
    return TwitchPage(stop - start, tuple(row_of(one, marks.get(key_in(one))) for one in shown), next_s)


def row_of(twitch: Twitch, mark: Mark | None) -> TwitchRow:
    """Give one twitch as it is shown."""
    size = amplitude(float(f"{twitch.amplitude:.2g}"), twitch.unit)
    return TwitchRow(
        key=key_in(twitch),
        site=twitch.site,
        modality=twitch.modality,
        onset_s=twitch.onset_s,
        duration_s=round(twitch.duration_s, 4),
        amplitude=float(f"{twitch.amplitude:.4g}"),
        unit=twitch.unit,
        snr=round(twitch.snr, 1),
        label=twitch.label,
        said=phrases.twitch(size, twitch.duration_s, twitch.snr, twitch.label),
        mark=mark,
    )
