"""Laws of the judge of bands: every rule can be broken alone, and is named when it is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from aquiver.driver import Frame
from aquiver.model import Channel, Modality, Signal, Unit
from collector.conformance import Evidence, Heard, judge
from tests.samples import NOW_S

EMG = Signal(Modality.EMG, 500.0, Unit.MICROVOLT, 2047, (Channel("1", 0.1), Channel("2", 0.1)))
ACCELERATION = Signal(
    Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 1 / 2048) for axis in ("x", "y", "z"))
)
N_PACKETS = 100
Change = Callable[[Frame, int], Frame]


def _frame(signal: Signal, n: int, first: int, rate_hz: float) -> Frame:
    values = np.random.default_rng(first).integers(-50, 50, (n, len(signal.channels)), np.int32)
    if signal is ACCELERATION:
        values[:, 2] += 2048
    return Frame(signal.modality, values, count=first, device_ns=round((first + n - 1) / rate_hz * 1e9))


def _stream(signal: Signal, n: int, rate_hz: float, change: Change) -> list[Heard]:
    """Give packets of n samples that are sent as soon as they are full, at a true rate."""
    frames = [change(_frame(signal, n, number * n, rate_hz), number) for number in range(N_PACKETS)]
    return [Heard(9 + 8 * n, NOW_S + (frame.count or 0) / rate_hz, (frame,)) for frame in frames]


def _band(
    emg_hz: float = 500.0, emg: Change = lambda frame, _: frame, acceleration: Change = lambda frame, _: frame
) -> Evidence:
    heard = [*_stream(EMG, 25, emg_hz, emg), *_stream(ACCELERATION, 5, 100.0, acceleration)]
    return Evidence((EMG, ACCELERATION), tuple(heard), 247, b"\x50")


def _broken(evidence: Evidence) -> dict[str, str]:
    return {verdict.rule: " / ".join(verdict.complaints) for verdict in judge(evidence) if verdict.complaints}


def test_a_good_band_keeps_every_rule() -> None:
    assert _broken(_band()) == {}
    assert len(judge(_band())) == 12


def test_a_band_that_could_not_be_started_is_judged_by_that_alone() -> None:
    (verdict,) = judge(Evidence(refusal="byte 0: version 2"))
    assert verdict.complaints == ("byte 0: version 2",)


def test_a_lost_link_leaves_the_stop_untried() -> None:
    assert _broken(replace(_band(), loss="it went away")) == {
        "It keeps the link": "it went away",
        "It stops when told": "could not be tried, as the link was lost",
    }


def test_a_described_signal_that_never_comes_is_named() -> None:
    silent = replace(_band(), heard=tuple(one for one in _band().heard if one.frames[0].modality is Modality.EMG))
    assert _broken(silent) == {"It sends every signal": "no samples of accelerometer came, although it is described"}


def test_refused_packets_are_told_once_a_kind() -> None:
    errors = [*(f"byte 1: sample {n} comes again" for n in (7, 8)), "byte 9: cut off"]
    evidence = replace(_band(), heard=(*_band().heard, *(Heard(50, NOW_S, error=error) for error in errors)))
    assert _broken(evidence) == {
        "Its packets keep the format": "2 of 203 packets were refused; the first: byte 1: sample 7 comes again / "
        "1 of 203 packets were refused; the first: byte 9: cut off"
    }


@pytest.mark.parametrize(("n_bytes", "is_suspect"), [(244, True), (243, False), (245, False)])
def test_refused_packets_as_long_as_the_mtu_lets_through_were_perhaps_longer(n_bytes: int, is_suspect: bool) -> None:
    evidence = replace(_band(), heard=(*_band().heard, Heard(n_bytes, NOW_S, error="byte 9: cut off")))
    assert ("Its packets fit the MTU" in _broken(evidence)) == is_suspect


def test_gaps_in_the_numbers_are_counted() -> None:
    (complaint,) = _broken(_band(emg=lambda f, n: replace(f, n_lost=1 if n in {5, 9} else 0))).values()
    assert complaint.startswith("2 samples of emg are missing, in 2 places")


def test_numbers_begin_at_0() -> None:
    late = _band(emg=lambda frame, _: replace(frame, count=frame.count + 25))
    assert _broken(late) == {"Its numbers have no gap": "the first packet of emg begins with sample 25, not 0"}


@pytest.mark.parametrize(("true_hz", "is_wrong"), [(486.0, False), (514.0, False), (484.0, True), (516.0, True)])
def test_a_rate_may_be_3_percent_off(true_hz: float, is_wrong: bool) -> None:
    """Both by arrival and by the band's own clock."""
    broken = _broken(_band(true_hz))
    assert ("Its rates are as described" in broken) == is_wrong
    assert ("Its times follow its numbers" in broken) == is_wrong


