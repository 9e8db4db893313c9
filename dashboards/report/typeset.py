"""The page as PDF: two sheets, tagged (PDF/UA-1), with its fonts. The only file that knows typst."""

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path

from aquiver.errors import SettingsError
from dashboards.report.content import HEADINGS, Content, Room

try:
    import typst
except ImportError as _error:  # an extra: a night needs no typesetter
    _missing: ImportError | None = _error
else:
    _missing = None


PAPERS = {"a4": "a4", "letter": "us-letter"}  # our names, and typst's
_SMALLER = 0.93
_MOST_TRIES = 16


def typeset(lay_out: Callable[[Room], Content], paper: str) -> bytes:
    """Give the page as PDF on exactly two sheets: the charts take the room that the words leave.

    It uses the fonts that come with typst, so that it is the same on every machine.

    Raises:
        SettingsError: typst is not installed.
    """
    if _missing is not None:
        raise SettingsError("the PDF needs typst: pip install 'aquiver[report]'") from _missing
    with as_file(files("dashboards.report") / "page.typ") as template:
        inputs = _fitted(template, lay_out, paper)
        made: bytes = typst.compile(
            template, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    return made


def _fitted(template: Path, lay_out: Callable[[Room], Content], paper: str) -> dict[str, str]:
    """Make the charts smaller until each sheet ends where it should."""
    room = Room()
    for _ in range(_MOST_TRIES):
        page = json.dumps({"headings": HEADINGS, "content": asdict(lay_out(room))})
        inputs = {"page": page, "paper": PAPERS[paper]}
        found = typst.query(template, "<sheet-end>", field="value", sys_inputs=inputs, ignore_system_fonts=True)
        first, second = json.loads(found)
        if (first, second) == (1, 2):
            return inputs
        room = Room(
            room.nights * (_SMALLER if first > 1 else 1.0), room.waves * (_SMALLER if second > first + 1 else 1.0)
        )
    raise AssertionError("lists on the page are bounded, so it fits")
