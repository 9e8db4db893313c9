"""Which function works out the answer to which question, from the lists of a history."""

from collections.abc import Callable

from aquiver.body import Site
from aquiver.model import NoticeKind
from tests.dashboards.boards import band_answers as band
from tests.dashboards.boards import counted_answers as counted
from tests.dashboards.boards import night_answers as night
from tests.dashboards.boards import said_answers as said
from tests.dashboards.boards.answer import Answer
from tests.dashboards.boards.grafana import Asked, Scope
from tests.dashboards.boards.history import History

_T, _P, _S, _H = "tonight", "persistence", "spread", "health"
ANSWERS: dict[tuple[str, str, str], Callable[[History, Asked, Scope], Answer]] = {
    (_T, "Is every band heard?", "A"): band.bands,
    (_T, "How many twitches so far?", "A"): counted.counts,
    (_T, "How many twitches so far?", "B"): counted.rates,
    (_T, "How many twitches in the last hour?", "A"): counted.counts,
    (_T, "How many twitches in the last hour?", "B"): counted.rates,
    (_T, "When did twitches come?", "A"): counted.rate_over_time,
    (_T, "How much of that time could be counted in?", "A"): counted.analysable_over_time,
    (_T, "How large were the twitches?", "A"): counted.twitches,
    (_T, "How quiet are the sensors?", "A"): counted.floor,
    (_T, "How much did the wearer move?", "A"): counted.movement,
    (_P, "On which nights were there how many?", "A"): night.calendar,
    (_P, "On how many of the last measured nights were there twitches?", "A"): night.last_nights,
    (_P, "What do the weeks say together?", "A"): night.known,
    (_P, "How many per analysable hour, and is that usual for you?", "A"): night.rates_of_nights,
    (_P, "How long could be counted in?", "A"): night.analysable,
    (_P, "Diary", "annotation"): said.notes,
    (_P, "Notices", "annotation"): said.notices,
    **{(_S, "Where, and how much?", f"Q{number}"): night.middle(site) for number, site in enumerate(Site)},
    (_S, "In what order did sites begin to have twitches?", "A"): night.order,
    (_S, "Which region had twitches on which night?", "A"): night.regions,
    (_S, "How many regions, of those measured?", "A"): night.weeks,
    (_S, "How long could be counted in?", "A"): night.week_hours,
    (_H, "Where did each second go?", "A"): counted.ledger,
    (_H, "How much of it could be used, band by band?", "A"): counted.ledger_by_stream,
    (_H, "How many gaps were there?", "A"): counted.gaps,
    (_H, "How many samples arrived, and how many did not?", "A"): band.grown(
        lambda status: band.stream_status(status).n_samples
    ),
    (_H, "How many samples arrived, and how many did not?", "B"): band.grown(
        lambda status: band.stream_status(status).n_lost
    ),
    (_H, "How long was each band silent?", "A"): band.each_interval(
        band.most(lambda s, _: s.time_s - band.stream_status(s).newest_sample_s)
    ),
    (_H, "How full are the batteries?", "A"): band.each_interval(lambda beats: beats[-1][0].battery_percent),
    (_H, "How strongly are the bands heard?", "A"): band.each_interval(lambda beats: beats[-1][0].rssi_dbm),
    (_H, "How well do the bands' clocks fit?", "A"): band.each_interval(
        band.most(lambda s, _: band.stream_status(s).residual_s)
    ),
    (_H, "How much waits in the spool?", "A"): band.waiting,
    (_H, "How late do decisions come?", "A"): band.each_interval(band.most(lambda _, delay_s: delay_s)),
    (_H, "What was broken, and for how long?", "A"): said.faults,
}
RULES: dict[tuple[str, str], Callable[[History, Asked, Scope], Answer]] = {
    ("aquiver-persistent", "A"): night.held(NoticeKind.PERSISTENT),
    ("aquiver-new-region", "A"): night.held(NoticeKind.NEW_REGION),
    ("aquiver-changed", "A"): night.held(NoticeKind.CHANGED),
    ("aquiver-no-samples", "A"): band.last_of_beats(lambda s, _: s.time_s - band.stream_status(s).newest_sample_s),
    ("aquiver-broken-off", "A"): band.last_of_beats(lambda *_: 1.0),
    ("aquiver-broken-off", "C"): band.heard,
    ("aquiver-battery", "A"): band.last_of_beats(lambda s, _: s.battery_percent),
    ("aquiver-late", "A"): band.last_of_beats(lambda _, delay_s: delay_s, max),
}