def test_a_short_stretch_has_no_rate() -> None:
    short = replace(_band(), heard=tuple(one for one in _band().heard if one.arrival_s < NOW_S + 2.0))
    assert "too short" in _broken(short)["Its rates are as described"]


def test_a_time_in_milliseconds_is_noticed() -> None:
    (complaint,) = _broken(_band(emg=lambda frame, _: replace(frame, device_ns=frame.device_ns // 1000))).values()
    assert "is the time in microseconds" in complaint


@pytest.mark.parametrize("step_ns", [0, -(10**9)])
def test_a_time_that_does_not_go_on_is_wrong(step_ns: int) -> None:
    stuck = _band(emg=lambda frame, n: replace(frame, device_ns=10**9 + n * step_ns))
    assert _broken(stuck) == {"Its times follow its numbers": "the time of emg stood still or went back 99 times"}


@pytest.mark.parametrize(("stray_ms", "is_wrong"), [(4, False), (9, True)])
def test_a_time_may_stray_by_some_milliseconds(stray_ms: int, is_wrong: bool) -> None:
    strayed = _band(emg=lambda f, n: replace(f, device_ns=f.device_ns + (stray_ms * 10**6 if n == 50 else 0)))
    assert ("strays" in "".join(_broken(strayed).values())) == is_wrong


@pytest.mark.parametrize("field", ["count", "device_ns"])
def test_a_band_that_tells_no_numbers_or_no_times_is_not_blamed(field: str) -> None:
    assert _broken(_band(acceleration=lambda frame, _: replace(frame, **{field: None}))).keys() <= {
        "Its rates are as described"
    }


@pytest.mark.parametrize(("factor", "is_wrong"), [(0.89, True), (0.92, False), (1.08, False), (1.11, True)])
def test_rest_is_1_g(factor: float, is_wrong: bool) -> None:
    scaled = _band(acceleration=lambda f, _: replace(f, samples=np.rint(f.samples * factor).astype(np.int32)))
    assert ("It feels 1 g at rest" in _broken(scaled)) == is_wrong


def _with_first_channel(value: int, of_packets: range) -> Change:
    def change(frame: Frame, number: int) -> Frame:
        samples = frame.samples.copy()
        if number in of_packets:
            samples[:, 0] = value
        return replace(frame, samples=samples)

    return change


def test_a_constant_channel_is_named() -> None:
    broken = _broken(_band(emg=_with_first_channel(-3, range(N_PACKETS))))
    assert broken == {"Its electrodes are alive": "channel 1 of emg is constant at -3"}


def test_a_channel_at_its_limit_is_named() -> None:
    broken = _broken(_band(emg=_with_first_channel(-2047, range(20))))
    assert broken == {"Its electrodes are alive": "channel 1 of emg is at its limit 20% of the time"}
    assert _broken(_band(emg=_with_first_channel(2047, range(5)))) == {}


def test_packets_after_the_stop_are_counted() -> None:
    broken = _broken(replace(_band(), n_after_stop=3))
    assert broken == {"It stops when told": "3 packets came long after the stop"}


@pytest.mark.parametrize(
    ("battery", "words"), [(b"", "no battery"), (b"\x65", "reads 65"), (b"\x50\x00", "reads 50 00")]
)
def test_a_battery_is_one_byte_of_percent(battery: bytes, words: str) -> None:
    assert words in _broken(replace(_band(), battery=battery))["It tells its battery"]


def test_a_lost_packet_alone_bends_neither_rate_nor_time() -> None:
    heard = list(_band().heard)
    del heard[10:30]
    after = replace(heard[10], frames=(replace(heard[10].frames[0], n_lost=20 * 25),))
    broken = _broken(replace(_band(), heard=(*heard[:10], after, *heard[11:])))
    assert broken.keys() == {"Its numbers have no gap"}
