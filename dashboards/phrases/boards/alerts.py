"""The words of Grafana's alerts. Titles name no place on the body: a push service may be read by others."""

from collections.abc import Mapping

from aquiver.model import NoticeKind
from dashboards.phrases.boards import Words

FOLDER = "aquiver"
NOTICES = "aquiver notices"
FAULTS = "aquiver faults"
HELD: Mapping[NoticeKind, Words] = {
    NoticeKind.PERSISTENT: Words(
        "Twitches last",
        "{{ $labels.wearer }}, {{ $labels.site }}: twitches on most of the last measured nights, without clearly falling. The "
        "board Persistence has the nights and hours it rests on. Worth mentioning to a doctor.",
    ),
    NoticeKind.NEW_REGION: Words(
        "Twitches where there were none",
        "{{ $labels.wearer }}, {{ $labels.site }}: was measured and quiet before, and is not now. The board Spread has the "
        "order of sites. Worth mentioning to a doctor.",
    ),
    NoticeKind.CHANGED: Words(
        "A rate has changed",
        "{{ $labels.wearer }}, {{ $labels.site }}: two weekly looks agree that the rate is another than before. The board "
        "Persistence has the factor and its interval.",
    ),
}
SILENT = Words(
    "No samples from a band",
    "{{ $labels.site }} ({{ $labels.device }}, {{ $labels.modality }}): no samples for {{ $values.B.Value }} s. It may be out "
    "of range or empty. Move it nearer, or charge it.",
)
BROKEN_OFF = Words(
    "The recording broke off",
    "{{ $labels.device }}: nothing was written for five minutes, although the night was not ended. See whether collector, "
    "broker and recorder still run: aquiver health.",
)
BATTERY = Words(
    "A battery is nearly empty",
    "{{ $labels.site }} ({{ $labels.device }}): {{ $values.B.Value }} % left. Charge it before the next night.",
)
LATE = Words(
    "Decisions come late",
    "{{ $labels.site }} ({{ $labels.device }}): decided {{ $values.B.Value }} s after it was measured. See whether the detector "
    "keeps up: aquiver ledger.",
)
