"""The key of a record: what makes it one, so that a later one with the same replaces it."""

from aquiver.model import Answer, Fault, Kept, Note, Notice, Span, Tally, Trial, Twitch

KIND_NAMES: dict[type, str] = {
    Twitch: "twitch",
    Span: "span",
    Tally: "tally",
    Notice: "notice",
    Note: "note",
    Answer: "answer",
    Trial: "trial",
    Fault: "fault",
}


def key_of(record: Kept) -> tuple[str, str, str]:
    """Give what makes a record one: kind, wearer, key. A later one with the same replaces it."""
    return KIND_NAMES[type(record)], record.wearer, _key(record)


def time_of(record: Kept) -> float:
    """Give the moment by which a record is searched for."""
    match record:
        case Twitch():
            return record.onset_s
        case Span() | Tally():
            return record.start_s
        case Notice() | Note() | Answer():
            return record.time_s
        case Trial():
            return record.begun_s
        case Fault():
            return record.since_s


def _key(record: Kept) -> str:
    match record:
        case Twitch():
            return f"{_who(record)}/{record.run}/{record.sample}/{record.channel}"
        case Span():
            return f"{_who(record)}/{record.run}/{record.sample}/{record.reason}"
        case Tally():
            return f"{_who(record)}/{record.period}/{record.start_s:.0f}/{record.night}/{record.site}"
        case Notice():
            return record.key
        case Note() | Answer() | Trial():
            return record.id
        case Fault():
            return f"{record.reporter}/{record.kind}/{record.subject}/{record.since_s:.3f}"


def _who(record: Twitch | Span | Tally) -> str:
    return f"{record.device}/{record.modality}"
