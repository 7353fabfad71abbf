"""One door for every kind of feed: whatever a shop exports -> items, and a report of every bad row."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from index.errors import CatalogueError
from index.feeds import json_ld, mapped, merchant_center, schema_org, shopify
from index.feeds.documents import json_values, page_values
from index.feeds.fields import BadFieldError, Fault, currency_of, shortened
from index.feeds.jsonl import Feed, byte_lines, parsed, refuse, with_known_links
from index.feeds.mapping import ColumnMapping, guessed_mapping, read_mapping
from index.feeds.merchant_xml import xml_rows
from index.feeds.prices import DecimalMark
from index.feeds.raw import ItemRow, Raw, gathered
from index.feeds.rows import RowReader
from index.feeds.shapes import FORMS, PAGES, Form, Kind, check_asked, expected_in, kind_of
from index.feeds.tables import Meter, csv_rows, parquet_header, parquet_rows, table_header
from index.items import Item, ItemId

__all__ = ["FORMS", "Form", "Progress", "read_feed", "stream_feed"]

log = logging.getLogger(__name__)

Progress = Callable[[int, float], None]
"""Called every thousand items with the items so far and the share of the file that has been read, 0 to 1."""

_EVERY = 1_000
_WHOLE = 64 * 1024 * 1024
_Found = ItemRow | Fault | BadFieldError
Habit = Callable[[], str]


def read_feed(
    path: Path,
    *,
    on_bad_row: Literal["refuse", "skip"] = "refuse",
    default_currency: str | None = None,
    mapping: Path | ColumnMapping | None = None,
    form: Form | None = None,
    near_duplicates: float | None = None,
    outward_links: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> Feed:
    """Read a feed as a whole.

    Args:
        path: a file, or a folder of HTML or JSON-LD pages; pictures are paths relative to its folder.
        on_bad_row: `refuse` loads nothing if any row is bad, `skip` loads the rest.
        default_currency: ISO 4217 code of prices that name none; Shopify exports name none.
        mapping: which column is which field, for tables that are none of the known forms.
        form: what to take the feed for; None to see for ourselves.
        near_duplicates: report items whose words are at least this alike, 0 to 1; both stay. None does not look.
        outward_links: keep links to items that the feed does not hold, for one that is part of a catalogue.
        now: the time for sales with dates; None is the present.

    Raises:
        CatalogueError: the file cannot be read or recognised, has no items, or has bad rows that are refused.
        ValueError: `default_currency` is no currency.
    """
    items: dict[ItemId, Item] = {}
    faults: list[Fault] = []
    lines: dict[ItemId, int] = {}
    stream = stream_feed(
        path, default_currency=default_currency, mapping=mapping, form=form, progress=progress, now=now, lines=lines
    )
    for found in stream:
        if isinstance(found, Fault):
            faults.append(found)
        else:
            items[found.id] = found
    refuse(path, items, faults, on_bad_row, "" if items else expected_in(kind_of(path)))
    if near_duplicates is not None:
        from index.duplicates import near_duplicates as alike

        for first, second, likeness in alike(list(items.values()), near_duplicates):
            value = f"{second} reads {likeness:.0%} like {first}"
            faults.append(Fault(lines[second], "title", shortened(value), "an item unlike the others", False))
    log.info("read %d items from %s, %d faults", len(items), path.name, len(faults))
    whole = items.values() if outward_links else (with_known_links(item, items) for item in items.values())
    return Feed(tuple(whole), tuple(faults))


def stream_feed(
    path: Path,
    *,
    default_currency: str | None = None,
    mapping: Path | ColumnMapping | None = None,
    form: Form | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
    lines: dict[ItemId, int] | None = None,
) -> Iterator[Item | Fault]:
    """The items of a feed and its faults, one by one as they are read; arguments as `read_feed`.

    Links are as the feed has them, also to items it does not hold. `lines`, if given, is filled with the line of each.

    Raises:
        CatalogueError: the file cannot be read or recognised.
        ValueError: `default_currency` is no currency.

    Cost: memory for 16 bytes an item, to find ids that occur twice, and for the item at hand.
    """
    try:
        currency = currency_of(default_currency, None)
    except BadFieldError:
        raise ValueError(f"default_currency is {shortened(default_currency)}, expected an ISO 4217 code") from None
    share = [0.0]
    source = _Source(path, currency, now or datetime.now(UTC), lambda part: share.__setitem__(0, part))
    if form is not None and form not in FORMS:
        raise ValueError(f"form is {form!a}, expected one of {', '.join(FORMS)}")
    known = read_mapping(mapping) if isinstance(mapping, Path) else mapping
    folder = (path if path.is_dir() else path.parent).resolve()
    reader = RowReader(folder, currency)
    seen: set[bytes] = set()
    told_of_pictures = False
    count = 0
    for found in source.rows(form, known):
        if not isinstance(found, ItemRow):
            yield found.fault(1) if isinstance(found, BadFieldError) else found
            continue
        yield from found.faults
        if found.remote and not told_of_pictures:
            told_of_pictures = True
            line, column, address = found.remote
            expected = "a picture file inside the catalogue's folder; addresses are never fetched, and told of once"
            yield Fault(line, column, shortened(address), expected, loses_item=False)
        try:
            item, lost = reader.item(found.row, found.line)
            digest = blake2b(item.id.encode(), digest_size=16).digest()
            if digest in seen:
                raise BadFieldError("id", item.id, "an id no other row has")
        except BadFieldError as bad:
            yield _renamed(bad.fault(found.line), found.names)
            continue
        seen.add(digest)
        if lines is not None:
            lines[item.id] = found.line
        count += 1
        yield item
        yield from (_renamed(fault, found.names) for fault in lost)
        if progress and count % _EVERY == 0:
            progress(count, share[0])
    if progress:
        progress(count, 1.0)


def _renamed(fault: Fault, names: Mapping[str, str] | None) -> Fault:
    """The fault with the file's own name of the field."""
    ours = re.match(r"\w*", fault.field)
    name = (names or {}).get(ours.group()) if ours else None
    return replace(fault, field=name) if name else fault


