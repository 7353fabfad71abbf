"""The catalogue's nouns: Item and what it is made of. Everything else in the house speaks of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from babel.numbers import format_currency, get_currency_precision

ItemId = str
"""The shop's own id of an item: any non-empty string. Never a row number."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount: `amount_minor` in the ISO 4217 minor unit of `currency` (cents for USD, yen for JPY)."""

    amount_minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | float | str, currency: str) -> "Money":
        """Read a decimal amount of major units, rounding half up to the minor unit.

        Raises:
            decimal.InvalidOperation: `amount` is not a finite number.
        """
        digits = get_currency_precision(currency)
        minor = Decimal(str(amount)).scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-get_currency_precision(self.currency))

    def __str__(self) -> str:
        """`79.99 USD`: the form used wherever no locale is known."""
        return f"{self.amount} {self.currency}"

    def local(self, locale: str) -> str:
        """The amount as people of `locale` (e.g. `de_DE`) write it, e.g. `79,99 €`."""
        return format_currency(self.amount, self.currency, locale=locale)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file of an item. `alt` is "" when the feed gave none."""

    path: Path
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One buyable version of an item, e.g. colour Black in size M.

    `price` None: the item's own price holds. `stock` None: not counted, taken as available.
    """

    id: str
    options: Mapping[str, str]
    price: Money | None = None
    stock: int | None = None

    @property
    def in_stock(self) -> bool:
        return self.stock is None or self.stock > 0


@dataclass(frozen=True, slots=True)
class Review:
    """What one buyer wrote. `rating` is in stars, 1 to 5; `date` is ISO 8601 or ""."""

    id: str
    title: str
    text: str
    rating: float | None = None
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Everything the catalogue says about one item. Field names of `attributes` and `options` are lower case.

    Attributes:
        categories: slash-joined paths from the widest to the narrowest, e.g. `Outdoor/Bags/Backpacks`.
        price: what it costs now; None when the catalogue names no price.
        list_price: the regular price when `price` is a reduced one, else None.
        attributes: facts by name, each with one or more values, e.g. `{"material": ("wool", "nylon")}`.
        options: what a buyer chooses among, e.g. `{"size": ("S", "M"), "color": ("Black",)}`.
        variants: the combinations that exist, when the feed lists them; empty means every combination does.
        stock: pieces left over all variants; None when not counted, which is taken as available.
        rating: mean stars, 1 to 5; None when nobody has rated.
        related: ids the shop itself links to, by kind of link.
    """

    id: ItemId
    title: str
    brand: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    price: Money | None = None
    list_price: Money | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    stock: int | None = None
    rating: float | None = None
    rating_count: int = 0
    pictures: tuple[Picture, ...] = ()
    related: Mapping[str, tuple[ItemId, ...]] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()

    @property
    def in_stock(self) -> bool:
        """Whether at least one version can be bought now."""
        if self.variants and not any(variant.in_stock for variant in self.variants):
            return False
        return self.stock is None or self.stock > 0
