"""Tables, row by row: CSV and TSV of any common kind, and Parquet. Nothing here knows what a column means."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import CatalogueError
from index.feeds.fields import BadFieldError, Fault
from index.feeds.raw import Raw

Meter = Callable[[float], None]
"""Called now and then with the share of the file that has been read, 0 to 1."""

_LONGEST_LINE = 8 * 1024 * 1024
_EVERY = 5_000
_DELIMITERS = "\t,;|"


@dataclass(slots=True)
class _Lines:
    """The lines of a text file for `csv.reader`; one of absurd length is replaced by an empty one and remembered."""

    text: io.TextIOWrapper
    count: int = 0
    ended: bool = False
    overlong: set[int] = field(default_factory=lambda: set[int]())

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(_LONGEST_LINE):
            self.count += 1
            if len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
                self.overlong.add(self.count)
                while (rest := self.text.readline(_LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                    pass
                line = "\n"
            yield line
        self.ended = True


def csv_rows(
    path: Path, *, delimiter: str | None = None, encoding: str | None = None, meter: Meter | None = None
) -> Iterator[Raw | Fault]:
    """Every row below the header; `line` is where it starts, quoted line breaks counted. Blank lines are passed over.

    Args:
        delimiter: one sign; None takes the commonest of tab, comma, semicolon and bar in the header.
        encoding: None is UTF-8, or UTF-16 where a byte order mark says so.

    Raises:
        CatalogueError: the file cannot be read.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_LINE))
    size = max(1, _size(path))
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding or _encoding(path), "surrogateescape", newline="")
        lines = _Lines(text)
        sign = delimiter or _delimiter(path, encoding)
        reader = csv.reader(iter(lines), delimiter=sign, strict=False)
        header: list[str] | None = None
        while True:
            start = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadFieldError("", str(error), "a row of a table").fault(start)
                continue
            except UnicodeError:
                yield BadFieldError("", "bytes that are no text", "UTF-8 text").fault(start)
                return
            if meter and start % _EVERY == 0:
                meter(file.tell() / size)
            if lines.overlong and lines.overlong & set(range(start, reader.line_num + 1)):
                yield BadFieldError("", "a very long line", f"lines of at most {_LONGEST_LINE} characters").fault(start)
            elif lines.ended:  # only within quotes are lines asked for beyond the last: all after them were swallowed
                yield BadFieldError("", cells, "a quote that is closed again").fault(start)
            elif _is_blank(cells):
                continue
            elif header is None:
                header = _header(cells)
            else:
                yield _row(header, cells, start)


def _row(header: list[str], cells: list[str], line: int) -> Raw | Fault:
    if len(cells) > len(header) and any(cells[len(header) :]):
        return BadFieldError("", cells[len(header) :], f"{len(header)} cells, as in the header").fault(line)
    if len(cells) < len(header):  # which are missing cannot be known: one may have been lost in the middle
        found = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
        return Fault(line, "", found, f"{len(header)} cells, as in the header")
    held: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if not cell or not name:
            continue
        if not cell.isascii() and not _is_unicode(cell):
            return BadFieldError(name, cell, "UTF-8 text").fault(line)
        if name not in held:
            held[name] = cell
        else:  # a column given more than once holds a list
            held[name] = [*held[name], cell] if isinstance(held[name], list) else [held[name], cell]
    return Raw(line, held)


def _is_blank(cells: list[str]) -> bool:
    return not any(cell and not cell.isspace() for cell in cells)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lstrip("\ufeff") for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def table_header(path: Path, *, delimiter: str | None = None, encoding: str | None = None) -> list[str]:
    """The names of the columns, read without the rest; [] for an empty file.

    Raises:
        CatalogueError: as `csv_rows`.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_LINE))
    _size(path)
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding or _encoding(path), "surrogateescape", newline="")
        sign = delimiter or _delimiter(path, encoding)
        try:
            for cells in csv.reader(iter(_Lines(text)), delimiter=sign):
                if not _is_blank(cells):
                    return _header(cells)
        except (csv.Error, UnicodeError):
            raise CatalogueError(f"{path.name} is no table", hint="expected a header and rows, UTF-8") from None
    return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise CatalogueError(
            f"catalogue {path} cannot be read: {error.strerror}", hint="expected the path of a feed"
        ) from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _delimiter(path: Path, encoding: str | None) -> str:
    """The commonest sign in the header outside quotes; a tab wins where there is one."""
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding or _encoding(path), "replace", newline="")
        try:
            line = next((line for line in iter(lambda: text.readline(65_536), "") if line.strip()), "")
        except UnicodeError:
            return ","
    bare = "".join(line.split('"')[::2])
    if "\t" in bare:
        return "\t"
    return max(_DELIMITERS[1:], key=bare.count)


def parquet_rows(path: Path, *, meter: Meter | None = None, columns: list[str] | None = None) -> Iterator[Raw | Fault]:
    """Every row of a Parquet file, `line` being its number from 1; cells keep their types, null ones are left out.

    Raises:
        CatalogueError: not a Parquet file, or damaged.
    """
    import pyarrow as pa  # heavy, and only Parquet needs it

    try:
        table = _parquet(path)
        total = max(1, table.metadata.num_rows)
        line = 0
        for batch in table.iter_batches(batch_size=1_000, columns=columns, use_threads=False):
            for record in batch.to_pylist():
                line += 1
                yield Raw(line, {name: _typed(value) for name, value in record.items() if value not in (None, "")})
            if meter:
                meter(line / total)
    except (pa.ArrowException, OSError) as error:
        raise CatalogueError(f"{path.name} is not a Parquet file that can be read", hint=str(error)[:200]) from error


def parquet_header(path: Path) -> list[str]:
    """The names of the columns of a Parquet file.

    Raises:
        CatalogueError: as `parquet_rows`.
    """
    import pyarrow as pa

    try:
        return list(_parquet(path).schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise CatalogueError(f"{path.name} is not a Parquet file that can be read", hint=str(error)[:200]) from error


def _parquet(path: Path) -> Any:  # pyarrow has no stubs
    from pyarrow import parquet

    return parquet.ParquetFile(path, memory_map=False)


def _typed(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value
