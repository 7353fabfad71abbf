"""One increment: items put in or taken out, prices and stock set. What a journal keeps and a view is made from."""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from index.durable.memory import Key
from index.durable.records import Entry, from_line, to_line
from index.encoders import Vectors
from index.items import Item, ItemId, Money

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The price and stock of an item as they are now; nothing is embedded again.

    Attributes:
        price, list_price, stock: as in `Item`; a price of None is no price, a stock of None is not counted.
        variants: variant id -> its price and stock; those not named stay as they are.
    """

    item_id: ItemId
    price: Money | None
    list_price: Money | None
    stock: int | None
    variants: Mapping[str, tuple[Money | None, int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, item: Item) -> "Numbers":
        """What the item says."""
        variants = {variant.id: (variant.price, variant.stock) for variant in item.variants}
        return cls(item.id, item.price, item.list_price, item.stock, variants)

    def set_in(self, item: Item) -> Item:
        """The item with these numbers."""
        variants = tuple(
            replace(one, price=self.variants[one.id][0], stock=self.variants[one.id][1])
            if one.id in self.variants
            else one
            for one in item.variants
        )
        return replace(item, price=self.price, list_price=self.list_price, stock=self.stock, variants=variants)


@dataclass(frozen=True, slots=True)
class NewVectors:
    """Vectors made for an increment: row n of vectors_ND belongs to the nth key."""

    keys: tuple[Key, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Change:
    """An increment, applied as a whole: first what goes, then what comes, then the numbers.

    `texts` and `pictures` are the vectors that had to be made for it.
    """

    deletes: tuple[ItemId, ...] = ()
    upserts: tuple[Entry, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    texts: NewVectors | None = None
    pictures: NewVectors | None = None

    def __bool__(self) -> bool:
        return bool(self.deletes or self.upserts or self.numbers)

    def payload(self) -> bytes:
        """The increment as bytes; `from_payload` gives it back."""
        head: dict[str, Any] = {
            "deletes": self.deletes,
            "upserts": [to_line(entry) for entry in self.upserts],
            "numbers": [_numbers_record(one) for one in self.numbers],
        }
        blocks: list[bytes] = []
        for name, held in (("texts", self.texts), ("pictures", self.pictures)):
            if held is not None and held.keys:
                head[name] = {"keys": [key.hex() for key in held.keys], "dim": held.vectors.shape[1]}
                blocks.append(np.ascontiguousarray(held.vectors, dtype="<f4").tobytes())
        text = json.dumps(head).encode()
        return _LENGTH.pack(len(text)) + text + b"".join(blocks)

    @classmethod
    def from_payload(cls, payload: bytes) -> "Change":
        """The increment these bytes were made of.

        Raises:
            KeyError, TypeError, ValueError, struct.error: they were not made by `payload`.
        """
        (length,) = _LENGTH.unpack_from(payload)
        at = _LENGTH.size + length
        head = json.loads(payload[_LENGTH.size : at])
        made: dict[str, NewVectors] = {}
        for name in ("texts", "pictures"):
            if name in head:
                keys, dim = tuple(map(bytes.fromhex, head[name]["keys"])), int(head[name]["dim"])
                vectors = np.frombuffer(payload, dtype="<f4", count=len(keys) * dim, offset=at)
                at += vectors.nbytes
                made[name] = NewVectors(keys, vectors.reshape(len(keys), dim))
        return cls(
            deletes=tuple(head["deletes"]),
            upserts=tuple(map(from_line, head["upserts"])),
            numbers=tuple(map(_numbers, head["numbers"])),
            texts=made.get("texts"),
            pictures=made.get("pictures"),
        )


def applied(entries: Mapping[ItemId, Entry], changes: Iterable[Change]) -> dict[ItemId, Entry]:
    """Entries by id after the changes; what was there keeps its place, what is new comes last."""
    held = dict(entries)
    for change in changes:
        for item_id in change.deletes:
            held.pop(item_id, None)
        for entry in change.upserts:
            held[entry.item.id] = entry
        for numbers in change.numbers:
            if (entry := held.get(numbers.item_id)) is not None:
                held[numbers.item_id] = replace(entry, item=numbers.set_in(entry.item))
    return held


def _numbers_record(numbers: Numbers) -> dict[str, Any]:
    return {
        "id": numbers.item_id,
        "price": _pair(numbers.price),
        "list_price": _pair(numbers.list_price),
        "stock": numbers.stock,
        "variants": {name: [_pair(price), stock] for name, (price, stock) in numbers.variants.items()},
    }


def _numbers(record: Mapping[str, Any]) -> Numbers:
    return Numbers(
        record["id"],
        _money(record["price"]),
        _money(record["list_price"]),
        record["stock"],
        {name: (_money(price), stock) for name, (price, stock) in record["variants"].items()},
    )


def _pair(money: Money | None) -> list[int | str] | None:
    return None if money is None else [money.amount_minor, money.currency]


def _money(pair: list[Any] | None) -> Money | None:
    return None if pair is None else Money(pair[0], pair[1])
