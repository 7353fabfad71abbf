"""Catalogues as JSON Lines: one object a line, one item an object. The fields are described in `docs/catalogue.md`."""

import json
import logging
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.errors import CatalogueError
from index.feeds.fields import BadFieldError, Fault, Row, currency_of, shortened
from index.feeds.rows import RowReader
from index.feeds.shapes import expected_in
from index.items import Item, ItemId

log = logging.getLogger(__name__)

_LONGEST_LINE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Feed:
    """The items of a feed in its order, and everything that was wrong with it."""

    items: tuple[Item, ...]
    faults: tuple[Fault, ...]


def read_items(
    path: Path, *, on_bad_row: Literal["refuse", "skip"] = "refuse", default_currency: str | None = None
) -> Feed:
    """Read a catalogue.

    Args:
        path: a UTF-8 file; pictures are paths relative to its folder.
        on_bad_row: `refuse` loads nothing if any row is bad, `skip` loads the rest. A picture that is missing or lies
            outside the folder is a fault too, but only the picture is left out.
        default_currency: ISO 4217 code of prices that name none.

    Raises:
        CatalogueError: the file is missing, empty, or has bad rows and `on_bad_row` is `refuse`; `rows` lists them all.
        ValueError: `default_currency` is no currency.
    """
    try:
        currency = currency_of(default_currency, None)
    except BadFieldError:
        raise ValueError(f"default_currency is {shortened(default_currency)}, expected an ISO 4217 code") from None
    reader = RowReader(path.parent.resolve(), currency)
    items: dict[ItemId, Item] = {}
    faults: list[Fault] = []
    for line, raw in byte_lines(path):
        try:
            item, lost_pictures = reader.item(parsed(raw), line)
            if item.id in items:
                raise BadFieldError("id", item.id, "an id no other row has")
            items[item.id] = item
            faults += lost_pictures
        except BadFieldError as bad:
            faults.append(bad.fault(line))
    refuse(path, items, faults, on_bad_row, expected_in("lines"))
    log.info("read %d items from %s, %d faults", len(items), path.name, len(faults))
    return Feed(tuple(with_known_links(item, items) for item in items.values()), tuple(faults))


def refuse(path: Path, items: dict[ItemId, Item], faults: list[Fault], on_bad_row: str, lacking: str) -> None:
    """Return where something of the feed may be loaded; `lacking` is the hint where there is nothing.

    Raises:
        CatalogueError: rows are bad and `on_bad_row` is `refuse`, or there are no items.
    """
    lost = [fault for fault in faults if fault.loses_item]
    rows = tuple(str(fault) for fault in lost)
    if lost and on_bad_row == "refuse":
        raise CatalogueError(
            f"{path.name} has {len(lost)} bad rows, so nothing was loaded: {rows[0]}",
            hint="correct the rows listed, or leave them out: --skip-bad (make demo SKIP_BAD=1)",
            rows=rows,
        )
    if not items:
        raise CatalogueError(
            f"{path.name} holds no items",
            hint=f"each of its rows is bad; {lacking}" if rows else lacking,
            rows=rows,
        )


def byte_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1; of one of absurd length, enough to tell.

    Raises:
        CatalogueError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            line = 0
            while raw := file.readline(_LONGEST_LINE + 1):
                line += 1
                while len(raw) > _LONGEST_LINE and not raw.endswith(b"\n"):
                    rest = file.readline(_LONGEST_LINE)
                    if not rest or rest.endswith(b"\n"):
                        break
                if line == 1:
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                if raw.strip():
                    yield line, raw
    except OSError as error:
        raise CatalogueError(
            f"catalogue {path} cannot be read: {error.strerror}", hint="expected the path of a .jsonl file"
        ) from error


def parsed(raw: bytes) -> Row:
    """The object on a line.

    Raises:
        BadFieldError: the line is too long, is not UTF-8, is no JSON object, or gives a name twice.
    """
    if len(raw) > _LONGEST_LINE:
        raise BadFieldError("", f"{len(raw)} bytes or more", f"a line of at most {_LONGEST_LINE} bytes")
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise BadFieldError("", raw[:40], "UTF-8 text") from None
    try:
        row = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadFieldError("", text, "a JSON object on one line") from None
    if not isinstance(row, dict):
        raise BadFieldError("", text, "a JSON object on one line")
    return row


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names differ: of two values under one name, JSON does not say which is meant."""
    held = dict(pairs)
    if len(held) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadFieldError(twice, dict(pairs)[twice], "one value, given once")
    return held


def _no_constant(name: str) -> float:
    raise BadFieldError("", name, "finite numbers")


def with_known_links(item: Item, items: Container[ItemId]) -> Item:
    """The item with links only to those of `items`, never to itself."""
    known = {kind: tuple(one for one in ids if one in items and one != item.id) for kind, ids in item.related.items()}
    return replace(item, related={kind: ids for kind, ids in known.items() if ids})
