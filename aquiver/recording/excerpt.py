"""An excerpt: some samples of a recording of ours, without reading the rest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aquiver.model import Modality
from aquiver.recording.fair_copy import Axis, axis_of
from aquiver.recording.integers import read_integers
from aquiver.recording.reader import Recording
from aquiver.recording.records import RecordFile
from aquiver.recording.stretch import Stretch

Values = NDArray[np.float64]


def excerpt(
    recording: Recording,
    modality: Modality,
    channel: str,
    run: str,
    first: int,
    n_samples: int,
    axis: Axis | None = None,
) -> Values | None:
    """Give ``n_samples`` of a channel from sample ``first`` of a run on, shape (n,), in the stream's unit.

    None where the recording does not hold all of them: no such run or channel, a gap, or the end. Who reads often
    reads its axis once: that looks through all of the file.

    Raises:
        RecordingError: this is not a recording of ours.
    """
    axis = axis or axis_of(recording)
    plan = recording.plan
    assert plan is not None  # for mypy: axis_of() has refused a recording without
    held = [one for one in axis.stretches.get(modality, ()) if one.run == run]
    lane = next((one for one in plan.lanes if one.stream.modality is modality), None)
    within = [
        one for one in held if one.first_sample <= first and first + n_samples <= _joined_end(held, one.end_sample)
    ]
    if lane is None or not within:
        return None
    channels = [one.name for one in lane.stream.signal.channels]
    if channel not in channels:
        return None
    number = channels.index(channel)
    slot = within[-1].slot + first - within[-1].first_sample
    with RecordFile(recording.path, recording.header, recording.n_records) as records:
        start, stop = slot // lane.n_slots, -(-(slot + n_samples) // lane.n_slots)
        raw = b"".join(records.field(record, lane.columns[number]) for record in range(start, stop))
    integers = read_integers(np.frombuffer(raw, np.uint8), recording.header.sample_bytes)
    calibration = lane.stream.signal.channels[number]
    at = slot - start * lane.n_slots
    return integers[at : at + n_samples].astype(np.float64) * calibration.scale + calibration.offset


def _joined_end(held: Sequence[Stretch], end_sample: int) -> int:
    """Give where the samples from a stretch on end, over stretches that follow without a gap (a new clock)."""
    for one in held:
        if one.first_sample == end_sample:
            end_sample = one.end_sample
    return end_sample
