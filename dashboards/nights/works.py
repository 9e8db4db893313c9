"""Works: what the pages of nights need beside the store: the judge, the recordings, notices under way, the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aquiver.export.measured import Measured
from aquiver.model import Effect, ExperimentResult, Judgement, Note, Rules, SiteJudgement, Tally, Trial, Twitch
from dashboards.nights.experiments import Wish
from dashboards.nights.wave import Moment
from dashboards.notices.lifecycle import Told
from dashboards.notices.matter import Matter
from dashboards.notices.outbox import Letter
from dashboards.notices.window import Window

Form = Literal["pdf", "html"]
Paper = Literal["a4", "letter"]


@dataclass(frozen=True, slots=True)
class Works:
    """Plain dependencies of one wearer's pages: who opens them gives what dashboards may not import.

    ``moment`` finds the samples around a twitch. ``measured`` sums all nights, ``judgement`` judges them at a time, ``effects`` says what goes with them; ``slept_h`` reads a
    night's sleep from its tallies. ``matters`` gives what there is to tell at a time, ``post`` what was told and every
    message. ``lay_out`` draws an experiment and keeps it, ``result`` compares one on a day. ``report`` gives the page
    for a doctor over some weeks. ``hours`` are those in which something about the body may be sent, as in the settings.
    """

    rules: Rules
    moment: Callable[[Twitch], Moment | None]
    window: Window
    hours: str
    measured: Callable[[], Sequence[Measured]]
    judgement: Callable[[float], Judgement]
    effects: Callable[[Sequence[Note], Sequence[SiteJudgement]], Sequence[Effect]]
    slept_h: Callable[[Sequence[Tally]], float | None]
    matters: Callable[[float], Sequence[Matter]]
    post: Callable[[], tuple[Sequence[Told], Sequence[Letter]]]
    lay_out: Callable[[Wish], Trial]
    result: Callable[[Trial, str], ExperimentResult]
    report: Callable[[int, Form, Paper], bytes]
