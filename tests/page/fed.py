"""A page over synthetic bands (tests/page/feed.py), started, measured and ended."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Fed:
    """``shown`` is what it printed: the page's address, with the key where one was made."""

    def __init__(self, folder: Path, listen: str = "127.0.0.1:0", *size: int) -> None:
        command = [sys.executable, "-m", "tests.page.feed", str(folder), listen, *map(str, size)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.shown = self._process.stdout.readline().strip()
        assert self.shown, self._process.stderr.read()
        self.home = "/".join(self.shown.split("/")[:3])

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def memory_mb(self) -> float:
        """Give the memory it holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * 4096 / 1e6

    @property
    def cpu_s(self) -> float:
        """Give the processor time it used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def end(self) -> str:
        """Let it end; give what it complained of."""
        _, wrong = self._process.communicate(timeout=15)
        assert self._process.returncode == 0, wrong
        return wrong
