"""Google Merchant Center product feeds: rows of the product data specification -> items with their variants."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index.feeds.fields import BadFieldError, Fault, check_reduced, value_texts
from index.feeds.groups import Agreement
from index.feeds.prices import price_of
from index.feeds.raw import BadRowError, ItemRow, Raw, is_remote
from index.items import Money

_CHOICES = ("color", "size", "pattern", "material", "gender", "age_group", "size_type", "size_system")
_FACTS = (
    *_CHOICES,
    *"gtin mpn condition multipack is_bundle energy_efficiency_class unit_pricing_measure".split(),
    *"product_length product_width product_height product_weight adult".split(),
)
_AVAILABLE = {
    "in_stock": True,
    "limited_availability": True,
    "preorder": True,
    "backorder": True,
    "out_of_stock": False,
    "sold_out": False,
    "discontinued": False,
}
_FIELDS = {"title": "title", "description": "description", "brand": "brand", "images": "image_link"}
_SEPARATED = re.compile(r"""\s*("(?:[^"]|"")*"|[^,]*)\s*(?:,|$)""")


def names_in(header: Sequence[str]) -> dict[str, str]:
    """The file's columns -> the attribute each holds: `g:id`, `Item group ID` and `item_group_id` read alike."""
    return {column: attribute_name(column) for column in header}


def attribute_name(column: str) -> str:
    """The attribute of the specification that a column or an XML element is named for."""
    bracketed = re.search(r"\[([a-z_ ]+)\]\s*$", column)
    name = (bracketed.group(1) if bracketed else column).strip().lower()
    name = name.removeprefix("g:").removeprefix("c:")
    return re.sub(r"[\s\-]+", "_", re.sub(r"\(.*\)$", "", name).strip())


def is_merchant_header(header: Sequence[str]) -> bool:
    """Whether a table is one of Merchant Center's."""
    names = set(names_in(header).values())
    telling = {"image_link", "availability", "google_product_category", "item_group_id", "additional_image_link"}
    return {"id", "title"} <= names and bool(names & telling)


def group_key(row: Raw) -> str:
    """What the rows of one item share; "" for an item of a single row."""
    return str(row.cells.get("item_group_id", "") or "").strip()


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one row says is for sale."""

    id: str
    price: Money | None
    regular: Money | None
    available: bool | None
    status: str
    raw: Raw


def price_texts(rows: Iterable[Raw | Fault]) -> Iterator[object]:
    """What stands for prices in a feed, for `prices.DecimalMark`."""
    for row in rows:
        if isinstance(row, Raw):
            yield from (one for name in ("price", "sale_price") for one in row.texts(name))


def item_row(
    rows: Sequence[Raw], currency: str | None, now: datetime, habit: Callable[[], str] | None = None
) -> ItemRow:
    """The rows of one item, their cells named by attribute, in our own shape; `habit` as for `prices.price_of`.

    Raises:
        BadFieldError: none of the rows is usable; the first fault.
    """
    offers: list[_Offer] = []
    bad: list[BadFieldError] = []
    agreement = Agreement()
    for raw in rows:
        try:
            offer = _offer(raw, currency, now, habit)
            sold = {"id": offer.id, "price": offer.price}
            agreement.admit(raw.line, sold, {"price": offer.price}, lambda ours: ours)
            offers.append(offer)
        except BadFieldError as error:
            bad.append(error)
    if not offers:
        raise bad[0]
    first = offers[0].raw
    group = group_key(first)
    images = [(raw.line, name, path) for raw in (o.raw for o in offers) for name, path in _pictures(raw)]
    local = [path for _, _, path in images if not is_remote(path)]
    elsewhere = next((image for image in images if is_remote(image[2])), None)
    row: dict[str, Any] = {
        "id": group or offers[0].id,
        "title": _title(offers) if len(offers) > 1 else first.text("title", "structured_title"),
        "description": _description(first),
        "brand": first.text("brand"),
        "categories": _categories(first),
        "images": list(dict.fromkeys(local)),
    }
    differing = _differing(offers) if group else ()
    row["attributes"] = _attributes(offers, differing)
    if group and (len(offers) > 1 or differing):
        row["variants"] = [_variant(offer, differing) for offer in offers]
    elif offers[0].available is False:
        row["in_stock"] = False
    cheapest = min((o for o in offers if o.price and o.available is not False), key=_amount, default=offers[0])
    row["price"], row["list_price"] = cheapest.price, cheapest.regular
    faults = tuple(error.fault(first.line) for error in bad)
    names = _FIELDS | {"id": "item_group_id" if group else "id"}
    return ItemRow(row, first.line, faults, names, elsewhere)


def _amount(offer: _Offer) -> int:
    return offer.price.amount_minor if offer.price else 0


def _offer(raw: Raw, currency: str | None, now: datetime, habit: Callable[[], str] | None) -> _Offer:
    try:
        offer_id = raw.text("id")
        if not offer_id:
            raise BadFieldError("id", raw.cells.get("id"), "an id")
        if not raw.text("title", "structured_title"):
            raise BadFieldError("title", raw.cells.get("title"), "some text")
        price = price_of(raw.text("price") or None, "price", currency, habit=habit)
        code = price.currency if price else currency
        sale = price_of(raw.text("sale_price") or None, "sale_price", code, habit=habit)
        in_effect = sale is not None and _in_effect(raw.text("sale_price_effective_date"), now)
        if price and sale and (in_effect or sale.currency != price.currency):
            check_reduced(sale, price, "sale_price", raw.text("sale_price"))  # one that is over may be higher
        status = re.sub(r"[\s\-]+", "_", raw.text("availability").lower())
        if status and status not in _AVAILABLE:
            raise BadFieldError("availability", status, "in_stock, out_of_stock, preorder or backorder")
    except BadRowError:
        raise
    except BadFieldError as error:
        raise BadRowError(raw.line, error.field, error.value, error.expected) from None
    now_costs, regular = (sale, price) if in_effect else (price, None)
    return _Offer(offer_id, now_costs, regular, _AVAILABLE.get(status), status, raw)


def _in_effect(interval: str, now: datetime) -> bool:
    """Whether a sale is on; one without dates always is. A time without a zone is in UTC."""
    if not interval:
        return True
    start, _, end = interval.partition("/")
    try:
        first, last = datetime.fromisoformat(start.strip()), datetime.fromisoformat(end.strip())
        first, last = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (first, last))
        return first <= now <= last
    except ValueError:
        expected = "two ISO 8601 times, such as 2026-02-24T11:07+0100/2026-02-28T23:07+0100"
        raise BadFieldError("sale_price_effective_date", interval, expected) from None


def separated(text: str) -> list[str]:
    """The values of a repeated attribute in one cell: split at commas that are not within quotes."""
    values = [match.group(1).strip() for match in _SEPARATED.finditer(text)]
    return [value.strip('"').replace('""', '"') for value in values if value.strip('"')]


def _pictures(raw: Raw) -> list[tuple[str, str]]:
    main = [("image_link", str(one).strip()) for one in raw.texts("image_link")]
    more = [
        ("additional_image_link", path)
        for one in (*raw.texts("additional_image_link"), *raw.texts("lifestyle_image_link"))
        for path in separated(str(one))
    ]
    return [(name, path) for name, path in (*main, *more) if path]


def _description(raw: Raw) -> str:
    highlights = [text for one in raw.texts("product_highlight") for text in separated(str(one))]
    return "\n".join(part for part in (raw.text("description", "structured_description"), *highlights) if part)


def _categories(raw: Raw) -> list[str]:
    """The shop's own categories, and Google's only if it gives none; an id of Google's taxonomy says nothing to us."""
    own = [path for one in raw.texts("product_type") for path in separated(str(one))]
    if own:
        return own
    return [str(one) for one in raw.texts("google_product_category") if not str(one).strip().isdigit()]


