"""Draw the page for the doctor from planted weeks: docs/page-1.png and docs/page-2.png.

python docs/draw_page.py
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.dashboards.report.weeks import SIX, tell  # noqa: E402  # the root must be known first

with TemporaryDirectory() as folder:
    data = tell(Path(folder) / "data", (*SIX[:1], *SIX[2:4], SIX[1]), n_recorded=2)
    pdf = Path(folder) / "page.pdf"
    subprocess.run([sys.executable, "-m", "aquiver", "report", "--data", data, "--pdf", pdf], cwd=ROOT, check=True)  # noqa: S603
    subprocess.run(["pdftoppm", "-r", "96", "-png", pdf, ROOT / "docs" / "page"], check=True)  # noqa: S603, S607
