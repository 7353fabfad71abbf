"""Rows of any table -> items, by a mapping of columns."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from index.feeds.fields import BadFieldError, Fault, check_reduced, currency_of
from index.feeds.groups import Agreement
from index.feeds.mapping import ColumnMapping
from index.feeds.prices import price_of
from index.feeds.raw import BadRowError, ItemRow, Raw, is_remote
from index.items import Money

_YES = frozenset("true yes y 1 instock in_stock available ja oui si on preorder backorder limitedavailability".split())
_NO = frozenset("false no n 0 outofstock out_of_stock soldout unavailable nein non off discontinued".split())
_PRICES = ("price", "special_price", "list_price")


def key_of(mapping: ColumnMapping) -> Callable[[Raw], str]:
    """What tells the rows of one item, for `raw.gathered`."""
    columns = mapping.columns.get("group", ())
    return lambda raw: next((str(raw.cells[one]).strip() for one in columns if raw.cells.get(one)), "")


def price_texts(rows: Iterable[Raw | Fault], mapping: ColumnMapping) -> Iterator[object]:
    """What stands in the price columns of a table, for `prices.DecimalMark`; whole minor units tell it nothing."""
    columns = [one for ours in _PRICES if ours not in mapping.minor for one in mapping.columns.get(ours, ())]
    for row in rows:
        if isinstance(row, Raw):
            yield from (row.cells.get(one) for one in columns)


def item_row(
    rows: Sequence[Raw], mapping: ColumnMapping, currency: str | None, habit: Callable[[], str] | None = None
) -> ItemRow:
    """The rows of one item in our own shape; `habit` as for `prices.price_of`.

    Raises:
        BadFieldError: none of the rows is usable; the first fault, named by its column.
    """
    good: list[dict[str, Any]] = []
    lines: list[int] = []
    bad: list[BadRowError] = []
    group = key_of(mapping)(rows[0])
    agreement = Agreement()
    for raw in rows:
        try:
            row = _row(raw, mapping, currency, habit)
            if group:
                prices = {ours: row.get(ours) for ours in _PRICES}
                agreement.admit(raw.line, _variant(row, row["options"]), prices, lambda ours: _named(mapping, ours))
            good.append(row)
            lines.append(raw.line)
        except BadRowError as error:
            bad.append(error)
        except BadFieldError as error:
            bad.append(BadRowError(raw.line, error.field, error.value, error.expected))
    if not good:
        raise bad[0]
    options = [row.pop("options") for row in good]
    row = dict(good[0])
    if group:
        row["id"] = group
        row["variants"] = [_variant(one, chosen) for one, chosen in zip(good, options, strict=True)]
        priced = [
            (price, at)
            for at, one in enumerate(good)
            if (price := _cost(one)) and one.get("stock") != 0 and one.get("in_stock") is not False
        ]
        if priced:
            row |= {name: good[min(priced)[1]].get(name) for name in _PRICES}
        row["images"] = list(dict.fromkeys(path for one in good for path in one["images"]))
        row["stock"] = row["in_stock"] = None
    else:
        row["variants"] = {name: values for name, value in options[0].items() if (values := _several(value))}
    remote = next(((line, _column(mapping, "images"), path) for line, one in zip(lines, good, strict=True)
                   for path in one["images"] if is_remote(path)), None)  # fmt: skip
    row["images"] = [path for path in row["images"] if not is_remote(path)]
    names = {ours.split(".")[0]: columns[0] for ours, columns in mapping.columns.items() if "." not in ours}
    if group:
        names["id"] = _column(mapping, "group")
    return ItemRow(row, lines[0], tuple(error.fault(error.line) for error in bad), names, remote)


def _cost(row: Mapping[str, Any]) -> Money | None:
    return row.get("special_price") or row.get("price")


def _named(mapping: ColumnMapping, ours: str) -> str:
    """The column of a variant's field."""
    return _column(mapping, "variant_id" if ours == "id" and "variant_id" in mapping.columns else ours)


def _column(mapping: ColumnMapping, ours: str) -> str:
    return next(iter(mapping.columns.get(ours, ())), ours)


