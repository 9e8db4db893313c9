"""Judgement: one wearer's nights -> what persists, spreads or changes. Pure: no clock, no disk.

The definitions, their sources and what was measured of them: docs/judgement.md.
"""

from detector.judgement.diary import factors_of
from detector.judgement.experiment import block_of, last_night_of, plan, result_of
from detector.judgement.factors import effects_of
from detector.judgement.judge import judge

__all__ = ["block_of", "effects_of", "factors_of", "judge", "last_night_of", "plan", "result_of"]
