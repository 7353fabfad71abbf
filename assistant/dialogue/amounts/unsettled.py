"""Limits that a no makes unclear, and amounts somebody will not pay: `not between 50 and 80`, `60 is too much`."""

from assistant.dialogue.amounts.comparators import Cues, compare_at
from assistant.dialogue.amounts.limits import Limit
from assistant.dialogue.amounts.numbers import Amount
from assistant.dialogue.amounts.several import of_all_together
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.catalogue_words import CatalogueWords
from assistant.dialogue.language.palette import COLOURS
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.refusals.unwilling import turn
from index.filters import Condition, Op
from index.items import Money

_CHOOSING = frozenset("torn choose choosing decide deciding difference differences undecided".split())
_THINGS = frozenset({"kind", "category"})
_OF_MONEY = frozenset("spend pay afford expensive pricey dear costly steep zahlen ausgeben payer pagar pagare".split())


def named_places(passage: Passage, words: CatalogueWords) -> list[tuple[int, int]]:
    """Where values, brands and colours stand, which a no may be said of instead of a number."""
    spans = [(m.start, m.end) for m in words.table.scan(passage) if any(x.sort not in _THINGS for x in m.meanings)]
    return spans + [(at, at + 1) for at, token in enumerate(passage.tokens) if token.stem in COLOURS]


def unclear_limit(passage: Passage, cues: Cues, amount: Amount, following: Amount | None) -> tuple[int, int] | None:
    """The tokens of a limit that is denied, nobody can tell how: `not between 50 and 80`, `I don't mind over 60`."""
    together = of_all_together(passage, amount.start, amount.end)
    if together is not None:
        return together
    comparison = compare_at(passage, cues, amount.start, amount.end)
    if comparison is not None and comparison.unclear:
        return comparison.start, comparison.end
    if following is None or not _is_spanned(passage, amount, following):
        return None
    opener = opener_at(passage, amount.start)
    start = amount.start if opener is None else opener
    turned = turn(passage, cues, (start, following.end), upward=True)
    at = start - 1
    denied = passage.norm(at) in lexicon.NOT and not passage.claims[at] and passage.same_clause(at, start)
    return (min(at, start), following.end) if denied else (turned.start, turned.end) if turned is not None else None


def _is_spanned(passage: Passage, low: Amount, high: Amount) -> bool:
    return high.start == low.end + 1 and passage.norm(low.end) in lexicon.RANGE_JOIN


def opener_at(passage: Passage, at: int) -> int | None:
    """Where `between` or `from` stands before a range, over small words."""
    for before in range(at - 1, max(-1, at - 5), -1):
        word = passage.norm(before)
        if word in lexicon.BETWEEN:
            return before if passage.norm(before - 1) not in _CHOOSING else None
        if word not in lexicon.BUDGET_FILL:
            return None
    return None


def refused_price(passage: Passage, cues: Cues, amount: Amount, home: str) -> list[Limit]:
    """`60 euros is too much`, `I won't pay 60`: less than that."""
    turned = turn(passage, cues, (amount.start, amount.end), upward=True, plain=True)
    if turned is None:
        return []
    said = {passage.norm(at) for at in range(turned.start, turned.end)}
    if not amount.currency and not said & _OF_MONEY:
        return []
    if turned.direction == "unclear":
        return []
    limit = Condition("price", Op.LT, Money.of(amount.value, home if amount.currency in ("", "?") else amount.currency))
    return [Limit(limit, False, turned.start, turned.end)]
