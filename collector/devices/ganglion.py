"""OpenBCI Ganglion: four EMG channels. Format: firmware_docs/ganglion.md."""

from collections.abc import Mapping

from aquiver.driver import Conversation, Decoder, Frame, Listen, Read, Write
from aquiver.errors import DecodeError, SettingsError
from aquiver.model import Channel, Modality, Signal, Unit
from collector.devices.ganglion_packet import (
    N_CHANNELS,
    PACKET_BYTES,
    RAW_END,
    RAW_ID,
    Differences,
    Values,
    are_values,
)

SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
DATA = "2d30c082-f39f-4ce6-923f-3484ea480596"
COMMAND = "2d30c083-f39f-4ce6-923f-3484ea480596"
SOFTWARE = "00002a28-0000-1000-8000-00805f9b34fb"

_ACCELEROMETER_OFF, _START, _STOP = b"N", b"b", b"s"

_UV_PER_COUNT = 1.2e6 / (8388607 * 1.5 * 51)  # reference over counts, gain of the converter, gain of the amplifier
_CHANNELS = tuple(Channel(str(number), _UV_PER_COUNT) for number in range(1, N_CHANNELS + 1))

_LAST_SAMPLES = 200  # ids above it: 201 to 205 impedance, 206 and 207 parts of a message
_LAST_KNOWN = 207
_FIRST_WIDE_VALUES = 100
_LATEST_FIRMWARE = 3
_FIRMWARES = {"2", "3"}


class Ganglion:
    """The driver. The board resets with every connection, so each one starts it again.

    Its accelerometer is left off: 10 samples a second cannot show a twitch, and its byte costs every
    EMG sample its last bit.
    """

    name = "ganglion"
    service = SERVICE
    name_prefixes = ("Ganglion", "Simblee")  # the radio chip's own name shows now and then
    is_service_shared = False
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {  # one for all, and nobody writes in it
        "firmware": "2 (differences) or 3 (values); else as the packets look, and 3 where they fit both"
    }

    def converse(self) -> Conversation:
        """Ask for the firmware, and start."""
        reader = _reader_for((yield Read(SOFTWARE)))
        yield Listen(DATA)
        yield Write(COMMAND, _ACCELEROMETER_OFF)
        yield Write(COMMAND, _START)
        return GanglionDecoder(reader)

    def assume(self, told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for firmware 3, whose packets can be read alone, until a packet tells it otherwise."""
        firmware = told.get("firmware", "")
        if firmware and firmware not in _FIRMWARES:
            raise SettingsError(f"firmware={firmware}: a Ganglion has 2 or 3")
        reader = Differences() if firmware == "2" else Values()
        return GanglionDecoder(reader, is_sure=bool(firmware))

    def farewell(self) -> tuple[Write, ...]:
        """Stop streaming."""
        return (Write(COMMAND, _STOP),)


class GanglionDecoder:
    """Reads the packets of one connection.

    What the board said of its firmware holds until its packets say otherwise. If it said nothing (not ``is_sure``), they
    are looked at more closely.
    """

    def __init__(self, reader: Differences | Values, *, is_sure: bool = True) -> None:
        self._reader = reader
        self._is_sure = is_sure
        self._newest = b""
        self._expected: int | None = None  # the number of the next sample; in its cycle at first
        self._n_lost = 0

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the EMG."""
        return (Signal(Modality.EMG, self._reader.rate_hz, Unit.MICROVOLT, self._reader.limit, _CHANNELS),)

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; none where the samples before it are needed and not known: those count as lost.

        A packet that is said twice counts once.
        """
        if characteristic == SOFTWARE and not self._is_sure:
            self._reader, self._expected, self._is_sure = _reader_for(data), None, True
        if characteristic != DATA or not _has_samples(data) or data == self._newest:
            return ()
        self._recognise(data)
        start, n = self._reader.start_of(data[0]), self._reader.n_in(data[0])
        n_missing = 0 if self._expected is None else (start - self._expected) % self._reader.n_in_cycle
        samples = self._reader.read(data, is_next=not n_missing)
        count = start if self._expected is None else self._expected + n_missing
        self._newest, self._expected = data, count + n
        self._n_lost += n_missing
        if samples is None:
            self._n_lost += n
            return ()
        n_lost, self._n_lost = self._n_lost, 0
        return (Frame(Modality.EMG, samples, n_lost, count, n_blind=self._reader.n_in_cycle),)

    def _recognise(self, data: bytes) -> None:
        """Change the reader if only the other firmware sends such a packet."""
        wanted = _sender(data, self._newest)
        if not self._is_sure and isinstance(self._reader, Values) and not are_values(data):
            wanted = Differences
        wanted = wanted or type(self._reader)
        if not isinstance(self._reader, wanted):
            self._reader, self._expected = wanted(), None


def _sender(data: bytes, before: bytes) -> type[Differences | Values] | None:
    """Say which firmware sent a packet; None if either could have."""
    if data[0] == RAW_ID:
        return Differences if data.endswith(RAW_END) else Values
    if data[0] == _LAST_SAMPLES:
        return Differences
    if data[0] == _FIRST_WIDE_VALUES and before[:1] > data[:1]:  # one's first wide packet, the other's last narrow one
        return Values
    return None


def _has_samples(data: bytes) -> bool:
    """Say whether it is a packet of samples, and not of impedances or of a message."""
    if not data:
        raise DecodeError("byte 0: a packet without bytes")
    if data[0] > _LAST_KNOWN:
        raise DecodeError(f"byte 0: packet id {data[0]}; the last that is known is {_LAST_KNOWN}")
    if data[0] > _LAST_SAMPLES:
        return False
    if len(data) != PACKET_BYTES:
        raise DecodeError(f"byte {min(len(data), PACKET_BYTES)}: samples in {len(data)} bytes, not {PACKET_BYTES}")
    return True


def _reader_for(software: bytes) -> Differences | Values:
    """Choose by the software revision: 3.x, or else 2; later ones nobody has described are refused."""
    text = software.decode("ascii", "replace").strip("\0 ")
    major = text.partition(".")[0]
    if major.isdecimal() and int(major) > _LATEST_FIRMWARE:
        raise DecodeError(f"byte 0: Ganglion firmware {text}; 2 and 3 are known")
    return Values() if major == str(_LATEST_FIRMWARE) else Differences()