def _row(raw: Raw, mapping: ColumnMapping, currency: str | None, habit: Callable[[], str] | None) -> dict[str, Any]:
    """One row in our own shape, prices as money, `options` still apart."""
    held: dict[str, Any] = {}
    for ours in {**mapping.columns, **mapping.constants}:
        values = [raw.cells[one] for one in mapping.columns.get(ours, ()) if one in raw.cells]
        if not values and ours in mapping.constants:
            values = [mapping.constants[ours]]
        if values:
            held[ours] = values[0] if len(values) == 1 else [v for one in values for v in _several(one)]
    code = _currency(held.get("currency"), mapping, currency)
    row: dict[str, Any] = {"options": {}, "attributes": {}, "links": {}, "images": [], "currency": code}
    for ours, value in held.items():
        part, _, name = ours.partition(".")
        column = _column(mapping, ours)
        if name:
            row[part][name] = _split(value, mapping.separators.get(ours))
        elif ours in _PRICES:
            minor = ours in mapping.minor
            row[ours] = price_of(value, column, code, minor=minor, decimal=mapping.decimal, habit=habit)
        elif ours in ("stock", "rating", "rating_count"):
            row[ours] = _number(value, column)
        elif ours == "in_stock":
            row[ours] = _truth(value, column)
        elif ours == "images":
            row[ours] = _paths(value, mapping.separators.get(ours))
        elif ours == "categories":
            row[ours] = _split(value, mapping.separators.get(ours))
        elif ours != "currency":
            row[ours] = (
                value if isinstance(value, str | int | float) and not isinstance(value, bool) else _bad(column, value)
            )
    if (price := row.get("price")) and (special := row.get("special_price")):
        check_reduced(special, price, _column(mapping, "special_price"), held["special_price"])
    for ours in ("id", "variant_id"):
        if ours in row:
            row[ours] = _tidy_id(row[ours])
    if "variant_id" not in row and mapping.columns.get("id") == mapping.columns.get("group"):
        row["variant_id"] = None  # what all rows of the item share names none of them
    for ours in ("title", "brand", "description"):
        if isinstance(row.get(ours), int | float):
            row[ours] = str(row[ours])
    return row


def _currency(value: Any, mapping: ColumnMapping, default: str | None) -> str | None:
    try:
        return currency_of(value, default)
    except BadFieldError as bad:
        raise BadFieldError(_column(mapping, "currency"), bad.value, bad.expected) from None


def _tidy_id(name: Any) -> Any:
    if isinstance(name, float) and name.is_integer():
        return int(name)  # pandas makes floats of whole numbers where some are missing
    return name.strip() if isinstance(name, str) else name


def _bad(column: str, value: Any) -> Any:
    raise BadFieldError(column, value, "text")


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _split(value: Any, separator: str | None) -> Any:
    """A cell with several values as their list: JSON lists are read, text is split only where a separator is known."""
    if not isinstance(value, str):
        return value
    if separator:
        return [part.strip() for part in value.split(separator) if part.strip()]
    if value.startswith("[") and value.endswith("]"):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return found if isinstance(found, list) and not any(isinstance(v, list | dict) for v in found) else value
    return value


def _paths(value: Any, separator: str | None) -> list[Any]:
    found: list[Any] = []
    for one in _several(_split(value, separator)):
        parts = re.split(r"[|;,]\s*(?=https?:)|[|;]", one) if isinstance(one, str) and not separator else [one]
        found += [part.strip() if isinstance(part, str) else part for part in parts if part]
    return found


def _number(value: Any, column: str) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9]{1,12}(?:[.,][0-9]{1,9})?", text) is None:
        raise BadFieldError(column, value, "a number")
    number = float(text.replace(",", "."))
    return int(number) if number == int(number) else number


def _truth(value: Any, column: str) -> bool | None:
    if isinstance(value, bool):
        return value
    text = re.sub(r"[\s\-]+", "", str(value).strip().lower())
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise BadFieldError(column, value, "yes or no")


def _variant(row: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    named = {"id": row.get("variant_id", row.get("id")), "options": options, "price": _cost(row)}
    return named | {name: row[name] for name in ("stock", "in_stock") if row.get(name) is not None}
