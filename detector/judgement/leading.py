"""Which kind of sensor speaks for a site: EMG where there is any, else the accelerometer; never both."""

from collections.abc import Mapping, Sequence

from aquiver.body import Site
from aquiver.model import Modality, Rules
from detector.judgement.measured import Measured

Key = tuple[Site, Modality]


def leading_nights(measured: Mapping[Key, Sequence[Measured]], rules: Rules) -> dict[Key, list[Measured]]:
    """Give the nights on which each kind speaks for its site.

    An accelerometer is silent while the EMG has been valid there within ``persistent_days``: it sees only large
    twitches (detection.md 0.1), and a band that was charged for a night must not change who speaks.
    """
    by_emg = {
        key[0]: [one.night.day for one in of_track if one.is_valid]
        for key, of_track in measured.items()
        if _is_emg(key)
    }
    return {
        key: [one for one in nights if _is_emg(key) or not _is_near(one.night.day, by_emg.get(key[0], ()), rules)]
        for key, nights in measured.items()
    }


def _is_emg(key: Key) -> bool:
    return key[1] is Modality.EMG


def _is_near(day: int, emg_days: Sequence[int], rules: Rules) -> bool:
    return any(0 <= day - emg_day < rules.persistent_days for emg_day in emg_days)
