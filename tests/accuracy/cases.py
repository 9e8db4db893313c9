"""The cases: every recording of the protocol, as a table. A case's name seeds it: renaming one changes its numbers."""

from aquiver.body import Site
from tests.accuracy.acceleration import MOVEMENTS, AccelerometerCase
from tests.accuracy.confounders import HEAD, LIMB, NAMES, QUIET
from tests.accuracy.device import ACCELEROMETER, EMG
from tests.accuracy.emg import EmgCase
from tests.accuracy.real import RealCase, bursts, gestures, real_ecg, real_posture, real_rest

Case = EmgCase | AccelerometerCase | RealCase

RATES = (0.5, 10.0, 40.0, 70.0)
SIGMAS = (6.0, 8.0, 10.0, 12.0, 16.0)
_SNR_DEVICES = ("8 bit 200 Hz", "24 bit 250 Hz", "16 bit 500 Hz", "16 bit 1000 Hz")
_POSTURES = ("lying_body", "lying_phone", "sitting_body", "sitting_phone")

_EMG: tuple[Case, ...] = (
    *(EmgCase(f"quiet night, {name}", "quiet zero", 60.0, 0.0, QUIET, name) for name in EMG),
    *(EmgCase(f"full night, {name}", "all zero", 60.0, 0.0, LIMB, name) for name in EMG),
    *(EmgCase(f"full night at 10/min, {name}", "all ten", 30.0, 10.0, LIMB, name) for name in EMG),
    *(EmgCase(f"full night at {rate:g}/min", "rate", 240.0 if rate < 1 else 30.0, rate, LIMB) for rate in RATES),
    *(EmgCase(f"quiet night at {rate:g}/min", "quiet rate", 30.0, rate, QUIET) for rate in RATES),
    *(
        EmgCase(f"{sigmas:g} sigma, {name}", "sigma", 15.0, 20.0, QUIET, name, sigmas)
        for name in _SNR_DEVICES
        for sigmas in SIGMAS
    ),
    *(EmgCase(f"only {name}, none", "alone zero", 60.0, 0.0, (name,)) for name in NAMES),
    *(EmgCase(f"only {name}, 10/min", "alone ten", 30.0, 10.0, (name,)) for name in NAMES),
    *(
        EmgCase(f"ECG {size:g}, 1000 Hz", "ecg", 30.0, 10.0, (f"ECG {size:g}", *QUIET), "16 bit 1000 Hz")
        for size in (40.0, 120.0, 400.0)
    ),
    *(RealCase(f"real ECG {size:g}", "ecg", real_ecg(size)) for size in (40.0, 120.0, 400.0)),
    EmgCase("full night with ECG 40", "ecg all", 30.0, 10.0, (*LIMB, "ECG 40"), site=Site.LEFT_UPPER_ARM),
    EmgCase("band with accelerometer", "band", 60.0, 0.0, LIMB, has_accelerometer=True),
    EmgCase("band with accelerometer at 10/min", "band", 30.0, 10.0, LIMB, has_accelerometer=True),
    EmgCase("two sites with sparks", "sites", 60.0, 0.0, QUIET, has_sparks=True, second_site=Site.RIGHT_FOREARM),
    EmgCase(
        "two sites with sparks at 10/min", "sites", 30.0, 10.0, QUIET, has_sparks=True, second_site=Site.RIGHT_FOREARM
    ),
    EmgCase("face", "head", 60.0, 0.0, HEAD, site=Site.FACE),
    EmgCase("face at 10/min", "head", 30.0, 10.0, HEAD, site=Site.FACE),
    EmgCase("on weak contraction, 12 sigma", "tension", 15.0, 10.0, QUIET, sigmas=12.0, tension=2.0),
    EmgCase("on weak contraction, 16 sigma", "tension", 15.0, 10.0, QUIET, sigmas=16.0, tension=3.0),
    EmgCase("60 Hz where 50 is set", "mains", 30.0, 10.0, ("mains 60",)),
    EmgCase("50 Hz where 60 is set", "mains", 30.0, 10.0, ("mains 50",), mains_hz=60.0),
    EmgCase("50 and 60 Hz together", "mains", 30.0, 10.0, ("mains 50", "mains 60")),
    RealCase("real gestures", "leak", gestures, mains_hz=60.0),
    RealCase("real bursts", "leak", bursts),
    RealCase("real rest at 10/min", "real rest", real_rest, mains_hz=60.0),
)

_ACCELEROMETER: tuple[Case, ...] = (
    *(AccelerometerCase(f"still, {name}", "acc still zero", 60.0, 0.0, (), name) for name in ACCELEROMETER),
    *(AccelerometerCase(f"still at 3/min, {name}", "acc still", 60.0, 3.0, (), name) for name in ACCELEROMETER),
    *(AccelerometerCase(f"{name} felt", "acc moving", 60.0, 0.0, (name,)) for name in MOVEMENTS),
    AccelerometerCase("moving at 3/min", "acc moving ten", 60.0, 3.0, tuple(MOVEMENTS)),
    AccelerometerCase("chest", "acc chest", 60.0, 0.0, heart_mg=(8.0, 28.0), site=Site.TRUNK),
    AccelerometerCase("chest at 3/min", "acc chest", 60.0, 3.0, heart_mg=(8.0, 28.0), site=Site.TRUNK),
    *(RealCase(f"real {posture}", "acc real zero", real_posture(posture, 0.0)) for posture in _POSTURES),
    *(RealCase(f"real {posture} at 6/min", "acc real", real_posture(posture, 6.0)) for posture in _POSTURES),
)

CASES = _EMG + _ACCELEROMETER
