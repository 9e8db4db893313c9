"""Judgement: one wearer's nights -> what persists, spreads or changes. Pure: no clock, no disk.

The definitions, their sources and what was measured of them: docs/judgement.md.
"""

from detector.judgement.judge import judge

__all__ = ["judge"]
