"""The words: every value that crosses a border between packages.

Times are UNIX seconds, durations seconds; counts start with ``n_``. A *sample* is one value per channel
at one instant; its number counts from 0 within a *run* of its stream, and a gap is a jump in that numbering.
"""

from aquiver.model.diary import MEASURES, SYMPTOMS, Answer, Entry, Heard, Measure, Note, Subject, Trial, Verb
from aquiver.model.factor import Block, Effect, Experiment, ExperimentResult, Factor, Finding
from aquiver.model.fault import Fault, FaultKind, Heartbeat, Link, ServiceState
from aquiver.model.glimpse import Glimpse
from aquiver.model.judgement import Judgement, SiteJudgement, SpreadStep, Trend, TrendWord
from aquiver.model.mark import JUDGED_KINDS, Mark, MarkKind
from aquiver.model.notice import Notice, NoticeKind, NoticeState, Receipt
from aquiver.model.parcel import Kept, Message, Parcel, Place, Position, Record, Said
from aquiver.model.record import LARGE_UV, Label, Period, Span, SpanReason, Tally, Twitch
from aquiver.model.rules import Rules
from aquiver.model.signal import Channel, Chunk, Clock, Modality, Samples, Signal, Stream, Unit
from aquiver.model.status import BandState, Status, StreamStatus

__all__ = [
    "JUDGED_KINDS",
    "LARGE_UV",
    "MEASURES",
    "SYMPTOMS",
    "Answer",
    "BandState",
    "Block",
    "Channel",
    "Chunk",
    "Clock",
    "Effect",
    "Entry",
    "Experiment",
    "ExperimentResult",
    "Factor",
    "Fault",
    "FaultKind",
    "Finding",
    "Glimpse",
    "Heard",
    "Heartbeat",
    "Judgement",
    "Kept",
    "Label",
    "Link",
    "Mark",
    "MarkKind",
    "Measure",
    "Message",
    "Modality",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "Parcel",
    "Period",
    "Place",
    "Position",
    "Receipt",
    "Record",
    "Rules",
    "Said",
    "Samples",
    "ServiceState",
    "Signal",
    "SiteJudgement",
    "Span",
    "SpanReason",
    "SpreadStep",
    "Status",
    "Stream",
    "StreamStatus",
    "Subject",
    "Tally",
    "Trend",
    "TrendWord",
    "Trial",
    "Twitch",
    "Unit",
    "Verb",
]
