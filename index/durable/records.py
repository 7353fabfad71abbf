"""Items as plain JSON records and back, exactly. This is how a snapshot keeps them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.items import Item, Money, Picture, Review, Variant

Record = dict[str, Any]  # JSON values only


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a snapshot keeps it. `hashes` are the SHA-256 of its picture files, in their order."""

    item: Item
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prints:
    """Hashes of an item by what depends on them: an equal hash, and nothing that depends on it is made again.

    Attributes:
        words: everything its text vector, its words and its facts are made from.
        pictures: its picture files.
        rest: prices, stock, ratings, reviews, links: what is only looked up.
    """

    words: str
    pictures: str
    rest: str


def prints(entry: Entry) -> Prints:
    """The hashes of an item."""
    record = to_record(entry.item)
    named = ("title", "brand", "description", "categories", "attributes", "options")
    words = {name: record.pop(name) for name in named}
    words["variants"] = [[one["id"], one["options"]] for one in record["variants"]]
    return Prints(_hash(words), _hash(entry.hashes), _hash(record))


def to_line(entry: Entry) -> str:
    """An entry as one line of JSON, with the hashes of its fields; `from_line` gives an equal entry back."""
    held = prints(entry)
    kept = {"words": held.words, "rest": held.rest, "pictures": list(entry.hashes)}
    return json.dumps(to_record(entry.item) | {"sha256": kept}, ensure_ascii=False)


def from_line(line: str | bytes) -> Entry:
    """The entry a line was made of.

    Raises:
        KeyError, TypeError, ValueError: the line was not made by `to_line`.
    """
    record = json.loads(line)
    return Entry(from_record(record), tuple(record["sha256"]["pictures"]))


def _hash(value: Any) -> str:  # JSON values
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def to_record(item: Item) -> Record:
    """The item as JSON values; `from_record` gives an equal item back."""
    return {
        "id": item.id,
        "title": item.title,
        "brand": item.brand,
        "description": item.description,
        "categories": list(item.categories),
        "price": _money_record(item.price),
        "list_price": _money_record(item.list_price),
        "attributes": _lists(item.attributes),
        "options": _lists(item.options),
        "variants": [
            {"id": v.id, "options": dict(v.options), "price": _money_record(v.price), "stock": v.stock}
            for v in item.variants
        ],
        "stock": item.stock,
        "rating": item.rating,
        "rating_count": item.rating_count,
        "pictures": [{"path": str(picture.path), "alt": picture.alt} for picture in item.pictures],
        "related": _lists(item.related),
        "reviews": [
            {"id": r.id, "title": r.title, "text": r.text, "rating": r.rating, "author": r.author, "date": r.date}
            for r in item.reviews
        ],
    }


def from_record(record: Mapping[str, Any]) -> Item:
    """The item a record was made of.

    Raises:
        KeyError, TypeError: the record was not made by `to_record`.
    """
    return Item(
        id=record["id"],
        title=record["title"],
        brand=record["brand"],
        description=record["description"],
        categories=tuple(record["categories"]),
        price=_money(record["price"]),
        list_price=_money(record["list_price"]),
        attributes=_tuples(record["attributes"]),
        options=_tuples(record["options"]),
        variants=tuple(Variant(v["id"], v["options"], _money(v["price"]), v["stock"]) for v in record["variants"]),
        stock=record["stock"],
        rating=record["rating"],
        rating_count=record["rating_count"],
        pictures=tuple(Picture(Path(p["path"]), p["alt"]) for p in record["pictures"]),
        related=_tuples(record["related"]),
        reviews=tuple(Review(**review) for review in record["reviews"]),
    )


def _money_record(money: Money | None) -> list[int | str] | None:
    return None if money is None else [money.amount_minor, money.currency]


def _money(record: list[Any] | None) -> Money | None:
    return None if record is None else Money(record[0], record[1])


def _lists(values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(held) for name, held in values.items()}


def _tuples(values: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(held) for name, held in values.items()}
