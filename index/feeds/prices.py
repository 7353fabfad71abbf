"""Prices as people write them -> exact money. What could be read in two ways is refused, not guessed."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from index.feeds.fields import BadFieldError, currency_of
from index.items import Money

_MOST = Decimal(10) ** 12
_NUMBER = re.compile(
    r"[0-9]{1,3}(?P<mark>[.,'\u2019 ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:[.,][0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"  # lakhs: 1,23,456.00
    r"|[0-9]+(?:[.,][0-9]+)?"
)
_PARTS = re.compile(
    r"(?P<before>[^0-9.,'\u2019\-+()]*)(?P<amount>[0-9][0-9.,'\u2019 ]*?)(?P<after>[^0-9.,'\u2019\-+()]*)"
)
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


def price_of(
    value: object, field: str, currency: str | None, *, minor: bool = False, decimal: str = ""
) -> Money | None:
    """The exact amount; None for an empty cell.

    Args:
        value: text such as `15.00 USD`, `$1,299.00` or `1.299,00`, or a number.
        currency: ISO 4217 code that holds where the value names none.
        minor: the value counts minor units (cents) and so has no decimals.
        decimal: `.` or `,` if the feed is known to write its decimals so; "" reads either where it is clear.

    Raises:
        BadFieldError: not an amount, negative, in scientific notation, ambiguous, or without a currency.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    written, named = _split(value, field) if isinstance(value, str) else (_plain_number(value, field), "")
    code = _currency(named, field, value, currency)
    if code is None:
        raise BadFieldError("currency", None, f"the currency of {field}")
    amount = _amount(written, field, value, get_currency_precision(code), minor, decimal)
    if amount > _MOST:
        raise BadFieldError(field, value, f"an amount up to {_MOST:.0e}")
    return Money(int(amount), code) if minor else Money.of(amount, code)


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


def _amount(written: str, field: str, value: object, digits: int, minor: bool, decimal: str) -> Decimal:
    if not _NUMBER.fullmatch(written):
        raise BadFieldError(field, value, "a price such as 15.00 USD")
    mark = (decimal or _decimal_mark(written, field, value, digits)) if isinstance(value, str) else "."
    whole, found, part = written.rpartition(mark) if mark and mark in written else (written, "", "")
    whole = re.sub(r"[.,'\u2019 ]", "", whole)
    if mark and mark in written and (mark in written.partition(mark)[2] or not part.isdigit()):
        raise BadFieldError(field, value, f"a price with one {mark}")
    if minor and part.strip("0"):
        raise BadFieldError(field, value, "a whole number of minor units")
    return Decimal(f"{whole}.{part}" if found else whole)


def _decimal_mark(written: str, field: str, value: object, digits: int) -> str:
    """The mark that starts the decimals, or "" if there are none."""
    marks = [sign for sign in written if sign in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    after = len(written) - written.rindex(last) - 1
    if len(set(marks)) == 2:
        return last  # 1,299.00 or 1.299,00
    if len(marks) > 1:
        return ""  # 1,299,000
    if after != 3 or written.startswith("0") or re.search(r"['\u2019 ]", written):
        return last
    if last == "," and digits != 3:
        return ""  # 1,299
    if last == "." and digits == 3:
        return last  # 1.299 KWD
    raise BadFieldError(field, value, "a price that is clear about thousands and decimals, such as 1299.00")
