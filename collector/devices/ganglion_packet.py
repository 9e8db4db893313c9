"""The samples in a packet of a Ganglion, by either firmware. Format: firmware_docs/ganglion.md."""

from collections.abc import Sequence

import numpy as np

from aquiver.model import Samples

PACKET_BYTES = 20
N_CHANNELS = 4
RAW_ID = 0
RAW_END = b"ABCDEFG"  # only firmware 2 ends a packet so, and only its raw one

_PER_PACKET = 2
_RAW_BYTES = 3
_BITS_AFTER_ID = 8 * (PACKET_BYTES - 1)
_NARROW, _WIDE = 18, 19  # bits a field; with the accelerometer's byte in the packet, and without
_SAMPLE_BITS = 24


class Differences:
    """Firmware 2: a raw sample opens each cycle of 201, and 200 differences follow.

    A lost difference is missing in every value until the next raw sample, so those are not given.
    """

    rate_hz = 200.0
    limit = (1 << 23) - 1
    n_in_cycle = 1 + 200

    def __init__(self) -> None:
        self._newest: Samples | None = None

    def start_of(self, packet_id: int) -> int:
        """Give where in the cycle the packet's first sample stands."""
        return 0 if packet_id == RAW_ID else 1 + _PER_PACKET * ((packet_id - 1) % 100)

    def n_in(self, packet_id: int) -> int:
        """Count the packet's samples."""
        return 1 if packet_id == RAW_ID else _PER_PACKET

    def read(self, data: bytes, *, is_next: bool) -> Samples | None:
        """Give the packet's samples, shape (n, 4); None while the sample before them is not known."""
        if data[0] == RAW_ID:
            raw = [data[at : at + _RAW_BYTES] for at in range(1, 1 + N_CHANNELS * _RAW_BYTES, _RAW_BYTES)]
            samples = np.array([[int.from_bytes(each, "big", signed=True) for each in raw]], np.int32)
        elif is_next and self._newest is not None:
            n_bits = _NARROW if data[0] <= 100 else _WIDE  # noqa: PLR2004  # the last narrow id
            fields = [_signed_by_last_bit(field, n_bits) for field in _fields(data, n_bits)]
            samples = self._newest - np.cumsum(_as_samples(fields), axis=0, dtype=np.int32)
        else:
            self._newest = None
            return None
        self._newest = samples[-1:]
        return np.clip(samples, -self.limit - 1, self.limit)  # what drifts past the end has reached it


class Values:
    """Firmware 3: every sample stands for itself, without its lowest bits.

    Of 201 samples the firmware sends 200, and nothing on the wire shows where the one is missing.
    """

    rate_hz = 199.0  # 200 x 200 / 201
    limit = ((1 << 17) - 2) << 6  # the end of 18 bits; that of 19 lies 64 counts higher, and is given as this
    n_in_cycle = 200

    def start_of(self, packet_id: int) -> int:
        """Give where in the cycle the packet's first sample stands."""
        return _PER_PACKET * (packet_id % 100)

    def n_in(self, _: int) -> int:
        """Count the packet's samples."""
        return _PER_PACKET

    def read(self, data: bytes, *, is_next: bool) -> Samples:  # noqa: ARG002  # no sample needs the one before
        """Give the packet's samples, shape (2, 4)."""
        n_bits = _NARROW if data[0] < 100 else _WIDE  # noqa: PLR2004  # the first wide id
        fields = [_signed_by_first_bit(field, n_bits) for field in _fields(data, n_bits)]
        samples: Samples = _as_samples(fields) << (_SAMPLE_BITS - n_bits)
        return np.clip(samples, -self.limit, self.limit)


def are_values(data: bytes) -> bool:
    """Say whether all fields of a packet show their sign twice, in the first bit and in the last, as firmware 3 does.

    One that holds anything else passes once in 256 times, but for small differences, which always pass.
    """
    n_bits = _NARROW if data[0] < 100 else _WIDE  # noqa: PLR2004  # the first wide id
    return all((field >> (n_bits - 1)) == (field & 1) for field in _fields(data, n_bits))


def _fields(data: bytes, n_bits: int) -> list[int]:
    """Give the eight fields after the id, unsigned: four of one sample and four of the next, first bits first."""
    bits = int.from_bytes(data[1:], "big")
    ends = [_BITS_AFTER_ID - n_bits * (nth + 1) for nth in range(_PER_PACKET * N_CHANNELS)]
    return [(bits >> end) & ((1 << n_bits) - 1) for end in ends]


def _as_samples(values: Sequence[int]) -> Samples:
    return np.array(values, np.int32).reshape(_PER_PACKET, N_CHANNELS)


def _signed_by_last_bit(field: int, n_bits: int) -> int:
    """Give a difference: its last bit is the sign, and counts as a value bit all the same."""
    return field - ((field & 1) << n_bits)


def _signed_by_first_bit(field: int, n_bits: int) -> int:
    """Give a value: two's complement, but for the last bit, which repeats the sign."""
    return (field & ~1) - ((field >> (n_bits - 1)) << n_bits)
