"""What a reading says of items once the whole catalogue is known: items named by title, and an order of those shown."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.dialogue.amounts.numbers import find_amounts
from assistant.dialogue.language import lexicon
from assistant.dialogue.language.passage import Passage
from assistant.dialogue.questions.recalled import asks_of_conversation
from assistant.dialogue.questions.superlatives import find_order
from assistant.dialogue.questions.titles import Titles
from assistant.dialogue.reader import Reading, ReadingContext
from assistant.nouns import Constraint
from index.catalogue import Catalogue
from index.filters import Condition, Op
from index.items import ItemId, Money

_WHICH = re.compile(r"\W*(?:(?:and|so|but)\s+)*(?:which|what|what'?s|welche[rs]?|lequel|laquelle|cu\u00e1l)\b", re.I)
_COMPARE = re.compile(r"\b(?:compare[ds]?|comparison|versus|vs|differences?)\b", re.I)
_OF_THEM = re.compile(r"\b(?:ones?|of (?:these|those|them|the (?:two|three|four))|here|davon|von diesen)\b", re.I)

_ALL_ARE = re.compile(r"\W*(?:(?:and|so|but)\s+)*(?:is|are)\s+(?:everything|all|they\s+all)\b[^.!?\n]*\?\s*", re.I)
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
    if asks_of_conversation(message):
        return Reading("ask_item")  # of what was said, of no item
    reading = _exactly(_without_echo(reading, message, context), message, catalogue.currency)
    if _asks_for_order(reading, message, context) or _asks_of_all(reading, message, context):
        return replace(reading, intent="ask_item", targets=(), constraints=(), words="", unread=())
    if reading.intent == "ask_policy":
        return reading
    asked = titles.asked_about(message)
    if asked:
        return _asked_by_name(reading, message, context, asked)
    return reading if reading.targets else _likened(reading, message, titles, catalogue)


def _asked_by_name(reading: Reading, message: str, context: ReadingContext, asked: tuple[ItemId, ...]) -> Reading:
    """A question that names items by their titles, besides those it points at, `the first one and the Cheddar`."""
    compares = reading.intent == "compare" or bool(_COMPARE.search(message))
    at_all = len(reading.targets) > 1 and set(reading.targets) == {item.id for item in context.shown}
    pointed = () if at_all else reading.targets
    if pointed and not (compares or set(asked) > set(pointed)):
        return reading
    targets = tuple(dict.fromkeys((*pointed, *asked))) if compares else asked
    intent = "compare" if compares and len(targets) > 1 else "ask_item"
    return replace(reading, intent=intent, targets=targets, constraints=(), words="", unread=())


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


def _asks_of_all(reading: Reading, message: str, context: ReadingContext) -> bool:
    """`is everything wool?`: what is named is asked about, of all that is shown; a wish only where nothing is."""
    return bool(context.shown and reading.constraints and reading.intent == "search" and _ALL_ARE.fullmatch(message))


def _exactly(reading: Reading, message: str, currency: str) -> Reading:
    """`what costs exactly 12.99?`: one price, where no other limit was read."""
    said = _EXACT.search(message)
    if said is None or not currency or reading.targets or reading.intent not in ("search", "ask_item", "other"):
        return reading
    amounts = find_amounts(Passage.of(said.group()), currency)
    if len(amounts) != 1:
        return reading
    named = amounts[0].currency
    price = Money.of(amounts[0].value, currency if named in ("", "?") else named)
    quote = said.group()
    kept = tuple(e for e in reading.constraints if e.condition.field != "price" or said["amount"] not in e.quote)
    if any(entry.condition.field == "price" for entry in kept):
        return reading
    entry = Constraint("", "hard", Condition("price", Op.EQ, price), 0, quote)
    words = " ".join(word for word in reading.words.split() if word not in quote.split())
    return replace(reading, intent="search", constraints=(*kept, entry), words=words)


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
