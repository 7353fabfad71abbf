"""Budgets, ratings and measures: numbers in a message that limit what may be shown."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.dialogue.amounts.bounds import is_minimum
from assistant.dialogue.amounts.comparators import Comparison, Cues, compare_at, said_again
from assistant.dialogue.amounts.limits import Limit, one_by_one
from assistant.dialogue.amounts.measures import (
    DIMENSIONS,
    RATHER,
    WORDS_AND_UNITS,
    leave_measure,
    read_again,
    read_measure,
)
from assistant.dialogue.amounts.numbers import Amount, find_amounts
from assistant.dialogue.amounts.ratings import is_hedged, read_rating, well_rated
from assistant.dialogue.amounts.told import is_sum_to_spend, is_told
from assistant.dialogue.amounts.unsettled import named_places, opener_at, refused_price, unclear_limit
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.language.smalltalk import GENERIC_NOUNS, NOT_MONEY_BEFORE, STOP, UNITS
from assistant.nouns import Constraint
from index.filters import Condition, Op
from index.items import Money
from index.language.units import is_unit

ABOUT_SHARE = Decimal("0.2")
"""`around 50` asks, softly, for 40 to 60."""

_MOST = Decimal(10) ** 9
_WEAK = frozenset({"have", "about", "budget"})
_VERBS = frozenset("feels sounds looks seems suits works does goes buys gets makes covers".split())
"""What an amount does: no plural of something counted."""
_OF_PRICE = frozenset("any go going no not price prices".split())
_LEAST_PRICE = 5
_LEAST_PURSE = 20
_ARTICLES = frozenset("gli i los les le den".split())
_LETTER_UNITS = frozenset("m l s g h a v w c x f hp".split())
_YOUNG = frozenset("kid kids children toddlers toddler people anyone adults girls boys child baby babies".split())


def read_limits(
    passage: Passage,
    cues: Cues,
    words: CatalogueWords,
    ledger: Sequence[Constraint],
    home: str,
    unread: list[str],
) -> list[Limit]:
    """Every rating, measure and budget the message states; claims the words it reads.

    A measure the catalogue cannot be asked for (`under 500 g` where weights come in g and kg) is added to `unread`.
    """
    weighs = "lb" in words.scales.values()
    amounts = find_amounts(passage, home, weighs=weighs)
    cues["named"] = named_places(passage, words)
    limits: list[Limit] = []
    place = 0
    while place < len(amounts):
        amount = amounts[place]
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        unclear = unclear_limit(passage, cues, amount, following)
        if unclear is not None:
            unread.append(passage.quote(*unclear))
            passage.claim(*unclear, "unread")
            place += 1
            while place < len(amounts) and amounts[place].start < unclear[1]:
                place += 1
            continue
        found = (
            read_rating(passage, cues, amount)
            or read_again(passage, words, amount, ledger)
            or read_measure(passage, cues, words, amount, following)
            or (_range(passage, cues, words, amount, following, home) if following else None)
            or _budget(passage, cues, words, amount, ledger, home)
        )
        place += 1
        if not found:
            leave_measure(passage, cues, amount, unread)
            continue
        limits += found
        start, end = min(limit.start for limit in found), max(limit.end for limit in found)
        inside = {at for begin, stop in cues["thing"] for at in range(begin, stop)}
        passage.claim_all((at for at in range(start, end) if at not in inside), "limit")
        while place < len(amounts) and amounts[place].start < end:
            place += 1
    limits = one_by_one(passage, cues, limits, unread)
    praised = well_rated(passage, cues)
    return limits if any(limit.condition.field == "rating" for limit in limits) else limits + praised


def _range(passage: Passage, cues: Cues, words: CatalogueWords, low: Amount, high: Amount, home: str) -> list[Limit]:
    join = passage.norm(low.end)
    up_to = join == "up" and passage.norm(low.end + 1) == "to" and high.start == low.end + 2 and low.value < high.value
    led = low.end + 1 + (passage.norm(low.end + 1) in _ARTICLES)  # `tra i 40 e gli 80`
    if not up_to and (high.start != led or join not in lexicon.RANGE_JOIN or low.value == high.value):
        return []
    currency = low.currency or high.currency
    opener = opener_at(passage, low.start)
    comparison = compare_at(passage, cues, low.start, high.end)
    about = comparison is not None and comparison.manner == "about"
    priced = comparison is not None and comparison.manner in ("budget", "about", "change")
    if join in ("and", "und", "et", "y", "an", "n") and opener is None:
        return []
    if not currency:
        if not is_money(passage, words, high, priced) or is_after_number_noun(passage, low.start):
            return []
        if opener is None and not priced and not (_is_round(low.value) and _is_round(high.value)):
            return []
        if _is_year(low.value) and _is_year(high.value) and not priced:
            return []
    start = opener if opener is not None else low.start
    if comparison is not None and comparison.op is None:
        start = min(start, comparison.start)
    least, most = sorted((low.value, high.value))
    code = _code(currency, home)
    bounds = ((Op.GE, least), (Op.LE, most))
    return [
        Limit(Condition("price", op, Money.of(value, code)), about, start, high.end)
        for op, value in bounds
        if value <= _MOST
    ]


def _budget(
    passage: Passage, cues: Cues, words: CatalogueWords, amount: Amount, ledger: Sequence[Constraint], home: str
) -> list[Limit]:
    if amount.value > _MOST or (amount.value == 0 and not amount.currency):
        return []
    comparison = compare_at(passage, cues, amount.start, amount.end)
    if comparison is None or comparison.manner in _WEAK:
        told = (comparison is None or comparison.manner != "about") and is_told(passage, amount.start)
        again = None if told else said_again(passage, cues, amount.end)
        if again is not None:
            passage.claim(again.start, again.end, "limit")
            comparison = replace(again, start=amount.start, end=amount.end)
    if (comparison is None or comparison.manner in ("have", "budget")) and is_told(passage, amount.start):
        passage.claim(amount.start, amount.end, "context")
        return []
    if comparison is None:
        refused = refused_price(passage, cues, amount, home)
        if refused:
            return refused
    limited = [entry.condition.op for entry in ledger if entry.condition.field == "price"]
    if not amount.currency:
        measured = comparison is not None and passage.norm(comparison.start) in DIMENSIONS
        if comparison is not None and measured and passage.norm(comparison.start - 1) not in _OF_PRICE:
            return []  # `taller than 60`, as against `any higher than 60`
        if comparison is None or comparison.manner == "change":
            again = limited and (comparison is not None or _is_alone(passage, amount))
            meant = _speaks_of_budget(passage, amount) or _is_for_sum(passage, amount)
            if not again and not meant and not is_sum_to_spend(passage, amount):
                return []
        if comparison is not None and comparison.manner == "have" and not _is_put_aside(passage, amount, comparison):
            return []
        if passage.norm(amount.end) == "+" and amount.value <= 18 and not _speaks_of_budget(passage, amount):
            return []  # `toys for 3+`
        covered = comparison is not None and comparison.end > amount.end  # `100 min` beside `300 max`
        if not covered and not is_money(
            passage, words, amount, comparison is not None and comparison.manner == "budget"
        ):
            return []
        if (
            comparison is not None
            and comparison.end > amount.end
            and passage.norm(comparison.end) in UNITS - WORDS_AND_UNITS - {"min", "mins"}
        ):
            return []
        if _is_a_name(passage, comparison) or is_after_number_noun(
            passage, comparison.start if comparison else amount.start
        ):
            return []
        if comparison is not None and comparison.manner == "from" and _is_year(amount.value):
            return []
        if comparison is not None and amount.value <= 18 and passage.norm(comparison.start - 1) in _YOUNG:
            return []
    code = _code(amount.currency, home)
    start, end = (comparison.start, comparison.end) if comparison else (amount.start, amount.end)
    if comparison is not None and comparison.manner == "about":
        spread = amount.value * ABOUT_SHARE
        bounds = ((Op.GE, amount.value - spread), (Op.LE, amount.value + spread))
        return [Limit(Condition("price", op, Money.of(value, code)), True, start, end) for op, value in bounds]
    op = comparison.op if comparison else None
    if op is None:
        op = Op.GE if limited and not {Op.LT, Op.LE} & set(limited) else Op.LE
    return [Limit(Condition("price", op, Money.of(amount.value, code)), is_hedged(passage, cues, start, 2), start, end)]


def _is_put_aside(passage: Passage, amount: Amount, comparison: Comparison) -> bool:
    """`I have 81 for a lamp`, `I only have 60`: a number of nothing, meant for something."""
    said = {passage.norm(at) for at in range(comparison.start - 1, comparison.end)}
    if is_sum_to_spend(passage, amount):
        return True
    alone = amount.end >= len(passage) or not passage.same_clause(amount.end, amount.start)
    if alone and (said & {"only", "all"} or passage.norm(comparison.start - 1) == ","):
        return True
    if amount.value >= _LEAST_PRICE and _is_alone(passage, amount):
        return True
    return amount.value >= _LEAST_PURSE and passage.norm(amount.end) == "for"


def _is_for_sum(passage: Passage, amount: Amount) -> bool:
    """`a scarf for 25`, `a stapler for the 75 I got`: what it may cost, as nothing counted follows."""
    at = amount.start - 1 - (passage.norm(amount.start - 1) == "the")
    if passage.norm(at) not in ("for", "fuer", "pour", "por", "per") or amount.value < _LEAST_PURSE or at == 0:
        return False
    if amount.end >= len(passage):
        return True
    following = passage.tokens[amount.end]
    closes = following.shape == "symbol" and following.norm not in "-/+%\"'" and not following.glued
    ends = following.norm in (".", ",", "!", "?", ";", ")")
    return closes or ends or following.norm in ("i", "we", "or", "please", "max", "that", "total", "if", "in", "each")


def _speaks_of_budget(passage: Passage, amount: Amount) -> bool:
    """`my budget went down to 40`: the clause says what the number is, and of no number before it."""
    clause = passage.tokens[amount.start].clause
    said = [at for at, token in enumerate(passage.tokens) if token.norm in ("budget", "presupuesto")]
    return any(
        passage.tokens[at].clause == clause
        and not any(token.shape == "number" for token in passage.tokens[at : amount.start])
        for at in said
    )


def _code(currency: str, home: str) -> str:
    return home if currency in ("", "?") else currency


def _is_round(value: Decimal) -> bool:
    return value >= 5 and (value % 5 == 0 or value != value.to_integral_value())


def _is_year(value: Decimal) -> bool:
    return 1900 <= value <= 2100 and value == value.to_integral_value()


def _is_alone(passage: Passage, amount: Amount) -> bool:
    """Whether the message is nothing but this number and small words."""
    return all(
        amount.start <= at < amount.end or token.shape == "symbol" or token.norm in STOP | RATHER
        for at, token in enumerate(passage.tokens)
    )


def is_money(passage: Passage, words: CatalogueWords, amount: Amount, priced: bool) -> bool:
    """Whether a number without a currency can be a price, judged by what stands right behind it."""
    at = amount.end
    if at >= len(passage):
        return True
    token = passage.tokens[at]
    word = token.norm
    if word == "ish" or (word == "tops" and amount.value >= 20) or is_minimum(passage, at):
        return True
    if word in ("by", "x", "\u00d7", "+", "*") and at + 1 < len(passage) and passage.tokens[at + 1].shape == "number":
        return False
    if (
        word in ("-", "/", ".", "x")
        and token.glued
        and at + 1 < len(passage)
        and passage.tokens[at + 1].glued
        and word != "."
    ):
        return False
    if word in UNITS or is_unit(word):
        if token.glued and token.shape == "word":
            return False
        if word in WORDS_AND_UNITS or (word in _LETTER_UNITS and token.raw.isupper()):
            return True
        return words.knows(token.stem) and word not in ("year", "years", "people", "persons", "star", "stars")
    if token.glued and token.shape == "word":
        return False
    unknown_plural = (
        token.shape == "word"
        and word != token.stem
        and not words.knows(token.stem)
        and word not in STOP
        and word not in GENERIC_NOUNS | _VERBS
    )
    limit_word = passage.norm(amount.start - 1) in ("under", "below", "over", "above", "than", "within")
    return priced or limit_word or not unknown_plural


def is_after_number_noun(passage: Passage, at: int) -> bool:
    """`size 40`, `iPhone 15`, `top 3`, `WH-1000`, `50 by 60`: the word before says what the number is."""
    before = passage.norm(at - 1)
    paired = at > 1 and passage.tokens[at].shape == "number"
    if paired and before in ("by", "x", "\u00d7", "*") and passage.tokens[at - 2].shape == "number":
        return True
    if before == "-" and passage.tokens[at].glued and passage.norm(at - 2) != "sub":
        return at >= 2 and passage.tokens[at - 1].glued
    # `I'd` is no `id`.
    return before in NOT_MONEY_BEFORE and len(passage.tokens[at - 1].raw) == len(before)


def _is_a_name(passage: Passage, comparison: Comparison | None) -> bool:
    """`Air Max 90`: a capitalised `Max` after a capitalised word is part of a name."""
    if comparison is None or passage.norm(comparison.start) not in ("max", "plus"):
        return False
    at = comparison.start
    return (
        at > 0
        and passage.tokens[at].is_capitalised
        and passage.tokens[at - 1].is_capitalised
        and passage.tokens[at - 1].shape == "word"
    )
