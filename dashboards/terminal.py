"""The terminal view: a night as it goes on. Coverage stands beside every count."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from aquiver.model import BandState, Status
from dashboards import phrases
from dashboards.evening import Evening
from dashboards.phrases import faults as phrases_of_faults
from dashboards.site_night import ORDER, SiteNight

_STALE_S = 10.0  # older than this is a fault of the machine, and the only thing shown in red
_WAITING = (BandState.SEARCHING, BandState.CONNECTING, BandState.LOST)


def render(evening: Evening, now_s: float, notes: tuple[str, ...]) -> RenderableType:
    """Draw a night as it stands at ``now_s``, with notes about the machine below."""
    title = Text(f"aquiver — night of {evening.night}", style="bold")
    faults = [Text(one, style="red") for one in phrases_of_faults.sentences(evening.faults(), now_s)]
    troubles = [Text(trouble) for trouble in _troubles(evening)]
    lines = [Text(note, style="dim") for note in notes]
    return Group(
        title, Text(), _bands(evening, now_s), *faults, *troubles, Text(), _counts(evening, now_s), Text(), *lines
    )


def sentence(evening: Evening, now_s: float) -> str:
    """Say the same in one line, for a log or a pipe."""
    bands = [f"{status.site.words}: {_age(status, now_s)}" for status in evening.bands.values()]
    counts = [
        f"{night.site.words} {phrases.count(night.n_twitches, night.modality)}"
        f" in {phrases.duration(night.analysable_s)}"
        for night in evening.site_nights()
    ]
    faults = phrases_of_faults.sentences(evening.faults(), now_s)
    parts = ("; ".join(bands), "; ".join(counts), " ".join(_troubles(evening)), " ".join(faults))
    return " | ".join(part for part in parts if part)


def _troubles(evening: Evening) -> list[str]:
    """Say why a band is not streaming, and what to do, in the collector's words."""
    waiting = (status for status in evening.bands.values() if status.state in _WAITING and status.reason)
    return [f"{status.site.words}: {status.reason}" for status in waiting]


def _bands(evening: Evening, now_s: float) -> Table:
    table = Table(title="Bands", title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for heading in ("site", "band", "state", "newest sample", "received", "lost", "battery"):
        table.add_column(heading, header_style="dim")
    for status in sorted(evening.bands.values(), key=lambda status: ORDER[status.site]):
        table.add_row(*_band_row(status, now_s))
    return table


def _band_row(status: Status, now_s: float) -> tuple[str | Text, ...]:
    state = phrases.STATES[status.state]
    battery = "—" if status.battery_percent is None else f"{status.battery_percent:.0f} %"
    is_late = _age_s(status, now_s) > _STALE_S and status.state is not BandState.ENDED
    newest = Text(_age(status, now_s), style="red" if is_late else "")
    n_samples = sum(stream.n_samples for stream in status.streams.values())
    n_lost = sum(stream.n_lost for stream in status.streams.values())
    return status.site.words, status.device, state, newest, f"{n_samples:,}", f"{n_lost:,}", battery


def _age_s(status: Status, now_s: float) -> float:
    newest = [stream.newest_sample_s for stream in status.streams.values() if stream.newest_sample_s is not None]
    return now_s - max(newest) if newest else float("inf")


def _age(status: Status, now_s: float) -> str:
    age_s = _age_s(status, now_s)
    return phrases.age(age_s) if age_s != float("inf") else "none yet"


def _counts(evening: Evening, now_s: float) -> Table:
    table = Table(title="Tonight", title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
    for heading in ("site", "what", "count", "analysable", phrases.UNIT_OF_RATE, "last", "set aside"):
        table.add_column(heading, header_style="dim")
    for night in evening.site_nights():
        last_s = evening.last_twitch_s.get((night.device, night.modality))
        table.add_row(*_count_row(night, None if last_s is None else now_s - last_s))
    return table


def _count_row(night: SiteNight, last_ago_s: float | None) -> tuple[str | Text, ...]:
    return (
        night.site.words,
        phrases.TWITCHES[night.modality],
        Text(str(night.n_twitches), style="bold") if night.analysable_s else Text("—", style="dim"),
        phrases.duration(night.analysable_s),
        _rate(night),
        "—" if last_ago_s is None else f"{phrases.duration(max(0.0, last_ago_s))} ago",
        Text(phrases.excluded(night.excluded_s), style="dim"),
    )


def _rate(night: SiteNight) -> Text:
    rate = night.rate_per_hour
    if rate is None:
        return Text(phrases.TOO_EARLY, style="dim")
    return Text(f"{rate:.0f}")
