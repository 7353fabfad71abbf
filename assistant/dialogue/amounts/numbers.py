"""Amounts in a message: digits or words, with the currency or unit that stands beside them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision

from assistant.dialogue.language.passage import Passage

_SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH",
            "zł": "PLN", "₫": "VND", "₱": "PHP", "฿": "THB", "₪": "ILS"}  # fmt: skip
_WORDS = {
    "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "sterling": "GBP", "yen": "JPY",
    "rupee": "INR", "rupees": "INR", "franc": "CHF", "francs": "CHF", "franken": "CHF", "sfr": "CHF", "fr": "CHF",
    "zloty": "PLN", "kronor": "SEK", "rubles": "RUB", "roubles": "RUB", "lira": "TRY", "yuan": "CNY", "rmb": "CNY",
    "rand": "ZAR",
    "reais": "BRL", "dirham": "AED", "dirhams": "AED", "shekels": "ILS", "baht": "THB", "pesos": "MXN", "won": "KRW",
}  # fmt: skip
_CODES = frozenset(
    "usd eur gbp jpy cny inr krw chf cad aud nzd sek nok dkk pln czk huf brl mxn zar sgd hkd aed ils try rub thb "
    "kwd bhd omr jod tnd iqd sar qar egp ron bgn php idr myr vnd uah ars clp cop pen".split()
)
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"})
_DOLLAR_PREFIX = {
    "us": "USD",
    "ca": "CAD",
    "c": "CAD",
    "au": "AUD",
    "a": "AUD",
    "nz": "NZD",
    "hk": "HKD",
    "sg": "SGD",
    "s": "SGD",
}
_POUNDS_ABROAD = frozenset("livre livres libra libras sterlina sterline pfund".split())
_STERLING = frozenset("sterling esterlina esterlinas".split())
_DINARS = frozenset("dinar dinars dinare dinares dinari kd bd jd".split())
_DINAR_CODES = frozenset({"KWD", "BHD", "JOD", "TND", "IQD"})
_DOLLAR_WORDS = frozenset({"dollar", "dollars", "dollares", "dolares", "$"})
_LOOSE = frozenset({"buck", "bucks"})
_CENTS = frozenset({"cents", "cent", "pence", "centimes", "centimos"})
_MILLION = frozenset("million millions mio mln millionen millon millones milione milioni".split())
_THOUSAND = frozenset({"k", "grand", "thousand", "tausend", "mille", "mil"})

_ONES = {
    word: number
    for number, words in enumerate(
        (
            "zero", "one", "two zwei deux dos", "three drei trois tres",
            "four vier quatre cuatro", "five funf cinq cinco",
            "six sechs seis", "seven sieben siete", "eight acht huit ocho", "nine neun neuf nueve", "ten zehn dix diez",
            "eleven onze", "twelve zwolf douze doce", "thirteen dreizehn treize trece", "fourteen vierzehn catorce",
            "fifteen funfzehn quinze quince", "sixteen sechzehn seize", "seventeen siebzehn", "eighteen achtzehn",
            "nineteen neunzehn",
        )
    )
    for word in words.split()
}  # fmt: skip
_TENS = {
    word: 10 * number
    for number, words in enumerate(
        (
            "", "", "twenty zwanzig vingt veinte", "thirty dreissig trente treinta",
            "forty fourty vierzig quarante cuarenta",
            "fifty funfzig cinquante cincuenta", "sixty sechzig soixante sesenta", "seventy siebzig setenta",
            "eighty achtzig ochenta", "ninety neunzig noventa",
        )
    )
    for word in words.split()
}  # fmt: skip
_HUNDREDS = {"hundred": 100, "hundert": 100, "einhundert": 100, "cien": 100, "ciento": 100, "zweihundert": 200,
             "dreihundert": 300, "funfhundert": 500, "doscientos": 200, "trescientos": 300,
             "quinientos": 500}  # fmt: skip
_NOTES = {"fiver": 5, "fivers": 5, "tenner": 10, "tenners": 10}
"""Banknotes: `for a tenner`, `two fivers`."""
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_FRENCH = frozenset("deux trois quatre cinq huit neuf".split())
_LONGEST = 12
"""Digits beyond which a number is a code, not an amount."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number at tokens [start, end), currency included.

    Attributes:
        currency: ISO 4217 when the shopper named one, "?" for a word that leaves it open (`bucks`), else "".
        spelt: written in words.
    """

    start: int
    end: int
    value: Decimal
    currency: str = ""
    spelt: bool = False


def parse_number(text: str, decimals: int = 2) -> Decimal | None:
    """The value of digits with separators, read the English or the continental way; None for what is no amount.

    `1,500.00` and `1.500,00` are both 1500; a single separator before exactly three digits groups thousands. Where
    prices have three `decimals`, as in dinars, it does so only in round amounts after a comma: `12,500` is many
    dinars, `12.343` and `12,340` are twelve and some fils.
    """
    if sum(sign.isdigit() for sign in text) > _LONGEST:
        return None
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return Decimal(text)
    head, tail, mark = text[:last], text[last + 1 :], text[last]
    other = "," if mark == "." else "."
    if decimals == 3 and len(tail) == 3 and not {".", ","} & set(head) and (mark == "." or not tail.endswith("00")):
        return Decimal(f"{head}.{tail}")
    if mark in head or (other not in head and len(tail) == 3 and head.lstrip("0") and len(head) <= 3):
        groups = re.split(r"[.,]", text)
        return Decimal("".join(groups)) if all(len(group) == 3 for group in groups[1:]) else None
    return Decimal(f"{head.replace(other, '')}.{tail}")


def find_amounts(passage: Passage, home: str, *, weighs: bool = True) -> list[Amount]:
    """Every unread number of the message, in order; `home` is the currency a bare dollar sign stands for if it can.

    `weighs`: the catalogue says weights in pounds, so that pounds are money only where something else says so.
    """
    found: list[Amount] = []
    at = 0
    while at < len(passage):
        amount = None if passage.claims[at] else _amount_at(passage, at, home, weighs=weighs)
        if amount is None:
            at += 1
            continue
        found.append(amount)
        at = amount.end
    return found


def _amount_at(passage: Passage, at: int, home: str, *, weighs: bool) -> Amount | None:
    start, currency = at, ""
    before = _currency_before(passage, at, home)
    if before:
        currency, at = before
    number = _digits(passage, at, get_currency_precision(currency or home)) or _spelt(passage, at)
    if number is None:
        return None
    value, end, spelt = number
    noted = passage.norm(end - 1) in _NOTES
    if passage.norm(end) == "and" and passage.norm(end + 1) == "a" and passage.norm(end + 2) in _PARTS:
        value, end = value + _PARTS[passage.norm(end + 2)], end + 3
    utmost = passage.norm(end) == "grand" and passage.norm(end + 1).startswith("max")  # `141 grand maximum`
    if passage.norm(end) in _THOUSAND and not utmost and (passage.tokens[end].glued or len(passage.norm(end)) > 1):
        value, end = value * 1000, end + 1
    elif passage.norm(end) in _MILLION:
        value, end = value * 1_000_000, end + 1
    if not currency:
        after = _currency_after(passage, end, home, weighs=weighs)
        if after:
            currency, end = after
            if currency == "cents":
                value, currency = value / 100, home
        elif spelt and value < 2:
            return None
        elif noted:
            currency = "?"
    if passage.norm(end) == "sterling":
        end += 1
    return Amount(start, end, value, currency, spelt)


def _currency_before(passage: Passage, at: int, home: str) -> tuple[str, int] | None:
    word, following = passage.norm(at), at + 1
    if following >= len(passage):
        return None
    if word in _DOLLAR_PREFIX and passage.norm(following) == "$" and passage.tokens[following].glued:
        return _DOLLAR_PREFIX[word], following + 1
    if passage.norm(following) == "." and word in ("fr", "rs", "sfr"):
        following += 1
    raw = passage.tokens[at].raw
    if raw == "$":
        return _dollar(home), following
    if raw in _SYMBOLS:
        return _SYMBOLS[raw], following
    if word in _CODES and word != "try":
        return word.upper(), following
    if word in ("rs", "inr") and following < len(passage) and passage.tokens[following].shape == "number":
        return "INR", following
    return None


def _currency_after(passage: Passage, end: int, home: str, *, weighs: bool) -> tuple[str, int] | None:
    at = end
    while (
        passage.norm(at) in (".", ",", "-", "\u2013")
        and passage.tokens[at].glued
        and passage.norm(at + 1) in ("-", "\u2013", *_SYMBOLS)
    ):
        at += 1
    if at > end and at + 1 < len(passage) and passage.tokens[at + 1].shape == "number":
        return None  # `5-€12`: the sign belongs to the second number
    if passage.norm(at) == "-" and (passage.norm(at + 1) in _WORDS or passage.norm(at + 1) in _DOLLAR_WORDS):
        if at + 2 < len(passage) and passage.tokens[at + 2].shape == "number":
            return None
        at += 1
    if at >= len(passage) or passage.claims[at]:
        return None
    word, raw = passage.norm(at), passage.tokens[at].raw
    if word in _DOLLAR_PREFIX and passage.norm(at + 1) in _DOLLAR_WORDS:
        return _DOLLAR_PREFIX[word], at + 2
    named = (("canadian", "CAD"), ("australian", "AUD"), ("american", "USD"), ("british", "GBP"), ("swiss", "CHF"))
    for nation, code in named:
        if word == nation and (passage.norm(at + 1) in _DOLLAR_WORDS or passage.norm(at + 1) in _WORDS):
            return code, at + 2
    if word in _DOLLAR_WORDS:
        return _dollar(home), at + 1
    if raw in _SYMBOLS:
        return _SYMBOLS[raw], at + 1
    if word in _LOOSE:
        return "?", at + 1
    if word in _CENTS:
        return "cents", at + 1
    if word in ("pound", "pounds") and _is_weight(passage, at, home, weighs=weighs):
        return None
    if word in _POUNDS_ABROAD and (home == "GBP" or passage.norm(at + 1) in _STERLING):
        return "GBP", at + 1 + (passage.norm(at + 1) in _STERLING)
    if word in _DINARS and home in _DINAR_CODES:
        return home, at + 1
    if word in _WORDS:
        return _WORDS[word], at + 1
    if word in _CODES and word not in ("try", "all"):
        return word.upper(), at + 1
    return None


def _is_weight(passage: Passage, at: int, home: str, *, weighs: bool) -> bool:
    """Whether pounds are a weight: said so, or in a shop that weighs in pounds, or of what one asks the weight of."""
    following = passage.norm(at + 1)
    of_it = following == "of" and passage.norm(at + 2) in ("it", "that", "my", "mine", "the")
    if (following in ("of", "heavy", "weight") and not of_it) or (
        passage.norm(at) == "pound" and following not in ("", ".", ",", "budget", "limit")
    ):
        return True
    clause = passage.tokens[at].clause
    spoken = {token.norm for token in passage.tokens if token.clause == clause}
    if spoken & {"weigh", "weighs", "weighing", "weight", "lighter", "heavier"}:
        return True
    heavy = weighs or bool({token.stem for token in passage.tokens} & _HEAVY)
    return (
        home != "GBP"
        and heavy
        and not ("." in passage.norm(at - 1) and len(passage.norm(at - 1).rsplit(".", 1)[1]) == 2)
        and following != "sterling"
        and not spoken & {"budget", "spend", "price", "cost", "costs", "pay", "afford", "british"}
    )


_HEAVY = frozenset(
    """
    dumbbell barbell kettlebell weight weighted plate backpack rucksack tent suitcase luggage bicycle bike stroller
    laptop sack flour rice dog cat turkey baby ladder mower canoe kayak bowling hammer vacuum food bag
    """.split()
)


def _dollar(home: str) -> str:
    return home if home in _DOLLARS else "USD"


def _digits(passage: Passage, at: int, decimals: int) -> tuple[Decimal, int, bool] | None:
    if at >= len(passage) or passage.tokens[at].shape != "number" or passage.claims[at]:
        return None
    end = at + 1
    text = passage.norm(at)
    # `1 500 EUR`: groups of three after a space, as the French and the Swiss write them.
    while (
        len(text) <= 3 + 3 * (end - at - 1)
        and end < len(passage)
        and passage.tokens[end].shape == "number"
        and re.fullmatch(r"\d{3}(?:[.,]\d{1,2})?", passage.norm(end))
        and passage.tokens[end].start - passage.tokens[end - 1].end == 1
        and passage.message[passage.tokens[end - 1].end] in " \u00a0\u202f'"
    ):
        text, end = text + passage.norm(end), end + 1
    value = parse_number(text, decimals)
    return None if value is None else (value, end, False)


def _spelt(passage: Passage, at: int) -> tuple[Decimal, int, bool] | None:
    """A number in words: `two hundred and fifty`, `a hundred`, `a couple of hundred`, `zwanzig`."""
    start, total, current, last = at, 0, 0, ""
    while at < len(passage) and passage.same_clause(at, start) and not passage.claims[at]:
        word, following = passage.norm(at), passage.norm(at + 1)
        if word in ("a", "an", "ein", "un", "couple", "of") and current == 0 and total == 0:
            hundreds = following in _HUNDREDS or following in _THOUSAND - {"k"} or following in _NOTES
            if not hundreds and following not in ("couple", "of"):
                break
            current = 2 if word == "couple" else 0
            if word == "couple":
                at, last = at + 1, word
                if passage.norm(at) == "of":
                    at += 1
                if passage.norm(at) in _HUNDREDS or passage.norm(at) in _THOUSAND:
                    continue
                return None
        elif word in _TENS:
            current += _TENS[word]
        elif word in _ONES:
            current += _ONES[word]
        elif word in _HUNDREDS:
            current = _HUNDREDS[word] * (current or 1)
        elif word in ("cent", "cents") and last in _FRENCH:
            current *= 100
        elif word in _NOTES:
            current = _NOTES[word] * (current or 1)
        elif word in _THOUSAND - {"k"} and last:
            total, current = total + 1000 * (current or 1), 0
        elif (
            word in ("and", "-", "und", "y")
            and last
            and (following in _TENS or following in _ONES)
            and (last in _HUNDREDS or (last in _TENS and word in ("-", "y")))
        ):
            at += 1
            continue
        else:
            break
        last, at = word, at + 1
    if not last or last in ("a", "an", "ein", "un", "of"):
        return None
    return Decimal(total + current), at, True
