"""The cells of a Parquet column as plain values: a cell that cannot be read costs that cell, never the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands where a cell cannot be read."""

    why: str

    def __repr__(self) -> str:
        return self.why


def cells(column: Any) -> list[object]:  # Any: an array of pyarrow, whose stubs are partial
    """The values of an array, in their order; `Unreadable` where there is no such value.

    Moments come as aware UTC datetimes, to the microsecond, those without a zone taken as UTC: they are stored as
    numbers since 1970, so that neither the machine's zone nor one nobody has heard of changes what they are.
    """
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        per_second = _PER_SECOND[column.type.unit]
        numbers: list[int | None] = column.cast(pa.int64()).to_pylist()
        return [None if number is None else _moment(number, per_second) for number in numbers]
    faults = (ValueError, ArithmeticError, LookupError, pa.ArrowException)
    try:
        return list(column.to_pylist())
    except faults:
        return [_one(cell.as_py, faults) for cell in column]


def _moment(number: int, per_second: int) -> object:
    try:
        return _EPOCH + timedelta(microseconds=number * 1_000_000 // per_second)
    except OverflowError:
        return Unreadable(f"{number / per_second:.6g} seconds since 1970")


def _one(read: Callable[[], object], faults: tuple[type[Exception], ...]) -> object:
    try:
        return read()
    except faults as error:
        return Unreadable(f"a cell that cannot be read ({type(error).__name__})")