@dataclass(frozen=True, slots=True)
class _Source:
    """A file, and what is known of it before its rows are read."""

    path: Path
    currency: str | None
    now: datetime
    meter: Meter

    def rows(self, form: Form | None, mapping: ColumnMapping | None) -> Iterator[_Found]:
        """Every item of the file in our own shape, and what was wrong with others."""
        kind = kind_of(self.path)
        check_asked(self.path, kind, form, mapped=mapping is not None)
        if kind == "table" or kind == "parquet":
            return self._table(kind, form, mapping)
        if kind == "xml":
            habit = DecimalMark(lambda: merchant_center.price_texts(xml_rows(self.path)))
            return self._merchant(lambda: xml_rows(self.path, meter=self.meter), habit)
        if kind == "pages":
            return self._folder(self._pages())
        if kind == "lines":
            return self._lines(form)
        is_page = kind == "page"
        habit = DecimalMark(lambda: json_ld.price_texts(_values(self.path, is_page)))
        return self._documents(_values(self.path, is_page, self.meter), form, habit)

    def _pages(self) -> list[Path]:
        """The pages of a folder; a link that leads nowhere is one too, so that it is told of."""
        named = (one for one in self.path.rglob("*") if one.suffix.lower() in (*PAGES, ".json", ".jsonld"))
        pages = sorted(one for one in named if one.is_file() or not one.exists())
        if not pages:
            raise CatalogueError(f"{self.path} holds no pages", hint="expected .html, .json or .jsonld files")
        return pages

    def _folder(self, pages: list[Path]) -> Iterator[_Found]:
        def read(page: Path) -> Iterator[tuple[int, Any] | Fault]:
            try:
                yield from _values(page, page.suffix.lower() in PAGES)
            except CatalogueError as error:
                yield BadFieldError("", str(error.__cause__ or error), "a page that can be read").fault(1)

        habit = DecimalMark(lambda: (text for page in pages for text in json_ld.price_texts(read(page))))
        for page in pages:
            for found in self._documents(read(page), None, habit):
                if isinstance(found, Fault):
                    yield replace(found, field=f"{page.name}: {found.field}".rstrip(": "))
                else:
                    yield found

    def _documents(
        self, values: Iterable[tuple[int, Any] | Fault], form: Form | None, habit: DecimalMark
    ) -> Iterator[_Found]:
        """Documents of moderate size as wholes, since their parts point at each other; larger ones part by part."""
        if self.path.is_file() and self.path.stat().st_size > _WHOLE:
            for value in values:
                if isinstance(value, Fault):
                    yield value
                else:
                    yield from _from_values([value], self.currency, form, habit)
        else:
            held: list[tuple[int, Any]] = []
            for value in values:
                if isinstance(value, Fault):
                    yield value
                else:
                    held.append(value)
            yield from _from_values(held, self.currency, form, habit)

    def _lines(self, form: Form | None) -> Iterator[_Found]:
        size = max(1, self.path.stat().st_size) if self.path.is_file() else 1
        read = 0
        habit = DecimalMark(lambda: json_ld.price_texts(_parsed_lines(self.path)))
        for line, raw in byte_lines(self.path):
            read += len(raw)
            self.meter(read / size)
            try:
                row = parsed(raw)
            except BadFieldError as bad:
                yield bad.fault(line)
                continue
            if form == "schema_org" or (form is None and ("@type" in row or "@graph" in row)):
                yield from _from_values([(line, row)], self.currency, "schema_org", habit)
            else:
                yield ItemRow(row, line)

    def _table(self, kind: Kind, form: Form | None, mapping: ColumnMapping | None) -> Iterator[_Found]:
        read: Callable[[Meter | None], Iterator[Raw | Fault]]
        rows: Callable[[Meter | None], Iterator[Raw | Fault]]
        if kind == "parquet":
            header = parquet_header(self.path)
            read = lambda meter: parquet_rows(self.path, meter=meter)  # noqa: E731
        else:
            how = (mapping.delimiter, mapping.encoding) if mapping else (None, None)
            header = table_header(self.path, delimiter=how[0], encoding=how[1])
            read = lambda meter: csv_rows(self.path, delimiter=how[0], encoding=how[1], meter=meter)  # noqa: E731
        if not header:
            return
        if form is None:
            form = "table" if mapping and mapping.columns else _form_of(header)
        decimal = mapping.decimal if mapping else ""
        if mapping and form != "table":
            mapping.check_unnamed(self.path.name, form)
        if form == "shopify":
            theirs = {column.strip().lower(): column for column in header}
            rows = lambda meter: _each(read(meter), shopify.lowered)  # noqa: E731
            habit = _habit(decimal, lambda: shopify.price_texts(rows(None)))
            for found in self._shopify(lambda: rows(self.meter), habit):
                yield _in_their_words(found, theirs)
        elif form == "merchant_center":
            names = merchant_center.names_in(header)
            rows = lambda meter: _each(read(meter), lambda raw: _with_names(raw, names))  # noqa: E731
            habit = _habit(decimal, lambda: merchant_center.price_texts(rows(None)))
            theirs = {name: column for column, name in reversed(names.items())}
            for found in self._merchant(lambda: rows(self.meter), habit):
                yield _in_their_words(found, theirs)
        else:
            known = guessed_mapping(header)
            if mapping:
                known = mapping if mapping.columns else replace(mapping, columns=known.columns)
            known = known.checked(header, self.path.name)
            habit = _habit(decimal, lambda: mapped.price_texts(read(None), known))
            groups = _groups(lambda: read(self.meter), mapped.key_of(known), "group" in known.columns)
            yield from _made(groups, lambda rows: mapped.item_row(rows, known, self.currency, habit))

    def _shopify(self, read: Callable[[], Iterator[Raw | Fault]], habit: Habit) -> Iterator[_Found]:
        if self.currency is None:
            raise CatalogueError(
                f"{self.path.name} is a Shopify export, which names no currency",
                hint="give the shop's currency: --currency EUR on a command, default_currency in Python",
            )
        for rows in gathered(read, shopify.handle_of):
            if isinstance(rows, Fault):
                yield rows
                continue
            try:
                why = shopify.withdrawn(rows)
                if why is None:
                    yield shopify.item_row(rows, self.currency, habit)
                else:
                    told = "an item for sale, to be loaded"
                    yield Fault(rows[0].line, why[0], shortened(why[1]), told, loses_item=False)
            except BadFieldError as bad:
                yield bad.fault(rows[0].line)

    def _merchant(self, read: Callable[[], Iterator[Raw | Fault]], habit: Habit) -> Iterator[_Found]:
        made = gathered(read, merchant_center.group_key)
        return _made(made, lambda rows: merchant_center.item_row(rows, self.currency, self.now, habit))


