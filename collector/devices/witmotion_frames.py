"""Frames in the bytes a WitMotion sends, however they are cut into notifications. Format: firmware_docs/witmotion.md."""

from dataclasses import dataclass

FRAME_BYTES = 20
MOTION, REGISTERS = b"\x55\x61", b"\x55\x71"
HEADS = (MOTION, REGISTERS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole frame, or bytes that belong to none."""

    data: bytes
    is_frame: bool


class Framer:
    """Cuts bytes into frames.

    Nothing but its head marks a frame, so one counts only if the next head follows it, or nothing yet: where bytes are
    missing, the halves of two frames must not pass for one. For the same reason a notification that begins with a
    head begins a frame, and what waited for its other half waited in vain.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Piece]:
        """Take a notification; give what it completes, in order. What may yet become a frame is kept."""
        pieces: list[Piece] = []
        if data.startswith(HEADS) and self._rest:
            pieces.append(Piece(self._rest, is_frame=False))
            self._rest = b""
        found, self._rest = _cut(self._rest + data)
        return pieces + found


def _cut(data: bytes) -> tuple[list[Piece], bytes]:
    """Give the pieces in some bytes, and the beginning of a frame at their end."""
    pieces: list[Piece] = []
    at = skipped_from = 0
    while len(data) - (at := _next_head(data, at)) >= FRAME_BYTES:
        end = at + FRAME_BYTES
        if not _may_begin(data[end : end + 2]):
            at += 1
            continue
        if at > skipped_from:
            pieces.append(Piece(data[skipped_from:at], is_frame=False))
        pieces.append(Piece(data[at:end], is_frame=True))
        at = skipped_from = end
    if at > skipped_from:
        pieces.append(Piece(data[skipped_from:at], is_frame=False))
    return pieces, data[at:]


def _next_head(data: bytes, at: int) -> int:
    """Give where the next frame may begin; the end, if nowhere."""
    return next((start for start in range(at, len(data)) if _may_begin(data[start : start + 2])), len(data))


def _may_begin(data: bytes) -> bool:
    """Say whether a frame may begin with these two bytes, or one; with none, it may yet."""
    return any(head.startswith(data) for head in HEADS)
