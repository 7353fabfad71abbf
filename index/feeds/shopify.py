"""Shopify product exports, of both generations of headers: rows that share a handle -> one item with its variants."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.feeds.fields import BadFieldError, Fault
from index.feeds.groups import Agreement
from index.feeds.prices import price_of
from index.feeds.raw import BadRowError, ItemRow, Raw, is_remote
from index.items import Money

_HANDLE = ("handle", "url handle")
_BODY = ("body (html)", "description")
_SKU = ("variant sku", "sku")
_PRICE = ("variant price", "price")
_COMPARED = ("variant compare at price", "compare-at price")
_QUANTITY = ("variant inventory qty", "inventory quantity")
_TRACKER = ("variant inventory tracker", "inventory tracker")
_OVERSOLD = ("variant inventory policy", "continue selling when out of stock")
_GRAMS = ("variant grams", "weight value (grams)")
_BARCODE = ("variant barcode", "barcode")
_PICTURE = ("image src", "product image url")
_OWN_PICTURE = ("variant image", "variant image url")
_PUBLISHED = ("published", "published on online store")
_METAFIELD = re.compile(r"(.+?)\s*\((?:product\.)?metafields\.[^()]+\)")
_GOOGLE = {"gender": "gender", "age group": "age_group", "mpn": "mpn", "condition": "condition"}


def is_shopify_header(header: Sequence[str]) -> bool:
    """Whether a table is a product export of Shopify."""
    names = {name.strip().lower() for name in header}
    telling = {"option1 name", "option1 value", "variant price", "body (html)", "url handle", "variant sku"}
    return "title" in names and len(names & telling) >= 1 and bool(names & {*_HANDLE, "option1 name", "variant price"})


def lowered(raw: Raw) -> Raw:
    """The row with the names of its columns as this module looks for them, and booleans as an export writes them."""
    cells = {name.strip().lower(): cell for name, cell in raw.cells.items()}
    return Raw(raw.line, {name: str(cell).lower() if isinstance(cell, bool) else cell for name, cell in cells.items()})


def handle_of(raw: Raw) -> str:
    """What the rows of one item share: the handle, or what Shopify would make of the title; "" if both are missing."""
    if handle := _cell(raw, *_HANDLE):
        return handle
    return re.sub(r"[^\w]+", "-", _cell(raw, "title").lower()).strip("-")


def _cell(raw: Raw, *names: str) -> str:
    return next((str(raw.cells[name]).strip() for name in names if raw.cells.get(name)), "")


@dataclass(frozen=True, slots=True)
class _Offer:
    sku: str
    options: dict[str, str]
    price: Money | None
    compared: Money | None
    stock: int | None


def price_texts(rows: Iterable[Raw | Fault]) -> Iterator[object]:
    """What stands for prices in an export, for `prices.DecimalMark`."""
    for row in rows:
        if isinstance(row, Raw):
            yield from (row.cells.get(name) for name in (*_PRICE, *_COMPARED))


def item_row(rows: Sequence[Raw], currency: str | None, habit: Callable[[], str] | None = None) -> ItemRow:
    """The rows of one handle in our own shape; `habit` as for `prices.price_of`.

    Raises:
        BadFieldError: no handle, or none of the variants is usable; the first fault.
    """
    first = rows[0]
    handle = handle_of(first)
    if not handle:
        raise BadRowError(first.line, "handle", None, "a handle or a title")
    head = next((raw for raw in rows if raw.text("title")), first)
    options = [_cell(head, f"option{at} name") for at in (1, 2, 3)]
    offers: list[_Offer] = []
    bad: list[BadFieldError] = []
    agreement = Agreement()
    for raw in rows:
        try:
            if _is_variant(raw) or raw is head:
                offer = _offer(raw, options, currency, habit)
                prices = {_named(raw, _PRICE): offer.price, _named(raw, _COMPARED): offer.compared}
                agreement.admit(raw.line, {"options": offer.options}, prices, lambda column: column)
                offers.append(offer)
        except BadFieldError as error:
            bad.append(BadRowError(raw.line, error.field, error.value, error.expected))
    if not offers:
        raise bad[0]
    pictures, elsewhere = _pictures(rows)
    row: dict[str, Any] = {
        "id": handle,
        "title": head.text("title"),
        "description": head.text(*_BODY),
        "brand": head.text("vendor"),
        "categories": _categories(head),
        "attributes": _attributes(head, offers),
        "images": pictures,
    }
    if len(offers) > 1 or offers[0].options:
        row["variants"] = _variants(offers, handle)
    else:
        row["stock"] = offers[0].stock
    best = min((o for o in offers if o.price and o.stock != 0), key=_amount, default=offers[0])
    row["price"], row["list_price"] = best.price, best.compared
    faults = tuple(error.fault(first.line) for error in bad)
    named = {"title": "title", "brand": "vendor"}
    named |= {
        ours: _named(head, names) for ours, names in (("id", _HANDLE), ("description", _BODY), ("images", _PICTURE))
    }
    return ItemRow(row, first.line, faults, named, elsewhere)


def withdrawn(rows: Sequence[Raw]) -> tuple[str, str] | None:
    """The column and value that say the item is not for sale; None if it is."""
    for raw in rows:
        status, published = raw.text("status"), raw.text(*_PUBLISHED)
        if status.lower() in ("draft", "archived", "unlisted"):
            return "status", status
        if published.lower() in ("false", "no", "0"):
            return "published", published
    return None


def _amount(offer: _Offer) -> int:
    return offer.price.amount_minor if offer.price else 0


def _is_variant(raw: Raw) -> bool:
    """A row with only a picture adds that and nothing else."""
    return bool(raw.text("option1 value", *_SKU, *_PRICE))


def _offer(raw: Raw, names: Sequence[str], currency: str | None, habit: Callable[[], str] | None) -> _Offer:
    price = price_of(raw.text(*_PRICE) or None, _named(raw, _PRICE), currency, habit=habit)
    compared = price_of(raw.text(*_COMPARED) or None, _named(raw, _COMPARED), currency, habit=habit)
    values = [raw.text(f"option{at} value") for at in (1, 2, 3)]
    options = {name.lower(): value for name, value in zip(names, values, strict=True) if name and value}
    if options == {"title": "Default Title"}:
        options = {}
    return _Offer(raw.text(*_SKU).lstrip("'"), options, price, compared, _stock(raw))


def _named(raw: Raw, names: Sequence[str]) -> str:
    return next((name for name in names if name in raw.cells), names[0])


def _stock(raw: Raw) -> int | None:
    """Pieces left; None where nobody counts, or where the shop sells on when there are none."""
    quantity = raw.text(*_QUANTITY)
    if raw.text(*_OVERSOLD).lower() in ("continue", "true", "yes"):
        return None
    if not quantity or raw.text(*_TRACKER).lower() in ("none", "not tracked"):
        return None
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.0*)?", quantity):
        raise BadFieldError(_named(raw, _QUANTITY), quantity, "a whole number")
    return max(0, int(float(quantity)))  # Shopify counts below zero what was sold but not there


def _variants(offers: Sequence[_Offer], handle: str) -> list[dict[str, Any]]:
    """SKUs name the variants where every one has its own; Shopify does not insist."""
    skus = [offer.sku for offer in offers]
    distinct = all(skus) and len(set(skus)) == len(skus)
    return [
        {
            "id": offer.sku if distinct else f"{handle}/{at + 1}",
            "options": offer.options,
            "price": offer.price,
            "stock": offer.stock,
        }
        for at, offer in enumerate(offers)
    ]


def _categories(head: Raw) -> list[str]:
    found = [head.text("product category", "google shopping / google product category"), head.text("type")]
    return [one for one in found if one and not one.isdigit()]


def _attributes(head: Raw, offers: Sequence[_Offer]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if tags := [tag.strip() for tag in head.text("tags").split(",") if tag.strip()]:
        found["tags"] = tags
    for column in head.cells:
        if column.startswith("google shopping / ") and (name := _GOOGLE.get(column.split(" / ")[1])):
            found[name] = head.text(column)
        elif (field := _METAFIELD.fullmatch(column)) is not None:
            parts = re.split(r"[;\n]", head.text(column))
            found[field.group(1).lower()] = [one.strip() for one in parts if one.strip()]
    if len(offers) == 1:
        if barcode := head.text(*_BARCODE).lstrip("'"):
            found["gtin"] = barcode
        if (grams := head.text(*_GRAMS)) and grams.strip("0."):
            found["weight"] = f"{grams} g"
    return found


def _pictures(rows: Sequence[Raw]) -> tuple[list[dict[str, str]], tuple[int, str, str] | None]:
    """The pictures by their position, and the first that lies elsewhere."""
    found: list[tuple[int, dict[str, str]]] = []
    elsewhere: tuple[int, str, str] | None = None
    for names in (_PICTURE, _OWN_PICTURE):
        for raw in rows:
            path = raw.text(*names)
            if is_remote(path):
                elsewhere = elsewhere or (raw.line, _named(raw, names), path)
            elif path and path not in [one["path"] for _, one in found]:
                at = raw.text("image position") if names == _PICTURE else ""
                alt = raw.text("image alt text") if names == _PICTURE else ""
                found.append((int(at) if at.isascii() and at.isdigit() else len(found) + 1, {"path": path, "alt": alt}))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])], elsewhere
