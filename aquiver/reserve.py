"""The reserve: room on a disk that raw samples leave to the records."""

import shutil
from pathlib import Path

# A night's records take some 5 MB, the spool of a day without a detector some hundred: raw samples stop well before.
KEEP_BYTES = 256 << 20
_AGAIN = 1.25  # they go on when there is clearly room again, not at every megabyte


class Reserve:
    """Tell whether raw samples may still be written to the disk of a folder."""

    def __init__(self, folder: Path, keep_bytes: int = KEEP_BYTES) -> None:
        self._folder = folder
        self._keep_bytes = keep_bytes
        self._is_touched = False

    def is_touched(self) -> bool:
        """Look at the disk: once less than the reserve is free, it stays touched until a quarter more is."""
        free_bytes = shutil.disk_usage(self._folder).free
        limit_bytes = self._keep_bytes * _AGAIN if self._is_touched else self._keep_bytes
        self._is_touched = free_bytes < limit_bytes
        return self._is_touched

    @property
    def words(self) -> str:
        """Say what was found."""
        return f"less than {self._keep_bytes >> 20} MB are free in {self._folder}"
