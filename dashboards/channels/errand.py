"""One message to one address, in a process of its own. The only file that knows apprise.

Reads one JSON object (address, title, text, reference) from stdin; ends with 0 when it was taken, else says why in one
line without a secret.
"""

import json
import re
import sys
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_KEEPS_HEADERS = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
_LONGEST = 200
_SHORT = 4  # shorter parts of an address are no secret


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether the message was taken, and if not, why."""

    is_taken: bool
    reason: str


def main() -> int:
    """Do the errand; give the exit code."""
    errand = json.load(sys.stdin)
    reply = deliver(errand["address"], errand["title"], errand["text"], errand["reference"])
    if not reply.is_taken:
        print(reply.reason)  # noqa: T201  # the one word to who sent us
    return 0 if reply.is_taken else 1


def deliver(address: str, title: str, text: str, reference: str) -> Reply:
    """Send a message and say how it went."""
    try:
        import apprise  # noqa: PLC0415  # a third of a second and 36 MB, only where something is sent
    except ImportError:
        return Reply(is_taken=False, reason='push services need more: pip install "aquiver[notify]"')
    asset = apprise.AppriseAsset(app_id="aquiver", app_desc="aquiver", secure_logging=True)
    target = apprise.Apprise(asset=asset)
    if not target.add(marked(address, reference)):
        return Reply(is_taken=False, reason=f"not an address of a push service ({scheme_of(address)}://...)")
    result = target.notify(body=text, title=title)
    if result.status in (apprise.AppriseResultStatus.SUCCESS, apprise.AppriseResultStatus.PARTIAL):
        return Reply(is_taken=True, reason="")
    said = [entry.message for one in result.results for entry in one.logs() if entry.level in ("WARNING", "ERROR")]
    return Reply(is_taken=False, reason=masked(" ".join(said) or result.status.name.lower(), address))


def marked(address: str, reference: str) -> str:
    """Add the reference as a header where the receiver is a program of the wearer's, so that it can drop a repeat.

    >>> marked("json://127.0.0.1:8080/x?a=1", "3f2a")
    'json://127.0.0.1:8080/x?a=1&+X-Idempotency-Key=3f2a'
    >>> marked("ntfy://topic", "3f2a")
    'ntfy://topic'
    """
    if scheme_of(address) not in _KEEPS_HEADERS:
        return address
    return f"{address}{'&' if '?' in address else '?'}+X-Idempotency-Key={quote(reference)}"


def scheme_of(address: str) -> str:
    """Give what stands before the colon: the one part of an address that is no secret.

    >>> scheme_of("tgram://123:abc/4")
    'tgram'
    """
    return urlsplit(address).scheme or "?"


def masked(text: str, address: str) -> str:
    """Hide every part of an address in a text.

    >>> masked("refused at host1: s3cret-token", "ntfys://user:s3cret-token@host1/topic")
    'refused at ***: ***-***'
    """
    parts = {part for part in re.split(r"[^A-Za-z0-9]+", address.partition("://")[2]) if len(part) >= _SHORT}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(re.escape(part), "***", text, flags=re.IGNORECASE)
    return " ".join(text.split())[:_LONGEST]


if __name__ == "__main__":
    raise SystemExit(main())