def _values(path: Path, is_page: bool, meter: Meter | None = None) -> Iterator[tuple[int, Any] | Fault]:
    return page_values(path) if is_page else json_values(path, meter=meter)


def _form_of(header: list[str]) -> Form:
    if shopify.is_shopify_header(header):
        return "shopify"
    return "merchant_center" if merchant_center.is_merchant_header(header) else "table"


def _habit(decimal: str, texts: Callable[[], Iterable[object]]) -> Habit:
    """How a table writes its decimals: as its mapping says, or else as its other prices show."""
    return (lambda: decimal) if decimal else DecimalMark(texts)


def _in_their_words(found: _Found, theirs: Mapping[str, str]) -> _Found:
    """Faults under the names of columns as the file spells them."""
    if isinstance(found, Fault):
        return replace(found, field=theirs.get(found.field, found.field))
    if isinstance(found, ItemRow):
        faults = tuple(replace(one, field=theirs.get(one.field, one.field)) for one in found.faults)
        names = {ours: theirs.get(column, column) for ours, column in (found.names or {}).items()}
        remote = found.remote and (found.remote[0], theirs.get(found.remote[1], found.remote[1]), found.remote[2])
        return replace(found, faults=faults, names=names, remote=remote)
    return found


def _each(rows: Iterator[Raw | Fault], change: Callable[[Raw], Raw]) -> Iterator[Raw | Fault]:
    return (row if isinstance(row, Fault) else change(row) for row in rows)


