"""Glimpses: bursts told as they come, to be seen and never counted."""

from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model.signal import Modality, Unit


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A burst that may turn out to be a twitch. No gate has judged it, nothing keeps it, no tally counts it.

    ``amplitude`` is peak to peak in ``unit``, as far as the burst had come when it was told.
    """

    wearer: str
    device: str
    site: Site
    modality: Modality
    onset_s: float
    channel: str
    amplitude: float
    unit: Unit
