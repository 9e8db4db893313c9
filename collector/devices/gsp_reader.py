"""The packets of one Movesense subscription, whole or in two parts. Format: firmware_docs/movesense.md."""

from aquiver.driver import Frame
from aquiver.errors import DecodeError
from collector.devices.gsp import HEAD_BYTES, Resource, is_whole, samples_in, time_ms

RESULT, PACKET, SECOND_PART = 1, 2, 3  # what a Movesense says

_SHORTEST_PART = 20  # no link carries less in one notification
_WRAP_MS = 2**32


class Reader:
    """Reads the packets of one resource, and keeps a first part until its second comes."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._part = b""
        self._last_ms: int | None = None

    def first(self, data: bytes) -> tuple[Frame, ...]:
        """Read a packet, or keep its first part."""
        unfinished, self._part = self._part, b""
        if is_whole(self._resource, data):
            return (self._read(data),)
        if len(data) < _SHORTEST_PART:
            raise DecodeError(f"byte {len(data)}: the packet is cut off")
        self._part = data
        if unfinished:
            raise DecodeError(f"byte {len(unfinished)}: the packet before is cut off; no second part of it came")
        return ()

    def second(self, data: bytes) -> tuple[Frame, ...]:
        """Join a second part to its first, and read them."""
        packet, self._part = self._part + data[HEAD_BYTES:], b""
        if len(packet) == len(data) - HEAD_BYTES:
            raise DecodeError("byte 0: a second part, and no first before it")
        if not is_whole(self._resource, packet):
            raise DecodeError(f"byte {len(packet)}: both parts together are cut off")
        return (self._read(packet),)

    def _read(self, packet: bytes) -> Frame:
        samples, signal = samples_in(self._resource, packet), self._resource.signal
        first_ns = self._unwrapped_ms(time_ms(packet)) * 1_000_000
        rest_ns = round((len(samples) - 1) * 1e9 / signal.rate_hz)
        return Frame(signal.modality, samples, device_ns=first_ns + rest_ns, stamp_ns=first_ns)

    def _unwrapped_ms(self, ms: int) -> int:
        """Give the time of a packet's first sample, counted on where the wearable begins again at 0."""
        if self._last_ms is None:
            self._last_ms = ms
            return ms
        elapsed_ms = (ms - self._last_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
        if elapsed_ms <= 0:
            raise DecodeError(
                f"byte {HEAD_BYTES}: {ms} ms is not after {self._last_ms % _WRAP_MS} ms, the packet before"
            )
        self._last_ms += elapsed_ms
        return self._last_ms
