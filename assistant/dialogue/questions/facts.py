"""Facts of one item as they are told: what an answer is made of, and the plain ones every record has."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.nouns import Evidence
from index.filters import Condition, Op, has_own_prices, values_of
from index.items import Item, ItemId, Review
from index.language.words import tokens
from index.offers import as_offered, is_from

QUOTE_CHARS = 220
_LEAST_QUOTE = 10
_POOR = 3.0
"""Stars up to which a review is no praise."""
_MOST_TOLD = 6

_REDUCED = re.compile(r"\b(?:on sale|discount(?:ed)?|reduced|marked down|special price|on offer)\b", re.I)

IsHostile = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and the records it rests on. `known` False: the records do not say. `about`: the items told of."""

    text: str
    evidence: tuple[Evidence, ...]
    known: bool = True
    about: tuple[ItemId, ...] = ()


def fact(item: Item, name: str, value: str) -> Evidence:
    """A fact of the record, `name: value` in words."""
    return Evidence("a", "fact", name, value, f"{name.replace('_', ' ')}: {value}", item_id=item.id)


def recorded(item: Item, name: str) -> Evidence | None:
    """The fact that the record holds under a field's name; None where it holds nothing there."""
    if name == "price":
        return fact(item, "price", str(item.price)) if item.price else None
    if name == "brand":
        return fact(item, "brand", item.brand) if item.brand else None
    if name == "rating":
        return fact(item, "rating", f"{item.rating:.1f} of 5 stars") if item.rating is not None else None
    values = values_of(item, name)
    return fact(item, name, ", ".join(values)) if values else None


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`.

    Raises:
        IndexError: `words` is empty.
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def numbered(answer: Answer) -> Answer:
    """The answer with ids of its own for its evidence, each entry once: a1, a2, ..."""
    return replace(answer, evidence=tuple(replace(e, id=f"a{n}") for n, e in enumerate(answer.evidence, start=1)))


def joined(answers: Sequence[Answer]) -> Answer:
    """Several answers as one, in order."""
    evidence = tuple(entry for answer in answers for entry in answer.evidence)
    about = tuple(dict.fromkeys(item_id for answer in answers for item_id in answer.about))
    text = " ".join(answer.text for answer in answers)
    return numbered(Answer(text, evidence, all(answer.known for answer in answers), about))


def clip(text: str, most: int = QUOTE_CHARS) -> str:
    """The text, cut at a word where it is longer than `most`."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0] + " \u2026"


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text."""
    return [part.strip(" -\u2022") for part in re.split(r"(?<=[.!?])\s+|\n+", text) if len(part.strip(" -\u2022")) > 3]


def price_answer(item: Item, question: str) -> Answer:
    """What it costs, in the versions that the question names; of one whether it is free or reduced, yes or no first."""
    named = options_named(item, question) if has_own_prices(item) else {}
    chosen = {name: values[0] for name, values in named.items() if len(values) == 1}
    offered = as_offered(item, [Condition(name, Op.EQ, value) for name, value in chosen.items()])
    if not chosen and offered.price != item.price:  # shown at the price of the versions that meet the request
        offered = replace(item, variants=())
    if offered.price is None:
        return Answer(f"No price is on record for {item.title}.", (), known=False)
    if any(variant.options.get(name) != value for variant in offered.variants for name, value in chosen.items()):
        chosen = {}  # not to be had, so what it would cost is not told
    facts = [fact(item, name, value) for name, value in chosen.items()]
    facts.append(fact(item, "price", str(offered.price)))
    version = f" in {listed(list(chosen.values()))}" if chosen else ""
    text = f"{item.title}{version} costs {'from ' if is_from(offered) else ''}{offered.price}"
    if offered.list_price is not None:
        facts.append(fact(item, "list_price", str(offered.list_price)))
        text += f", reduced from {offered.list_price}"
    if asks_whether_reduced(question):
        text = f"Yes: {text}" if offered.list_price is not None else f"{text}; its record names no reduced price"
    elif asks_whether_free(question):
        text = f"{'No' if offered.price.amount_minor else 'Yes'}: {text}"
    return Answer(f"{text}.", tuple(facts))


def options_named(item: Item, question: str) -> dict[str, list[str]]:
    """The options that the question names values of: `how much is it in blue?`, each with these values."""
    asked = f" {' '.join(tokens(question))} "
    found = {
        name: [value for value in values if len(value) > 1 and f" {' '.join(tokens(value))} " in asked]
        for name, values in item.options.items()
    }
    return {name: values for name, values in found.items() if values}


def asks_whether_reduced(question: str) -> bool:
    """`is it on sale?`, `any discount on it?`"""
    return bool(_REDUCED.search(question))


def asks_whether_free(question: str) -> bool:
    """`is it free?`; not `gluten free`, `free of nuts`, `free shipping`."""
    found = re.search(r"(?<![-\w])(\w+[\s-]+)?free\b(?=\s*(?:\?|!|\.|$|of charge|or\b))", question, re.I)
    return bool(found) and not re.search(
        r"\b(?:gluten|sugar|nut|dairy|lactose|fat|caffeine|alcohol|cruelty|lead|wrinkle|hands|fragrance|perfume)\W*free",
        question,
        re.I,
    )


def rating_answer(item: Item, is_hostile: IsHostile) -> Answer | None:
    """How it is rated, and what buyers write: the one who liked it best, and the one who liked it least."""
    facts: list[Evidence] = []
    text = ""
    if item.rating is not None:
        value = f"{item.rating:.1f} of 5 stars from {item.rating_count} ratings"
        facts.append(fact(item, "rating", value))
        text = f"{item.title} has {value}."
    telling = [r for r in item.reviews if _LEAST_QUOTE <= len(r.text) <= QUOTE_CHARS and not is_hostile(r.text)]
    if not telling:
        return Answer(text, tuple(facts)) if text else None
    for review in _both_sides(telling):
        facts.append(Evidence("a", "review", "review", review.rating, review.text, item.id, review.id))
        said = review.text.strip()
        text += f" {_writer(review)}: \u201c{said}\u201d{'' if said[-1:] in '.!?' else '.'}"
    return Answer(text.strip() if item.rating is not None else f"On {item.title}:{text}", tuple(facts))


def _both_sides(reviews: Sequence[Review]) -> list[Review]:
    """The most favourable review, and the least favourable where that is no praise."""
    rated = [review for review in reviews if review.rating is not None]
    if not rated:
        return list(reviews[:1])
    best = max(rated, key=lambda review: review.rating or 0.0)
    worst = min(rated, key=lambda review: review.rating or 0.0)
    return [best, worst] if (worst.rating or 0.0) <= _POOR < (best.rating or 0.0) else [best]


def _writer(review: Review) -> str:
    if review.rating is None:
        return "A buyer writes"
    return f"A buyer who gave {review.rating:g} {'star' if review.rating == 1 else 'stars'} writes"


def summary(item: Item, is_hostile: IsHostile) -> Answer:
    """What the record tells of an item: price, maker, rating, its facts, and how the shop describes it."""
    facts: list[Evidence] = []
    if item.price is not None:
        facts.append(fact(item, "price", str(item.price)))
    if item.price is not None and item.list_price is not None:
        facts.append(fact(item, "list_price", str(item.list_price)))
    if item.brand and not is_hostile(item.brand):
        facts.append(fact(item, "brand", item.brand))
    if item.rating is not None:
        facts.append(fact(item, "rating", f"{item.rating:.1f} of 5 from {item.rating_count} ratings"))
    entries = {name: values for source in (item.attributes, item.options) for name, values in source.items()}
    for name, values in list(entries.items())[:_MOST_TOLD]:
        plain = [value for value in values if not is_hostile(value)]
        if plain and not is_hostile(name):
            facts.append(fact(item, name, ", ".join(plain)))
    told = "; ".join(each.text.replace("list price", "regular price") for each in facts)
    text = f"{item.title}: {told}." if facts else ""
    line = next((line for line in sentences(item.description) if not is_hostile(line)), "")
    if line:
        said = clip(line)
        facts.append(Evidence("a", "fact", "description", said, line, item_id=item.id))
        writes = "The shop writes" if text else f"On {item.title}, the shop writes"
        text = f"{text} {writes}: \u201c{said}\u201d".strip()
    if not item.in_stock:
        facts.append(fact(item, "stock", "sold out"))
        text = f"{text} It is sold out.".strip()
    known = bool(facts)
    return Answer(text or f"The record of {item.title} says no more than its name.", tuple(facts), known, (item.id,))
