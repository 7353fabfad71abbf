"""Histories from files: CSV or Parquet with a row for each event, checked whole before anything is kept."""

import csv
import hashlib
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, cast, get_args

from assistant.ids import MOST_ID, MOST_ITEM_ID, is_id
from assistant.nouns import Event, EventKind
from assistant.storage.arrow_cells import cells
from assistant.storage.events import StoredEvents
from assistant.storage.first_said import FirstSaid
from index.errors import SetupError, WhybuyError
from index.feeds.fields import Fault
from index.items import ItemId

FIELDS = ("shopper", "item", "kind", "time", "value", "id")
"""What a row may say; `value` and `id` may be missing. Without an id an event is known by everything else it says."""

_OPTIONAL = frozenset({"value", "id"})
_KINDS = frozenset(get_args(EventKind))
_BATCH = 2_000
_MOST_FAULTS = 1_000
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(minutes=5)
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))
"""A number from so large on is a moment in so many parts of a second since 1970."""

Row = Mapping[str, object]


class EventFileError(WhybuyError):
    """A file of events was refused; `rows` holds one line per fault. Nothing of it was kept."""

    def __init__(self, message: str, *, hint: str = "", rows: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field, and what stands for fields that no column holds."""

    names: Mapping[str, str] = field(default_factory=lambda: {name: name for name in FIELDS})
    constants: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, text: str) -> "Columns":
        """The mapping of `shopper=Customer ID,item=StockCode,kind:=purchase`; fields not named keep their own names.

        `field=column` names a column, `field:=value` gives every row that value.

        Raises:
            SetupError: a part is neither, or names a field that events do not have.
        """
        names, constants = {name: name for name in FIELDS}, dict[str, str]()
        for part in filter(None, (part.strip() for part in text.split(","))):
            found = re.fullmatch(r"(\w+)\s*(:?=)\s*(.+)", part)
            if found is None or found[1] not in FIELDS:
                raise SetupError(
                    f"mapping {part[:60]!r} cannot be read",
                    hint=f"field=column or field:=value, with the fields {', '.join(FIELDS)}",
                )
            if found[2] == "=":
                names[found[1]] = found[3]
            else:
                constants[found[1]] = found[3]
        return cls(names, constants)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows: `stored` are new, `duplicates` were known; `faults` are told up to a thousand.

    `strangers` are those, of the new and the known, whose items the shop does not have.
    """

    rows: int
    stored: int
    duplicates: int
    left_out: int
    faults: tuple[Fault, ...] = ()
    strangers: int = 0


def import_events(
    path: Path,
    store: StoredEvents,
    columns: Columns | None = None,
    *,
    skip_bad: bool = False,
    now: datetime | None = None,
    sold: Container[ItemId] | None = None,
) -> Imported:
    """Keep what a file says shoppers did. Importing it again changes nothing. Memory does not grow with the file.

    The whole file is read once before anything is kept. Kept it is in batches, in the order of the file: should the
    database fail midway, importing the file again completes it.

    Args:
        path: `.csv` (comma, semicolon or tab) or `.parquet`.
        skip_bad: leave bad rows out instead of refusing the file.
        now: rows dated later are bad; the clock's time unless given.
        sold: the items of the shop; without it, none counts as a stranger.

    Raises:
        SetupError: there is no such file, or none of that kind, or it lacks a column.
        EventFileError: it has bad rows, and they are not to be left out.
        ConflictError: an id of the file was given to something else while it was imported.
        StorageError: the database failed.
    """
    columns = columns or Columns()
    latest = (now or datetime.now(UTC)) + _AHEAD
    faults: list[Fault] = []
    bad = rows = strangers = 0
    for found in _checked(path, columns, latest, store):
        rows += 1
        if isinstance(found, Fault):
            bad += 1
            faults += [found] if len(faults) < _MOST_FAULTS else []
        else:
            strangers += sold is not None and found.item_id not in sold
    if bad and not skip_bad:
        raise EventFileError(
            f"{path.name} has {bad} bad rows of {rows}; nothing was kept",
            hint="mend them, name columns with --mapping, or leave them out with --skip-bad",
            rows=tuple(map(str, faults)),
        )
    stored = duplicates = 0
    good = (found for found in _checked(path, columns, latest, store) if isinstance(found, Event))
    while batch := list(islice(good, _BATCH)):
        added = store.add(batch)
        stored, duplicates = stored + added.stored, duplicates + added.duplicates
    return Imported(rows, stored, duplicates, bad, tuple(faults), strangers)


def _checked(path: Path, columns: Columns, latest: datetime, store: StoredEvents) -> Iterator[Event | Fault]:
    """Every row as an event or as what is wrong with it, ids that stand for something else already included."""
    rows = _rows(path, columns)
    with FirstSaid() as said:
        while lines := list(islice(rows, _BATCH)):
            found = [(line, _has_id(row), _event(line, row, latest)) for line, row in lines]
            # An id we make of all that an event says cannot stand for another.
            named = [event for _, has_id, event in found if has_id and isinstance(event, Event)]
            kept = store.kept(named) if named else {}
            for line, has_id, event in found:
                if has_id and isinstance(event, Event):
                    known = kept.get((event.shopper_id, event.id))
                    if not (said.agrees(event) if known is None else event == known):
                        yield _fault(line, "id", event.id, "an id that no other event of this shopper has")
                        continue
                yield event


def _has_id(row: Row | Fault) -> bool:
    return not isinstance(row, Fault) and bool(_text(row.get("id")))


def _rows(path: Path, columns: Columns) -> Iterator[tuple[int, Row | Fault]]:
    """Every row with its line, counted from 1 with the header; in Parquet rows are counted from 1."""
    if not path.is_file():
        raise SetupError(f"'{path}' is not a file", hint="a .csv or .parquet file with a row for each event")
    match path.suffix.lower():
        case ".parquet":
            yield from _parquet(path, columns)
        case ".csv" | ".tsv" | ".txt":
            yield from _csv(path, columns)
        case _:
            raise SetupError(f"'{path.name}' is neither .csv nor .parquet", hint="save it as one of these")


def _csv(path: Path, columns: Columns) -> Iterator[tuple[int, Row | Fault]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.reader(file, delimiter=max(",;\t", key=first.count), strict=True)
        try:
            header = next(reader, [])
        except csv.Error as error:
            raise SetupError(f"'{path.name}' has no header that can be read") from error
        places = _places(path, [name.strip() for name in header], columns)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, Fault(line, "", _short(str(error)), "a row of the table")
                continue
            if not cells:
                continue
            if len(cells) != len(header):
                yield line, Fault(line, "", f"{len(cells)} cells", f"{len(header)}, as in the header")
            elif any("\ufffd" in cell for cell in cells):
                yield line, Fault(line, "", "bytes that are not UTF-8", "UTF-8 text")
            else:
                yield line, {name: cells[at] for name, at in places.items()} | dict(columns.constants)


def _parquet(path: Path, columns: Columns) -> Iterator[tuple[int, Row | Fault]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise SetupError("Parquet files need pyarrow", hint="pip install pyarrow") from error
    parquet: Any = pq  # its stubs are partial
    try:
        file = parquet.ParquetFile(path)
        places = _places(path, file.schema_arrow.names, columns)
        wanted = [columns.names[name] for name in places]
        line = 0
        for batch in file.iter_batches(batch_size=8192, columns=wanted):
            for values in zip(*(cells(batch.column(name)) for name in wanted), strict=True):
                line += 1
                yield line, dict(zip(places, values, strict=True)) | dict(columns.constants)
    except (pa.ArrowException, OSError) as error:  # OSError: pages that cannot be unpacked
        raise SetupError(f"'{path.name}' is not a whole Parquet file", hint="write or copy it again") from error


def _places(path: Path, header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Field -> its place in the header."""
    used = [column for name, column in columns.names.items() if name not in columns.constants]
    twice = [column for column in dict.fromkeys(used) if header.count(column) > 1]
    if twice:
        raise SetupError(
            f"'{path.name}' has more than one column {twice[0][:60]!r}", hint="give every column a name of its own"
        )
    found = {n: header.index(c) for n, c in columns.names.items() if c in header and n not in columns.constants}
    lacking = [name for name in FIELDS if name not in (*found, *columns.constants, *_OPTIONAL)]
    if lacking:
        raise SetupError(
            f"'{path.name}' has no column for {', '.join(lacking)}; its columns: {', '.join(header)[:200]}",
            hint="name them: --mapping 'shopper=Customer ID,kind:=purchase'",
        )
    return found


def _event(line: int, row: Row | Fault, latest: datetime) -> Event | Fault:
    """The event a row tells of, or the first thing wrong with it."""
    if isinstance(row, Fault):
        return row
    shopper, item, kind = (_text(row[name]) for name in ("shopper", "item", "kind"))
    at, value = _moment(row["time"]), _number(row.get("value"))
    given = _text(row.get("id"))
    if not shopper or not is_id(shopper):
        return _fault(line, "shopper", row["shopper"], f"an id of 1 to {MOST_ID} characters, without line breaks")
    if not item or not is_id(item, MOST_ITEM_ID):
        return _fault(line, "item", row["item"], f"an id of 1 to {MOST_ITEM_ID} characters, without line breaks")
    if kind not in _KINDS:
        return _fault(line, "kind", row["kind"], f"one of {', '.join(sorted(_KINDS))}")
    if at is None or not _EARLIEST <= at <= latest:
        return _fault(line, "time", row["time"], "ISO 8601 or seconds since 1970, from 2000 until now")
    if value is not None and not 0 <= value <= 1_000_000:  # NaN too
        return _fault(line, "value", row.get("value"), "a number from 0 to 1000000, or nothing")
    if kind == "rating" and not (value is not None and 1 <= value <= 5):
        return _fault(line, "value", row.get("value"), "the stars of a rating, 1 to 5")
    if kind == "purchase" and value == 0:
        return _fault(line, "value", row.get("value"), "the pieces of a purchase, more than 0, or nothing")
    if given is None or (given and not is_id(given)):
        return _fault(line, "id", row.get("id"), f"at most {MOST_ID} characters, without line breaks")
    known_as = given or _known_by(shopper, item, kind, at, value)
    return Event(known_as, shopper, cast(EventKind, kind), item, at, value)


def _known_by(*said: object) -> str:
    return "file-" + hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()[:24]


def _text(value: object) -> str | None:
    """The text of a cell, "" for nothing; None for what is neither text nor number, e.g. a list."""
    if isinstance(value, float):
        if math.isnan(value):
            return ""  # how Parquet made from a data frame says nothing
        value = int(value) if value.is_integer() else value  # ids held as numbers, because some were missing
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return None
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    """None for nothing; NaN for what is no number."""
    text = _text(value)
    if not text:
        return None if text == "" else math.nan
    try:
        return float(text)
    except ValueError:
        return math.nan


def _moment(value: object) -> datetime | None:
    """An aware moment; one without a zone is taken as UTC. None for what is none."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = _text(value) or ""
    try:
        if re.fullmatch(r"\d+(?:\.\d+)?", text):
            number = float(text)
            return datetime.fromtimestamp(number / next(u for least, u in _UNITS if number >= least), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _fault(line: int, name: str, value: object, expected: str) -> Fault:
    return Fault(line, name, _short("nothing" if value in (None, "") else repr(value)), expected)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