def _with_names(raw: Raw, names: Mapping[str, str]) -> Raw:
    cells: dict[str, object] = {}
    for column, cell in raw.cells.items():
        name = names.get(column, column)
        if name in cells:
            before = cells[name]
            cell = [*(before if isinstance(before, list) else [before]), *(cell if isinstance(cell, list) else [cell])]
        cells[name] = cell
    return Raw(raw.line, cells)


def _groups(
    read: Callable[[], Iterator[Raw | Fault]], key: Callable[[Raw], str], grouped: bool
) -> Iterator[list[Raw] | Fault]:
    if grouped:
        return gathered(read, key)
    return (row if isinstance(row, Fault) else [row] for row in read())


def _made(groups: Iterator[list[Raw] | Fault], make: Callable[[list[Raw]], ItemRow]) -> Iterator[_Found]:
    for rows in groups:
        if isinstance(rows, Fault):
            yield rows
            continue
        try:
            yield make(rows)
        except BadFieldError as bad:
            yield bad.fault(rows[0].line)


def _from_values(
    values: list[tuple[int, Any]], currency: str | None, form: Form | None, habit: Habit
) -> Iterator[_Found]:
    """Products as schema.org has them, and objects in our own shape that stand in a JSON array."""
    for line, value in values:
        if form == "jsonl" and not isinstance(value, dict):
            yield BadFieldError("", value, "a JSON object").fault(line)
        elif form == "jsonl" or (form is None and isinstance(value, dict) and _is_ours(value)):
            yield ItemRow(value, line)
    if form == "jsonl":
        return
    for line, path, node, by_id in json_ld.grouped_products(values):
        try:
            yield schema_org.item_row(node, line, path, by_id, currency, habit)
        except BadFieldError as bad:
            yield bad.fault(line)


def _is_ours(value: Mapping[str, Any]) -> bool:
    return "title" in value and not value.keys() & {"@type", "@graph", "@context"}


def _parsed_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for line, raw in byte_lines(path):
        with suppress(BadFieldError):
            yield line, parsed(raw)
