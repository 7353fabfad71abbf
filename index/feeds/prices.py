"""Prices as people write them -> exact money. What could be read in two ways is refused, not guessed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from index.feeds.fields import BadFieldError, currency_of, exact_money
from index.items import Money

_MOST = Decimal(10) ** 12
_NUMBER = re.compile(
    r"[0-9]{1,3}(?P<mark>[.,'\u2019 ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,][0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"  # lakhs: 1,23,456.00
    r"|[0-9]+(?:[.,][0-9]+)?"
)
_PARTS = re.compile(
    r"(?P<before>[^0-9.,'\u2019\-+()]*)(?P<amount>[0-9][0-9.,'\u2019 ]*?)(?P<after>[^0-9.,'\u2019\-+()]*)"
)
_MARKS = re.compile(r"[.,'\u2019 ]")
_SYMBOLS = {
    "€": ("EUR",),
    "£": ("GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP"),
    "$": tuple("USD CAD AUD NZD MXN SGD HKD TWD ARS CLP COP BRL UYU JMD TTD BSD BBD BZD BMD FJD NAD LRD".split()),
    "us$": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "nz$": ("NZD",),
    "hk$": ("HKD",),
    "s$": ("SGD",),
    "mx$": ("MXN",),
    "nt$": ("TWD",),
    "r$": ("BRL",),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "円": ("JPY",),
    "元": ("CNY",),
    "₹": ("INR",),
    "rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "rs.": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "tl": ("TRY",),
    "₽": ("RUB",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "đ": ("VND",),
    "₱": ("PHP",),
    "฿": ("THB",),
    "₦": ("NGN",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "lei": ("RON",),
    "лв": ("BGN",),
    "лв.": ("BGN",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("SEK", "NOK", "DKK", "ISK"),
    "fr.": ("CHF",),
    "r": ("ZAR",),
    "rm": ("MYR",),
    "rp": ("IDR",),
}
"""What may stand for which currencies. A sign of several means the currency given, if that is among them."""


@dataclass(slots=True)
class DecimalMark:
    """Which of `.` and `,` a feed writes its decimals with, by those of its prices that leave no doubt.

    Attributes:
        texts: reads what stands in the feed's price fields, from its start; called at most once, and only when a
            price is in doubt, so that a clear feed is read no more often than it was.
    """

    texts: Callable[[], Iterable[object]]
    _found: str | None = None

    def __call__(self) -> str:
        """`.` or `,`; "" if no price is clear, or if some are clear one way and some the other."""
        if self._found is None:
            shown: set[str] = set()
            for text in self.texts():
                shown |= {_shown_mark(text)} - {""}
                if len(shown) > 1:
                    break
            self._found = shown.pop() if len(shown) == 1 else ""
        return self._found


def price_of(
    value: object,
    field: str,
    currency: str | None,
    *,
    minor: bool = False,
    decimal: str = "",
    habit: Callable[[], str] | None = None,
) -> Money | None:
    """The exact amount; None for an empty cell.

    Args:
        value: text such as `15.00 USD`, `$1,299.00` or `1.299,00`, or a number.
        currency: ISO 4217 code that holds where the value names none.
        minor: the value counts minor units (cents) and so has no decimals.
        decimal: `.` or `,` if all decimals of the feed are known to be written so; "" reads either where it is clear.
        habit: asked where it is not clear, for the mark the feed's other prices show or "": see `DecimalMark`.

    Raises:
        BadFieldError: not an amount, negative, in scientific notation, finer than the minor unit, ambiguous, or
            without a currency.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    written, named = _split(value, field) if isinstance(value, str) else (_plain_number(value, field), "")
    code = _currency(named, field, value, currency)
    if code is None:
        raise BadFieldError("currency", None, f"the currency of {field}")
    if not _NUMBER.fullmatch(written):
        raise BadFieldError(field, value, "a price such as 15.00 USD")
    mark = decimal or _clear_mark(written) if isinstance(value, str) else "."
    if mark is None:
        mark = _likely_mark(written, 0 if minor else get_currency_precision(code), habit)
    if mark is None:
        raise BadFieldError(field, value, "a price that is clear about thousands and decimals, such as 1299.00")
    amount = _amount(written, mark, field, value)
    if amount > _MOST:
        raise BadFieldError(field, value, f"an amount up to {_MOST:.0e}")
    if minor and amount != int(amount):
        raise BadFieldError(field, value, "a whole number of minor units")
    return Money(int(amount), code) if minor else exact_money(amount, code, field, value)