def _differing(offers: Sequence[_Offer]) -> tuple[str, ...]:
    """What a buyer chooses among: what differs between the rows; for a single row, its colour and size."""
    if len(offers) == 1:
        return tuple(name for name in ("color", "size") if offers[0].raw.text(name))
    return tuple(name for name in _CHOICES if len({offer.raw.text(name) for offer in offers}) > 1)


def _variant(offer: _Offer, differing: Sequence[str]) -> dict[str, Any]:
    options = {name: text for name in differing if (text := offer.raw.text(name))}
    variant: dict[str, Any] = {"id": offer.id, "options": options, "price": offer.price}
    if offer.available is False:
        variant["in_stock"] = False
    return variant


def _attributes(offers: Sequence[_Offer], differing: Sequence[str]) -> dict[str, list[str]]:
    raw = offers[0].raw
    found: dict[str, list[str]] = {}
    for name in _FACTS:
        if name in differing or (name in ("gtin", "mpn") and len(offers) > 1):
            continue
        texts = [text for one in raw.texts(name) for text in value_texts(one, name)]
        if name in ("color", "material"):
            texts = [part.strip() for text in texts for part in text.split("/")]
        if texts:
            found[name] = texts
    for detail in raw.texts("product_detail"):
        for name, value in _details(detail):
            found.setdefault(name, []).append(value)
    if offers[0].status in ("preorder", "backorder"):
        found["availability"] = [offers[0].status]
    return found


def _details(detail: Any) -> list[tuple[str, str]]:
    """`General:Product type:Digital player`, several with commas between; in XML the three are elements."""
    if isinstance(detail, dict):
        name, value = detail.get("attribute_name"), detail.get("attribute_value")
        return [(name.strip(), value.strip())] if isinstance(name, str) and isinstance(value, str) else []
    parts = [one.split(":", 2) for one in separated(str(detail))]
    return [(part[1].strip(), part[2].strip()) for part in parts if len(part) == 3 and part[1].strip()]


def _title(offers: Sequence[_Offer]) -> str:
    """The name the variants share: without the values they differ in, or else the words they begin with."""
    titles = [offer.raw.text("title", "structured_title") for offer in offers]
    if len(set(titles)) == 1:
        return titles[0]
    bare: set[str] = set()
    for offer, title in zip(offers, titles, strict=True):
        for name in _CHOICES:
            if value := offer.raw.text(name):
                title = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", " ", title, flags=re.IGNORECASE)
        bare.add(_trimmed(title))
    if len(bare) == 1 and (shared := bare.pop()):
        return shared
    words = [title.split() for title in titles]
    common = 0
    while all(len(one) > common for one in words) and len({one[common] for one in words}) == 1:
        common += 1
    shared = _trimmed(" ".join(words[0][:common]))
    return shared if common * 2 >= min(map(len, words)) and shared else titles[0]


def _trimmed(title: str) -> str:
    """Without the brackets and dashes that held what was taken out."""
    title = re.sub(r"\(\s*[,/|\-]*\s*\)|\[\s*\]", " ", title)
    title = re.sub(r"\s+[,/|\u2013\-](?=\s+[,/|\u2013\-]|\s*$)", " ", title)
    return " ".join(title.split()).strip(" ,/|\u2013-")
