"""Limits: how long each sign of life may be missing. Every fault is named within 30 s of its cause."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, but for the battery's percent."""

    silent_s: float = 20.0  # a band that reconnects on its own does so in less, mostly
    starting_s: float = 60.0  # a band that was never heard: searching and pairing take their time
    heartbeat_s: float = 15.0  # heartbeats come every 2 s
    gone_s: float = 10.0  # the broker says that it is gone; a restart, or coming back after sleep, takes less
    echo_s: float = (
        10.0  # our own heartbeat, there and back; sooner than others are missed, for without a broker all are
    )
    confirm_s: float = 20.0  # a consumer confirms every half second
    records_s: float = 150.0  # a tally comes every minute, some seconds late
    battery_percent: float = 10.0
    battery_again_percent: float = 15.0  # charged: a gauge that wavers does not raise it twice
    battery_empty_percent: float = 5.0

    def faster(self, factor: float) -> "Limits":
        """Give the same limits for a world that goes faster."""
        return Limits(
            silent_s=self.silent_s / factor,
            starting_s=self.starting_s / factor,
            heartbeat_s=self.heartbeat_s / factor,
            gone_s=self.gone_s / factor,
            echo_s=self.echo_s / factor,
            confirm_s=self.confirm_s / factor,
            records_s=self.records_s / factor,
        )


LIMITS = Limits()
