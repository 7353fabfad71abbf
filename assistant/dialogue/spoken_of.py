"""What a reading says of items once the whole catalogue is known: items named by title, and an order of those shown."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.dialogue import lexicon
from assistant.dialogue.numbers import parse_number
from assistant.dialogue.reader import Reading, ReadingContext
from assistant.dialogue.superlatives import find_order
from assistant.dialogue.titles import Titles
from assistant.nouns import Constraint
from index.catalogue import Catalogue
from index.filters import Condition, Op
from index.items import Money

_WHICH = re.compile(r"\W*(?:(?:and|so|but)\s+)*(?:which|what|what'?s|welche[rs]?|lequel|laquelle|cu\u00e1l)\b", re.I)
_OF_THEM = re.compile(r"\b(?:ones?|of (?:these|those|them|the (?:two|three|four))|here|davon|von diesen)\b", re.I)

_EXACT = re.compile(
    r"\b(?:(?:costs?|priced at|price of|for|at)\s+)?(?:exactly|precisely|genau|exactement|exactamente)\s+(?:\w{3}\s+)?"
    r"[$\u20ac\u00a3\u00a5]?\s?(?P<amount>\d+(?:[.,]\d+)*)"
    r"(?:\s?(?:[$\u20ac\u00a3\u00a5]|(?:eur(?:os?)?|usd|dollars?|gbp|pounds?)\b))?"
    r"(?!\s*(?:cm|mm|m|kg|g|ml|l|inch|inches|years?|pieces?|stars?|people|players|%))",
    re.I,
)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases, key=len, reverse=True)))})\b", re.I)


_CHEAPER, _DEARER = _any_of(lexicon.CHEAPER), _any_of(lexicon.DEARER)


def placed(reading: Reading, message: str, context: ReadingContext, titles: Titles, catalogue: Catalogue) -> Reading:
    """The reading, with what it says of items that only their titles or their order tell."""
    reading = _exactly(_without_echo(reading, message, context), message, catalogue.currency)
    if _asks_for_order(reading, message, context):
        return replace(reading, intent="ask_item", targets=(), constraints=(), words="", unread=())
    if reading.targets or reading.intent == "ask_policy":
        return reading
    asked = titles.asked_about(message)
    if asked:
        intent = "compare" if reading.intent == "compare" and len(asked) > 1 else "ask_item"
        return replace(reading, intent=intent, targets=asked, constraints=(), words="", unread=())
    return _likened(reading, message, titles, catalogue)


def _without_echo(reading: Reading, message: str, context: ReadingContext) -> Reading:
    """`no black? black is fine`: what is asked back as it is given up is no wish again."""
    released = {entry.condition for entry in context.ledger if entry.id in reading.released}
    kept = tuple(
        entry
        for entry in reading.constraints
        if entry.condition not in released or not re.search(rf"{re.escape(entry.quote)}\s*\?", message)
    )
    return reading if kept == reading.constraints else replace(reading, constraints=kept)


def _asks_for_order(reading: Reading, message: str, context: ReadingContext) -> bool:
    """`the cheapest of those`, `which one is the warmest for winter?`: a question about the shelf, no new request."""
    order = find_order(message) if context.shown else None
    if order is None or reading.constraints or reading.released or reading.intent == "ask_policy":
        return False
    return order.is_all_that_is_asked or bool(_WHICH.match(message) and _OF_THEM.search(message))


def _exactly(reading: Reading, message: str, currency: str) -> Reading:
    """`what costs exactly 12.99?`: one price, where no other limit was read."""
    said = _EXACT.search(message)
    value = parse_number(said["amount"]) if said and currency else None
    if said is None or value is None:
        return reading
    quote = message[said.start() : said.end()]
    kept = tuple(e for e in reading.constraints if e.condition.field != "price" or said["amount"] not in e.quote)
    if any(entry.condition.field == "price" for entry in kept):
        return reading
    entry = Constraint("", "hard", Condition("price", Op.EQ, Money.of(value, currency)), 0, quote)
    words = " ".join(word for word in reading.words.split() if word not in quote)
    intent = "search" if reading.intent in ("search", "ask_item", "other") and not reading.targets else reading.intent
    if intent != "search":
        return reading
    return replace(reading, intent=intent, constraints=(*kept, entry), words=words)


def _likened(reading: Reading, message: str, titles: Titles, catalogue: Catalogue) -> Reading:
    """`something like the Cheddar but cheaper`: anchored on the item, below its price."""
    named = titles.likened(message)
    if named is None or reading.intent not in ("search", "more"):
        return reading
    name = message[named.start : named.end]
    rest = message[: named.start] + " " * len(name) + message[named.end :]
    price = catalogue.item(named.item_id).price
    constraints = [entry for entry in reading.constraints if entry.quote.lower() not in name.lower()]
    unread = list(reading.unread)
    for pattern, op in ((_CHEAPER, Op.LT), (_DEARER, Op.GT)):
        said = pattern.search(rest)
        if said and price is not None and not any(entry.condition.field == "price" for entry in constraints):
            constraints.append(Constraint("", "hard", Condition("price", op, price), 0, said.group()))
            unread = [one for one in unread if said.group() not in one]
    words = " ".join(word for word in reading.words.split() if word.lower() not in name.lower().split())
    return replace(
        reading,
        intent="search",
        targets=(named.item_id,),
        constraints=tuple(constraints),
        words=words,
        unread=tuple(unread),
        kind=tuple(kind for kind in reading.kind if any(entry.condition.field == "kind" for entry in constraints)),
    )
