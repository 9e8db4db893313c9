"""Snapshots: the state of an engine as bytes, exact to the last bit."""

from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from aquiver.errors import StoreError

_State = TypeVar("_State")
_Array = tuple[str, tuple[int, ...], bytes]  # type with byte order, shape, contents in C order


def to_bytes(state: msgspec.Struct) -> bytes:
    """Write a state as MessagePack of plain values and raw array bytes."""
    return msgspec.msgpack.encode(state, enc_hook=_from_array)


def from_bytes(data: bytes, kind: type[_State]) -> _State:
    """Read a state back.

    Raises:
        StoreError: the bytes are no such state, or of another version.
    """
    try:
        return msgspec.msgpack.decode(data, type=kind, dec_hook=_to_array)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise StoreError(f"The detector's snapshot cannot be read: {error}") from error


def _from_array(value: object) -> _Array:
    assert isinstance(value, np.ndarray)  # nothing else in a state is foreign to MessagePack
    return value.dtype.str, value.shape, value.tobytes()


def _to_array(_kind: type, value: object) -> NDArray[np.generic]:
    dtype, shape, contents = msgspec.convert(value, _Array)
    return np.frombuffer(contents, dtype).reshape(shape).copy()
