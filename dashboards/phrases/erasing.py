"""What is said before and after something is erased."""

NOTHING = "There is nothing of that kind here."
NOT_DONE = "Nothing was erased. Add --yes to erase it."
CONFIRM = "Erase this for ever?"
BEYOND = (
    "What aquiver cannot erase: exports and pages you saved elsewhere, backups, your settings file, and what other "
    "programs (Home Assistant, InfluxDB, a phone) were told. Services that were installed: aquiver uninstall."
)


def summary(n_nights: int, n_records: int, n_files: int, n_bytes: int) -> str:
    """Say how much would go.

    >>> summary(2, 1200, 3, 52_000_000)
    '2 nights, 1,200 records, 3 files (52.0 MB)'
    """
    return f"{n_nights} nights, {n_records:,} records, {n_files} files ({n_bytes / 1e6:.1f} MB)"


def unclear(path: str) -> str:
    """Say that a recording stays because it cannot be read.

    >>> unclear("x.edf")
    'kept, because it cannot be read and may be of another wearer: x.edf'
    """
    return f"kept, because it cannot be read and may be of another wearer: {path}"
