"""Packs samples as the two firmwares of a Ganglion do, in strings of bits. Format: firmware_docs/ganglion.md.

It shares nothing with the decoder, on purpose: a slip in either must show.
"""

from collections.abc import Sequence
from typing import Protocol

_CYCLE = 201  # samples the board counts before it begins again
_WIDE_IDS = 100  # what is added to a packet's id while the accelerometer is off
_RESTING = {1: 0, 2: 0, 3: 64}  # x, y, z of 1 g, each in its own packets of ten


class Packer(Protocol):
    """Joins samples to packets, and forgets none but where the real one does."""

    def feed(self, sample: Sequence[int]) -> bytes | None:
        """Take the next sample of four channels; give the packet it completes, if it completes one."""
        ...


class DifferencePacker:
    """Firmware 2: a raw sample, then 200 differences in pairs."""

    def __init__(self, *, has_accelerometer: bool) -> None:
        self._tail = _Tail(has_accelerometer=has_accelerometer)
        self._number = 0
        self._before: Sequence[int] = ()
        self._first = ""

    def feed(self, sample: Sequence[int]) -> bytes | None:
        """Take the next sample of four channels; give the packet it completes, if it completes one."""
        number, self._number = self._number, (self._number + 1) % _CYCLE
        before, self._before = self._before, sample
        if number == 0:
            return b"\0" + b"".join(value.to_bytes(3, "big", signed=True) for value in sample) + b"ABCDEFG"
        bits = "".join(_difference(old - new, self._tail.n_bits) for old, new in zip(before, sample, strict=True))
        if number % 2:
            self._first = bits
            return None
        return self._tail.packet(number // 2, self._first + bits)


class ValuePacker:
    """Firmware 3: values in pairs; the last of 201 is packed and never sent."""

    def __init__(self, *, has_accelerometer: bool) -> None:
        self._tail = _Tail(has_accelerometer=has_accelerometer)
        self._number = 0
        self._first = ""

    def feed(self, sample: Sequence[int]) -> bytes | None:
        """Take the next sample of four channels; give the packet it completes, if it completes one."""
        number, self._number = self._number, (self._number + 1) % _CYCLE
        bits = "".join(_value(value, self._tail.n_bits) for value in sample)
        if number % 2 == 0:
            self._first = bits
            return None
        return self._tail.packet(number // 2, self._first + bits)


class _Tail:
    """What the accelerometer changes: the ids, the width of a field, and the last byte."""

    def __init__(self, *, has_accelerometer: bool) -> None:
        self.n_bits = 18 if has_accelerometer else 19
        self._first_id = 0 if has_accelerometer else _WIDE_IDS
        self._has_accelerometer = has_accelerometer
        self._axis = 0  # of the packets of ten, seven repeat the last axis

    def packet(self, number: int, bits: str) -> bytes:
        """Give the packet of this number in its cycle."""
        samples = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
        if not self._has_accelerometer:
            return bytes([self._first_id + number]) + samples
        self._axis = _RESTING.get(number % 10, self._axis)
        return bytes([number]) + samples + bytes([self._axis])


def _difference(value: int, n_bits: int) -> str:
    """Spell the lowest bits, and the sign in place of the very last.

    >>> _difference(-4, 18), _difference(5, 18)
    ('111111111111111101', '000000000000000100')
    """
    return f"{value % (1 << n_bits):0{n_bits}b}"[:-1] + "01"[value < 0]


def _value(value: int, n_bits: int) -> str:
    """Spell the highest bits of 24, and the sign in place of the last.

    >>> _value(-256, 18), _value(704, 18)
    ('111111111111111101', '000000000000001010')
    """
    bits = f"{value % (1 << 24):024b}"[:n_bits]
    return bits[:-1] + bits[0]