def _split(text: str, field: str) -> tuple[str, str]:
    """The digits with their marks, and what stands before or after them."""
    tidy = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    parts = _PARTS.fullmatch(tidy)
    if parts is None:
        raise BadFieldError(field, text, "a price such as 15.00 USD")
    before, after = parts["before"].strip(), parts["after"].strip()
    if before and after:
        raise BadFieldError(field, text, "a price with one currency, such as 15.00 USD")
    return parts["amount"].strip(), before or after


def _plain_number(value: object, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadFieldError(field, value, "a price")
    try:
        number = Decimal(str(value))
        if not number.is_finite() or number < 0 or number > _MOST:
            raise BadFieldError(field, value, f"an amount from 0 to {_MOST:.0e}")
        return format(number, "f")
    except InvalidOperation:
        raise BadFieldError(field, value, "a price") from None


def _currency(named: str, field: str, value: object, default: str | None) -> str | None:
    if not named:
        return default
    known = _SYMBOLS.get(named.casefold())
    if known is not None:
        if default in known:
            return default
        if len(known) == 1 or named == "£":
            return known[0]
        raise BadFieldError(field, value, f"an ISO 4217 currency code, since {named} stands for several")
    try:
        return currency_of(named, None)
    except BadFieldError:
        raise BadFieldError(field, value, "a price such as 15.00 USD") from None


def _amount(written: str, mark: str, field: str, value: object) -> Decimal:
    """The number, its decimals being after `mark`; "" if it has none."""
    whole, _, part = written.partition(mark) if mark else (written, "", "")
    if (part and not part.isdigit()) or (mark and not part and _clear_mark(whole)):
        raise BadFieldError(field, value, f"a price that writes its decimals with {mark}")
    return Decimal(f"{re.sub(_MARKS, '', whole)}.{part or 0}")


def _clear_mark(written: str) -> str | None:
    """The mark that starts the decimals, "" if there are none, None if it may as well part thousands."""
    marks = [sign for sign in written if sign in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]  # 1,299.00 or 1.299,00
    if len(marks) > 1:
        return ""  # 1,299,000
    before, after = written.split(marks[0])
    if len(after) == 3 and len(before) <= 3 and not before.startswith("0"):
        return None  # 1,299 and 1.299
    return marks[0]


def _likely_mark(written: str, digits: int, habit: Callable[[], str] | None) -> str | None:
    """As `_clear_mark` of a number it leaves in doubt, by the feed's other prices or else by the currency."""
    mark = "." if "." in written else ","
    if habit is not None and (known := habit()):
        return mark if known == mark else ""
    if digits == 0:
        return ""  # 1.299 JPY
    return mark if mark == "." and digits == 3 else None  # 1.299 KWD has all its decimals, written as programs do


def _shown_mark(text: object) -> str:
    """The mark that decimals are written with wherever a feed has this price; "" if it does not tell."""
    if not isinstance(text, str):
        return ""
    try:
        written, _ = _split(text, "")
    except BadFieldError:
        return ""
    if not _NUMBER.fullmatch(written):
        return ""
    signs = [sign for sign in written if sign in ".,"]
    if len(signs) > 1 and len(set(signs)) == 1:
        return "," if signs[0] == "." else "."  # 1,299,000: it parts thousands, so decimals have the other
    return _clear_mark(written) or ""
