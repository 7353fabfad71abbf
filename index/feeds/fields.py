"""Reading one field of a feed row: a clean value, or a `Fault` that says what stood there and what was expected."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision, list_currencies

from index.feeds.html_text import plain
from index.items import Money

Row = Mapping[str, Any]  # parsed JSON: anything may stand in it until it has been checked

_MOST = 1e12  # no price, stock or count is as large; beyond it, something else was meant
_DOUBLE_NOISE = Decimal("1e-13")
"""Of an amount: what sums in double precision are off by."""
_SINGLE_DIGITS = 9
"""Digits that tell one number of single precision from all others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a feed.

    Attributes:
        line: counted from 1; 0 for what was found after the feed was read, when `field` names the item.
        field: where in the row, e.g. `price` or `images[2]`; "" for the row as a whole.
        value: what stood there, shortened.
        expected: what should have.
        loses_item: whether the item cannot be loaded for it; False for a picture that is left out.
    """

    line: int
    field: str
    value: str
    expected: str
    loses_item: bool = True

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.field) if part)
        return f"{where}: {self.value} where {self.expected} was expected"


class BadFieldError(Exception):
    """A field holds nonsense; becomes a `Fault` once the line is known."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(field)
        self.field, self.value, self.expected = field, value, expected

    def fault(self, line: int) -> Fault:
        return Fault(line, self.field, shortened(self.value), self.expected)


def shortened(value: object, most: int = 60) -> str:
    """A value as shown in a fault: printable ASCII, at most `most` characters."""
    text = (
        ascii(value)
        if not isinstance(value, str | list | tuple | dict)
        else ascii(value[:most] if isinstance(value, str) else value)
    )
    return text if len(text) <= most else text[: most - 3] + "..."


def text_of(value: object, field: str, *, required: bool = False) -> str:
    """Plain text: tags, entities and control characters gone; None is "".

    Raises:
        BadFieldError: not a string, not valid Unicode, or empty though `required`.
    """
    expected = "some text" if required else "text"
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise BadFieldError(field, value, expected)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadFieldError(field, value, "valid Unicode") from None
    text = plain(value)
    if required and not text:
        raise BadFieldError(field, value, expected)
    return text


def number_of(value: object, field: str, *, least: float = 0.0, most: float = _MOST) -> float:
    """A finite number within bounds.

    Raises:
        BadFieldError: anything else; `true` is not 1 and "5" is not 5.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadFieldError(field, value, "a number")
    if not math.isfinite(value) or not least <= value <= most:
        raise BadFieldError(field, value, f"a number from {least:g} to {most:g}")
    return value


def count_of(value: object, field: str) -> int:
    """A whole number, 0 or more.

    Raises:
        BadFieldError: anything else.
    """
    number = number_of(value, field)
    if number != int(number):
        raise BadFieldError(field, value, "a whole number")
    return int(number)


def money_of(value: object, field: str, currency: str | None) -> Money | None:
    """An amount in major units, exact to the minor unit; None and what is `Money` already stay.

    Raises:
        BadFieldError: negative, not a number, finer than the currency's minor unit, or without any currency.
    """
    if value is None or isinstance(value, Money):
        return value
    amount = number_of(value, field)
    if currency is None:
        raise BadFieldError("currency", None, f"the currency of {field}")
    return exact_money(Decimal(str(amount)), currency, field, value)


def exact_money(amount: Decimal, currency: str, field: str, value: object) -> Money:
    """`amount` major units to the minor unit; zeros beyond it mean nothing, and `value` is what the feed wrote.

    Raises:
        BadFieldError: other digits stand beyond the minor unit, so that it would have to be rounded.
    """
    money = Money.of(amount, currency)
    if amount != money.amount and not _is_noise(amount, money.amount):
        most = get_currency_precision(currency)
        decimals = f"at most {most} decimals" if most else "no decimals"
        raise BadFieldError(field, value, f"an amount in {currency} with {decimals}")
    return money


def _is_noise(amount: Decimal, meant: Decimal) -> bool:
    """Whether it is `meant` as a program's binary fractions have it: 14.949999809 is 14.95 in single precision."""
    if abs(amount - meant) <= meant * _DOUBLE_NOISE:
        return True
    single = Decimal(struct.unpack("f", struct.pack("f", meant))[0])
    written = amount.normalize().as_tuple()
    last = int(written.exponent)
    surplus = int(meant.as_tuple().exponent) - last
    half = Decimal(5).scaleb(last - 1)  # of the last digit written
    return len(written.digits) >= _SINGLE_DIGITS and surplus > 1 and abs(single - amount) <= half


def check_reduced(reduced: Money, regular: Money, field: str, value: object) -> None:
    """Return where a price may be a reduction of the regular one.

    Raises:
        BadFieldError: it is in another currency, or higher.
    """
    if reduced.currency != regular.currency:
        raise BadFieldError(field, value, f"an amount in {regular.currency}, as the price")
    if reduced > regular:
        raise BadFieldError(field, value, f"at most the price, {regular}")


def currency_of(value: object, default: str | None) -> str | None:
    """An ISO 4217 code, or `default` when none is given.

    Raises:
        BadFieldError: not a currency we know.
    """
    if value is None or value == "":
        return default
    code = value.strip().upper() if isinstance(value, str) else value
    if not isinstance(code, str) or code not in CURRENCIES:
        raise BadFieldError("currency", value, "an ISO 4217 currency code such as EUR")
    return code


CURRENCIES = frozenset(list_currencies())


def list_of(value: object, field: str) -> list[Any]:
    """A list; None is empty, a single string is a list of one.

    Raises:
        BadFieldError: anything else.
    """
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise BadFieldError(field, value, "a list")
    return value


def mapping_of(value: object, field: str) -> dict[str, Any]:
    """An object with its keys in lower case; None and the empty list (PHP's empty object) are empty.

    Raises:
        BadFieldError: anything else.
    """
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise BadFieldError(field, value, "an object")
    return {text_of(key, field).lower(): held for key, held in value.items()}


def value_texts(value: object, field: str) -> tuple[str, ...]:
    """The values of an attribute or option as text: numbers as written, booleans as `Yes` and `No`.

    Raises:
        BadFieldError: a nested object, a nested list, or a number that is not finite.
    """
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        if one is None:
            continue
        if isinstance(one, bool):
            found.append("Yes" if one else "No")
        elif isinstance(one, int | float):
            number = number_of(one, field, least=-_MOST)
            found.append(str(int(number)) if number == int(number) else repr(number))
        else:
            found.append(text_of(one, field))
    return tuple(dict.fromkeys(text for text in found if text))
