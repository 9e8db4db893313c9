"""The page as PDF: two sheets, tagged (PDF/UA-1), with its fonts. The only file that knows typst."""

import json
from dataclasses import asdict
from importlib.resources import as_file, files

from aquiver.errors import SettingsError
from dashboards.report.content import HEADINGS, Content, Paper

try:
    import typst
except ImportError as _error:  # an extra: a night needs no typesetter
    _missing: ImportError | None = _error
else:
    _missing = None


def typeset(content: Content, paper: Paper) -> bytes:
    """Give the page as PDF. It uses the fonts that come with typst, so that it is the same on every machine.

    Raises:
        SettingsError: typst is not installed.
    """
    if _missing is not None:
        raise SettingsError("the PDF needs typst: pip install 'aquiver[report]'") from _missing
    page = json.dumps({"headings": HEADINGS, "content": asdict(content)})
    with as_file(files("dashboards.report") / "page.typ") as template:
        made: bytes = typst.compile(
            template,
            format="pdf",
            sys_inputs={"page": page, "paper": paper.name},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    return made
