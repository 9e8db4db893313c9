"""A Movesense that somebody else subscribed to. Format: firmware_docs/movesense.md."""

from collections.abc import Mapping

import numpy as np

from aquiver.driver import Frame
from aquiver.errors import DecodeError, SettingsError
from aquiver.model import Signal
from collector.devices.gsp import HEAD_BYTES, SAMPLES_AT, Resource, resource_at
from collector.devices.gsp_reader import PACKET, RESULT, SECOND_PART, Reader

COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"
SUBSCRIBE = 1

UNKNOWNS: Mapping[str, str] = {
    "path": "what was subscribed to, as /Meas/Acc/52; else by the form of each packet, acceleration first",
}

_USUAL = ("/Meas/Acc/104", "/Meas/ECG/125/mV")
_ECG_BYTES = {32: "/Meas/ECG/125/mV", 64: "/Meas/ECG/125"}  # 16 samples
_AXES_BYTES = 12
_HZ_PER_SAMPLE = 13  # acceleration comes 13 times a second, in as many samples as that takes
_IMU_BYTES = {96: "/Meas/IMU6/52", 144: "/Meas/IMU9/52"}  # or 8, or 12, samples of acceleration
_STILL_MS2 = (7.0, 13.0)


class OverheardMovesense:
    """Reads packets under any reference. A reference stands for what it was subscribed to, where that was heard."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._readers: dict[int, Reader] = {}
        self._unread: dict[int, str] = {}
        self._parts: dict[int, bytes] = {}
        self._path = told.get("path")
        self._signals = {one.modality: one for one in (resource_at(path).signal for path in _USUAL)}
        if self._path is not None:
            try:
                self._choose(self._path)
            except DecodeError as error:
                raise SettingsError(f"path={error}") from error

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the acceleration and the ECG, as they were last heard."""
        return tuple(self._signals.values())

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; learn from subscriptions.

        Raises:
            DecodeError: it breaks the format, or is of another sensor.
        """
        if characteristic == COMMAND:
            self._learn(data)
        if characteristic != DATA:
            return ()
        if len(data) < HEAD_BYTES:
            raise DecodeError(f"byte {len(data)}: the message ends within its header")
        kind, reference = data[:HEAD_BYTES]
        if kind == RESULT:
            return ()
        if kind not in (PACKET, SECOND_PART):
            raise DecodeError(f"byte 0: unknown kind of message {kind}")
        if reference in self._unread:
            raise DecodeError(f"byte 1: reference {reference} is {self._unread[reference]}")
        if reference in self._readers:
            reader = self._readers[reference]
            return reader.first(data) if kind == PACKET else reader.second(data)
        return self._guessed(kind, reference, data)

    def _guessed(self, kind: int, reference: int, data: bytes) -> tuple[Frame, ...]:
        if kind == SECOND_PART:
            data = self._parts.pop(reference, b"") + data[HEAD_BYTES:]
        if data[:1] != bytes([PACKET]):
            raise DecodeError("byte 0: a second part, and no first before it")
        path = self._path or _guess(data)
        if path is None:
            self._parts[reference] = data
            return ()
        reader = self._readers[reference] = Reader(self._choose(path))
        return reader.first(data)

    def _learn(self, command: bytes) -> None:
        if len(command) > HEAD_BYTES and command[0] == SUBSCRIBE:
            reference, path = command[1], command[HEAD_BYTES:].decode("ascii", "replace").strip("\0 ")
            try:
                self._readers[reference] = Reader(self._choose(path))
            except DecodeError as error:
                self._unread[reference] = str(error)

    def _choose(self, path: str) -> Resource:
        resource = resource_at(path)
        self._signals[resource.signal.modality] = resource.signal
        return resource


def _guess(packet: bytes) -> str | None:
    """Name a path whose packets look so; None if there is none."""
    n_bytes = len(packet) - SAMPLES_AT
    if n_bytes in _ECG_BYTES:
        return _ECG_BYTES[n_bytes]
    if n_bytes <= 0 or n_bytes % _AXES_BYTES:
        return None
    if n_bytes in _IMU_BYTES and _ends_in_other_sensors(packet, n_bytes // 48):
        return _IMU_BYTES[n_bytes]
    return f"/Meas/Acc/{_HZ_PER_SAMPLE * (n_bytes // _AXES_BYTES)}"


def _ends_in_other_sensors(packet: bytes, n_sensors: int) -> bool:
    """Tell whether only the first of a packet's equal parts feels gravity."""
    values = np.frombuffer(packet, "<f4", offset=SAMPLES_AT).astype(np.float64).reshape(n_sensors, -1, 3)
    low, high = _STILL_MS2
    norms = np.linalg.norm(values, axis=2)
    feels = ((norms >= low) & (norms <= high)).all(axis=1)
    return bool(feels[0]) and not feels[1:].any()
