"""A demo night in a process of its own, with a hand on its radio."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from aquiver.model import Period, Tally
from aquiver.store import open_store
from collector.opening import Simulation

SEED = 1
ROOT = Path(__file__).parents[2]


class DemoNight:
    """``home`` is the page's address. Coverage is not taken in it: traced, it would not keep up with its own bands."""

    def __init__(self, folder: Path, listen: str = "127.0.0.1:0") -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.page.bedside", "night", "--demo", "--seed", str(SEED), "--no-open"]
        command += ["--data", str(folder), "--listen", listen]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            cwd=ROOT,
            env={key: word for key, word in os.environ.items() if not key.startswith("COV")},
        )
        self.home = self._found("Page: (http://[^ \n]+)")

    def _found(self, pattern: str) -> str:
        for line in self._process.stdout:
            if match := re.search(pattern, line):
                return match[1].rstrip("/")
        raise AssertionError("the night did not say where its page is")

    def say(self, words: str) -> None:
        """Tell the radio: vanish NAME or reappear NAME."""
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def counted(self) -> dict[tuple[str, str], int]:
        """Give the store's counts so far, by device and modality."""
        store = open_store("sqlite:", self.folder)
        found: dict[tuple[str, str], int] = {}
        for tally in store.read(Tally, "demo", 0, 1e11):
            if tally.period is Period.MINUTE:
                key = (tally.device, str(tally.modality))
                found[key] = found.get(key, 0) + tally.n_twitches
        store.close()
        return found

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)


def truth(site, modality, since_s: float) -> list[float]:
    """Give when the simulated body really twitched, until now."""
    body = Simulation(SEED, "demo").body()
    return [one.peak_s for one in body.truth(site, modality, since_s, time.time())]
