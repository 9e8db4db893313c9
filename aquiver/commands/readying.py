"""Readying: whether all is ready for the night, judged from the night that runs already."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from aquiver.commands.ground import Watch, bytes_of_night, free_bytes, hours_until, store_trouble
from aquiver.model import Link, Modality, SpanReason, Status, Stream, Tally, Unit
from aquiver.settings import BandSettings, Settings
from dashboards.evening import Evening
from dashboards.phrases import faults as phrases_of_faults
from dashboards.phrases import readiness as phrases
from dashboards.readiness import BandFacts, Finding, MachineFacts, StreamFacts, judge

_LOOKED_AT_S = 150.0  # minutes that began so long ago or less say how a band is now
_SILENT_S = 10.0
_LATE_S = 150.0  # a tally comes every minute, some seconds late


class Readying:
    """Judge with the same rules as aquiver check, without taking the bands from the night that has them."""

    def __init__(self, settings: Settings, evening: Evening, streams: Callable[[], Sequence[Stream]]) -> None:
        self._settings = settings
        self._evening = evening
        self._streams = streams
        self._watch = Watch.now()

    async def __call__(self, morning: str) -> Sequence[Finding]:
        """Judge everything until a morning, ``HH:MM``."""
        now = datetime.now(self._settings.zone)
        night_h = hours_until(morning, now)
        bands = tuple(self._band(band, now.timestamp()) for band in self._settings.band)
        return judge(bands, await self._machine(now, night_h), night_h)

    async def _machine(self, now: datetime, night_h: float) -> MachineFacts:
        settings, before, self._watch = self._settings, self._watch, Watch.now()
        store, ahead_s = await asyncio.to_thread(store_trouble, settings, time.time())
        counted_s = max((_end_s(minute) for minute in self._evening.minutes()), default=None)
        age_s = None if counted_s is None else max(0.0, now.timestamp() - counted_s)
        chain = self._trouble(now.timestamp(), Link.COLLECTOR, Link.DETECTOR, Link.STORE)
        return MachineFacts(
            local_time=f"{now:%H:%M on %A, %Y-%m-%d} ({settings.zone.key})",
            clock_step_s=before.step_s(self._watch),
            newest_ahead_s=ahead_s,
            free_bytes=await asyncio.to_thread(free_bytes, settings.folder),
            needed_bytes=bytes_of_night(self._streams(), night_h),
            broker=self._trouble(now.timestamp(), Link.BROKER),
            store=store,
            chain=chain or (phrases.NOT_COUNTED_YET if age_s is None or age_s > _LATE_S else ""),
            chain_s=0.0,
            chain_words=phrases.counted(age_s or 0.0),
        )

    def _trouble(self, now_s: float, *links: Link) -> str:
        """Say what is broken of these links; nothing where nothing is."""
        mine = (fault for fault in self._evening.faults() if fault.link in links)
        return next((phrases_of_faults.what(fault, now_s) for fault in mine), "")

    def _band(self, band: BandSettings, now_s: float) -> BandFacts:
        status = self._evening.bands.get(band.device)
        streams = tuple(self._heard(status, now_s)) if status is not None else ()
        return BandFacts(
            device=band.device,
            site=band.site,
            reason=status.reason if status is not None else "",
            battery_percent=status.battery_percent if status is not None else None,
            battery_h=band.battery_h,
            n_malformed=status.n_malformed if status is not None else 0,
            streams=streams,
        )

    def _heard(self, status: Status, now_s: float) -> list[StreamFacts]:
        """Give the streams that are heard now; none of a band that fell silent."""
        times_s = [one.newest_sample_s for one in status.streams.values() if one.newest_sample_s is not None]
        if not times_s or now_s - max(times_s) > _SILENT_S:
            return []
        return [self._stream(status, modality, now_s) for modality in sorted(status.streams)]

    def _stream(self, status: Status, modality: Modality, now_s: float) -> StreamFacts:
        lately = [
            minute
            for minute in self._evening.minutes()
            if (minute.device, minute.modality) == (status.device, modality) and minute.start_s > now_s - _LOOKED_AT_S
        ]
        excluded_s: dict[SpanReason, float] = {}
        for minute in lately:
            for reason, length_s in minute.excluded_s.items():
                excluded_s[reason] = excluded_s.get(reason, 0.0) + length_s
        analysable_s = sum(minute.analysable_s for minute in lately)
        told_s = analysable_s + sum(excluded_s.values())
        return StreamFacts(
            modality=modality,
            analysable_s=analysable_s,
            excluded_s=excluded_s,
            lost_share=excluded_s.get(SpanReason.GAP, 0.0) / told_s if told_s else 0.0,
            floor=lately[-1].floor if lately else 0.0,
            unit=lately[-1].unit if lately else Unit.COUNT,
            stuck=status.streams[modality].stuck,
        )


def _end_s(minute: Tally) -> float:
    return minute.start_s + min(60.0, minute.analysable_s + sum(minute.excluded_s.values()))
