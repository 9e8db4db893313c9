"""The words: every value that crosses a border between packages.

Times are UNIX seconds, durations seconds; counts start with ``n_``. A *sample* is one value per channel
at one instant; its number counts from 0 within a *run* of its stream, and a gap is a jump in that numbering.
"""

from aquiver.model.fault import Fault, FaultKind, Heartbeat, Link, ServiceState
from aquiver.model.parcel import Message, Parcel, Place, Position, Record
from aquiver.model.record import Label, Period, Span, SpanReason, Tally, Twitch
from aquiver.model.signal import Channel, Chunk, Clock, Modality, Samples, Signal, Stream, Unit
from aquiver.model.status import BandState, Status, StreamStatus

__all__ = [
    "BandState",
    "Channel",
    "Chunk",
    "Clock",
    "Fault",
    "FaultKind",
    "Heartbeat",
    "Label",
    "Link",
    "Message",
    "Modality",
    "Parcel",
    "Period",
    "Place",
    "Position",
    "Record",
    "Samples",
    "ServiceState",
    "Signal",
    "Span",
    "SpanReason",
    "Status",
    "Stream",
    "StreamStatus",
    "Tally",
    "Twitch",
    "Unit",
]
