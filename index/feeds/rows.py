"""One row in our own shape (see `docs/catalogue.md`) -> an item. Every kind of feed ends here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.feeds.fields import (
    BadFieldError,
    Fault,
    Row,
    check_reduced,
    count_of,
    currency_of,
    list_of,
    mapping_of,
    money_of,
    number_of,
    text_of,
    value_texts,
)
from index.items import Item, ItemId, Money, Picture, Review, Variant

_LONGEST_ID = 512
_OWN = frozenset("price special_price list_price currency stock in_stock rating rating_count".split())
"""What the record says in fields of its own. Attributes of such names, often out of date, are left out."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """Makes an item of a row.

    Attributes:
        folder: resolved; pictures are paths inside it.
        currency: of prices that name none, or None.
    """

    folder: Path
    currency: str | None

    def item(self, row: Row, line: int) -> tuple[Item, list[Fault]]:
        """The item of one row and the pictures it had to leave out.

        Raises:
            BadFieldError: the first field that holds nonsense.
        """
        item_id = _id_of(row.get("id"))
        currency = currency_of(row.get("currency"), self.currency)
        attributes = _attributes(row)
        options, variants = _choices(row, item_id, currency)
        price, list_price = _prices(row, currency, variants)
        reviews = _reviews(row.get("reviews"), item_id)
        rating, rating_count = _rating(row.get("rating"), row.get("rating_count"), reviews)
        pictures, lost = self._pictures(row, line)
        item = Item(
            id=item_id,
            title=text_of(row.get("title"), "title", required=True).replace("\n", " "),
            brand=text_of(row.get("brand"), "brand").replace("\n", " "),
            description=text_of(row.get("description"), "description"),
            categories=_categories(row),
            price=price,
            list_price=list_price,
            attributes=attributes,
            options=options,
            variants=variants,
            stock=_stock(row, ""),
            rating=rating,
            rating_count=rating_count,
            pictures=pictures,
            related=_links(row.get("links")),
            reviews=reviews,
        )
        return item, lost

    def _pictures(self, row: Row, line: int) -> tuple[tuple[Picture, ...], list[Fault]]:
        pictures: list[Picture] = []
        lost: list[Fault] = []
        for at, value in enumerate(list_of(row.get("images"), "images")):
            field = f"images[{at}]"
            path, alt = (value.get("path"), value.get("alt")) if isinstance(value, dict) else (value, None)
            try:
                picture = Picture(self._inside(text_of(path, field, required=True), field), text_of(alt, field))
                if picture not in pictures:
                    pictures.append(picture)
            except BadFieldError as bad:
                lost.append(replace(bad.fault(line), loses_item=False))
        return tuple(pictures), lost

    def _inside(self, name: str, field: str) -> Path:
        try:
            path = (self.folder / name).resolve()
            if "://" not in name and path.is_relative_to(self.folder) and path.is_file():
                return path
        except (OSError, ValueError, RuntimeError):  # names too long, with NUL, or looping links
            pass
        raise BadFieldError(field, name, "a picture file inside the catalogue's folder")


def _id_of(value: object, field: str = "id") -> ItemId:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    expected = f"an id of 1 to {_LONGEST_ID} printable characters"
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_ID or not value.isprintable():
        raise BadFieldError(field, value, expected)
    return value


def _attributes(row: Row) -> dict[str, tuple[str, ...]]:
    named = mapping_of(row.get("attributes"), "attributes").items()
    texts = {name: value_texts(held, f"attributes.{name}") for name, held in named if name}
    return {name: held for name, held in texts.items() if held and name not in _OWN}


def _categories(row: Row) -> tuple[str, ...]:
    given = row.get("categories", row.get("category"))
    paths = (text_of(path, "categories").replace("\n", " ") for path in list_of(given, "categories"))
    tidy = ("/".join(part.strip() for part in path.replace(" > ", "/").split("/") if part.strip()) for path in paths)
    return tuple(dict.fromkeys(path for path in tidy if path))


def _prices(row: Row, currency: str | None, variants: tuple[Variant, ...]) -> tuple[Money | None, Money | None]:
    """What it costs now, and the regular price if that is higher."""
    regular = money_of(row.get("price"), "price", currency)
    special = money_of(row.get("special_price"), "special_price", currency)
    listed = money_of(row.get("list_price"), "list_price", currency)
    if special is not None:
        if regular is not None:
            check_reduced(special, regular, "special_price", str(special))
        regular, listed = special, regular or listed
    named = [(f"variants[{at}].price", variant.price) for at, variant in enumerate(variants)]
    check_currencies([("price", regular), ("list_price", listed), *named])
    if regular is None:
        regular = min((v.price for v in variants if v.price and v.in_stock), default=None)
    return regular, listed if regular and listed and listed > regular else None


def check_currencies(prices: Iterable[tuple[str, Money | None]]) -> None:
    """Return where the prices of an item, each with its field, can be compared with one another.

    Raises:
        BadFieldError: the first in another currency than those before it.
    """
    first: Money | None = None
    for field, price in prices:
        first = first or price
        if first and price and price.currency != first.currency:
            raise BadFieldError(field, str(price), f"an amount in {first.currency}, as the item's other prices")


def _choices(row: Row, item_id: ItemId, currency: str | None) -> tuple[dict[str, tuple[str, ...]], tuple[Variant, ...]]:
    """What a buyer chooses among, and the combinations that exist if they are listed."""
    given = row.get("variants")
    named = mapping_of(row.get("options"), "options")
    if not isinstance(given, list) or not given:
        named |= mapping_of(given, "variants")
    options = {name: held for name, value in named.items() if name and (held := value_texts(value, f"options.{name}"))}
    if not isinstance(given, list):
        return options, ()
    variants = tuple(
        variant_of(one, f"variants[{at}]", f"{item_id}/{at + 1}", currency) for at, one in enumerate(given)
    )
    if len({variant.id for variant in variants}) < len(variants):
        raise BadFieldError("variants", [variant.id for variant in variants], "ids that differ")
    for variant in variants:
        for name, value in variant.options.items():
            options[name] = tuple(dict.fromkeys((*options.get(name, ()), value)))
    return options, variants


def variant_of(value: Any, field: str, default_id: str, currency: str | None) -> Variant:
    """One buyable version, in our own shape; `field` is where it stands, "" if on its own.

    Raises:
        BadFieldError: the first of its fields that holds nonsense.
    """
    if not isinstance(value, dict):
        raise BadFieldError(field, value, "an object with options")
    inside = f"{field}." if field else ""
    options: dict[str, str] = {}
    for name, held in mapping_of(value.get("options"), f"{inside}options").items():
        texts = value_texts(held, f"{inside}options.{name}")
        if len(texts) > 1:
            raise BadFieldError(f"{inside}options.{name}", held, "one value")
        if texts:
            options[name] = texts[0]
    variant_id = default_id if value.get("id") is None else _id_of(value["id"], f"{inside}id")
    price = money_of(value.get("price"), f"{inside}price", currency)
    return Variant(variant_id, options, price, _stock(value, inside))


def _stock(row: Row, prefix: str) -> int | None:
    available = row.get("in_stock")
    if available is not None and not isinstance(available, bool):
        raise BadFieldError(f"{prefix}in_stock", available, "true or false")
    stock = row.get("stock")
    counted = None if stock is None else count_of(stock, f"{prefix}stock")
    return 0 if available is False else counted


def _rating(value: object, count: object, reviews: tuple[Review, ...]) -> tuple[float | None, int]:
    """Mean stars and how many gave them; from the reviews when the feed states none, or says that nobody gave them."""
    if isinstance(value, dict):
        value, count = value.get("value"), value.get("count", count)
    counted = 0 if count is None else count_of(count, "rating.count")
    none = value is None or (value == 0 and not isinstance(value, bool) and not counted)
    stated = None if none else float(number_of(value, "rating", least=1.0, most=5.0))
    if stated is not None and (counted or count is None):
        return stated, counted
    stars = [review.rating for review in reviews if review.rating is not None]
    return (sum(stars) / len(stars), len(stars)) if stars else (None, 0)


def _reviews(value: object, item_id: ItemId) -> tuple[Review, ...]:
    reviews: list[Review] = []
    for at, one in enumerate(list_of(value, "reviews")):
        field = f"reviews[{at}]"
        if not isinstance(one, dict):
            raise BadFieldError(field, one, "an object")
        stars = one.get("rating")
        reviews.append(
            Review(
                id=f"{item_id}#{at + 1}" if one.get("id") is None else _id_of(one["id"]),
                title=text_of(one.get("title"), f"{field}.title"),
                text=text_of(one.get("text"), f"{field}.text"),
                rating=None if stars is None else float(number_of(stars, f"{field}.rating", least=1.0, most=5.0)),
                author=text_of(one.get("author", one.get("reviewer")), f"{field}.author"),
                date=text_of(one.get("date"), f"{field}.date"),
            )
        )
    return tuple(reviews)


def _links(value: object) -> dict[str, tuple[ItemId, ...]]:
    named = mapping_of(value, "links")
    return {
        kind: tuple(dict.fromkeys(_id_of(one) for one in list_of(ids, f"links.{kind}"))) for kind, ids in named.items()
    }
