"""The errors a caller can act on.

AquiverError
├── SettingsError      the person's file or command; the text names the key and the line
├── RecordingError     a file on disk is not what its name says
├── BundleError        a bundle of a night is none, or was changed
├── WireError          foreign or broken bytes on the bus
├── BusError           no broker, or it refused us
├── StoreError         the store cannot be opened or written
│   └── StoreAway      the server that keeps it was not reached, or refuses
├── GrafanaError       Grafana is not there, or refused us
├── DataFolderInUse    another aquiver owns this data folder
├── ChannelFailed      a channel to the wearer did not take a message
├── DecodeError        the wearable broke its own format
├── RequestRefused     somebody asked the page for what it does not give; the text says what to do
├── RefusedStream      no method can use this stream; the text says why
└── LinkLost           the wearable went away
    └── NoBluetooth    this machine has no usable Bluetooth; the text says what to do
"""


class AquiverError(Exception):
    """Say in one sentence what went wrong and what to do about it."""


class SettingsError(AquiverError):
    """A setting is unknown or wrong; the text names the key and the line."""


class RecordingError(AquiverError):
    """A recording cannot be read as what it claims to be."""


class BundleError(AquiverError):
    """A bundle of a night is none, or not as it was made; the text names the file in it."""


class WireError(AquiverError):
    """Bytes on the bus that are not one of our messages."""


class BusError(AquiverError):
    """The broker is absent or refused us."""


class StoreError(AquiverError):
    """The store cannot be opened, or does not hold what it should."""


class GrafanaError(AquiverError):
    """Grafana cannot be reached, or does not take what it is given; the text says what to do."""


class StoreAway(StoreError):
    """A server that keeps records was not reached, or refuses to take or give them; the text says what to do."""


class DataFolderInUse(AquiverError):
    """Another aquiver is already working in this data folder."""


class ChannelFailed(AquiverError):
    """A channel did not take a message; the text holds no secret."""


class DecodeError(AquiverError):
    """A wearable sent bytes that break its own format; the text names the byte."""


class RefusedStream(AquiverError):
    """A stream that no method can judge, with the reason."""


class RequestRefused(AquiverError):
    """A request that the page does not answer; ``status`` is HTTP's number for why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class LinkLost(AquiverError):
    """A wearable went away, or never answered."""


class NoBluetooth(LinkLost):
    """This machine has no usable Bluetooth adapter."""
