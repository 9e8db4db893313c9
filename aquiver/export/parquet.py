"""Parquet: one file for each kind of record, one row group a night. The only file that knows pyarrow."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from aquiver.errors import SettingsError
from aquiver.export.table import Table
from aquiver.model import Kept

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError as _error:  # an extra: 170 MB that a night does not need
    _missing: ImportError | None = _error
else:
    _missing = None
    _TYPES = {str: pa.string(), float: pa.float64(), int: pa.int64(), bool: pa.bool_()}


def write_parquet(path: Path, table: Table, nights: Iterable[list[Kept]]) -> int:
    """Write the records of a kind, and give their number. Without records no file is left.

    Raises:
        SettingsError: pyarrow is not installed.
    """
    if _missing is not None:
        raise SettingsError("Parquet needs pyarrow: pip install 'aquiver[analysis]'") from _missing
    schema = pa.schema(
        [pa.field(column.name, _TYPES[column.plain or str], nullable=column.may_be_empty) for column in table.columns]
    )
    n_records = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for records in nights:
            if records:
                writer.write_table(pa.Table.from_pylist([table.row(record) for record in records], schema))
                n_records += len(records)
    if not n_records:
        path.unlink()
    return n_records


def read_parquet(path: Path, table: Table) -> Iterator[Kept]:
    """Read back what was written."""
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                yield table.record(row)
