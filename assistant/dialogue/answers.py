"""Answers to questions about items and policies: quoted from records, or an honest `the record does not say`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.nouns import Evidence, Policy
from index.encoders import TextEncoder
from index.items import Item
from index.words import normalise, stem, tokens

NEAR_ENOUGH = 0.40
"""Least cosine between a question and a line for the line to count as about it (MiniLM; see docs/log.md)."""

QUOTE_CHARS = 220

_STOP = frozenset(
    """
    a about also an and any are as at be been but by can come comes could do does fifth first for fourth from get
    good has have hello hi how i if in is it item its just kind last made make me more much my of ok okay on one
    ones or please product really second so sort still tell that the then there these they thing third this to too
    us was what when where which who will with would you your
    """.split()
)

_ASPECTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("price", frozenset({"price", "cost", "expensive", "cheap", "charge"})),
    ("stock", frozenset({"stock", "available", "availability", "left", "sold"})),
    (
        "rating",
        frozenset({"rating", "rate", "rated", "review", "reviewer", "star", "opinion", "people", "buyer", "customer"}),
    ),
    ("brand", frozenset({"brand", "maker", "manufacturer"})),
    ("size", frozenset({"size"})),
    ("color", frozenset({"color", "colour", "shade"})),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and the records it rests on. `known` False: the records do not say."""

    text: str
    evidence: tuple[Evidence, ...]
    known: bool = True


class Answers:
    """Answers from item records and the shop's policies. Words nothing that is not in them."""

    def __init__(
        self,
        encoder: TextEncoder,
        policies: Sequence[Policy] = (),
        *,
        is_hostile: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        """`is_hostile` says which lines of a listing or a review must not be quoted."""
        self._encoder = encoder
        self._policies = tuple(policies)
        self._is_hostile = is_hostile
        self._policy_vectors = encoder.encode([f"{p.title}. {p.text}" for p in policies]) if policies else None

    def about_item(self, item: Item, question: str) -> Answer:
        """What the record of `item` says to `question`."""
        asked = _content_stems(question, item)
        for aspect, cues in _ASPECTS:
            if asked & cues or (aspect == "price" and re.search(r"\bhow much\b", question.lower())):
                plain = _plain_fact(item, aspect, self._is_hostile)
                if plain:
                    return _numbered(plain)
        option = _option(item, question)
        if option:
            return _numbered(option)
        fact = _attribute(item, asked, question)
        if fact:
            return _numbered(fact)
        return _numbered(self._quoted(item, question, asked))

    def about_shelf(self, items: Sequence[Item], question: str) -> Answer:
        """Which of the shown items have what `question` asks for, by their records."""
        found = [(item, _attribute(item, _content_stems(question, item), question)) for item in items]
        saying = [(item, answer) for item, answer in found if answer and answer.known]
        yes = [(item, answer) for item, answer in saying if not answer.text.startswith("No")]
        if not yes:
            return _numbered(self.about_item(items[0], question))
        text = f"By their records: {' '.join(answer.text for _, answer in yes[:3])}"
        return _numbered(Answer(text, tuple(e for _, answer in yes[:3] for e in answer.evidence)))

    def about_policy(self, question: str) -> Answer:
        """The paragraph of the shop's rules nearest to `question`, in the shop's own words."""
        if self._policy_vectors is None:
            return Answer("This shop has given me no rules on that, so please ask its service team.", (), known=False)
        cosines = self._policy_vectors @ self._encoder.encode([question])[0]
        asked = _content_stems(question, None)
        topics = [len(asked & {stem(t) for t in tokens(f"{p.topic} {p.title}")}) for p in self._policies]
        best = int(np.argmax(cosines + 0.15 * np.array(topics)))
        if cosines[best] < NEAR_ENOUGH / 2 and not topics[best]:
            return Answer("The shop's rules do not say. Its service team can tell you for certain.", (), known=False)
        policy = self._policies[best]
        evidence = Evidence("a1", "policy", policy.topic, policy.title, policy.text, ref=policy.id)
        return Answer(f"{policy.title}: {_clip(policy.text, 400)}", (evidence,))

    def compare(self, items: Sequence[Item]) -> Answer:
        """Two or three items side by side: what each costs, how it is rated, and where their records differ."""
        evidence: list[Evidence] = []
        parts: list[str] = []
        for item in items[:3]:
            facts = [_fact(item, "price", str(item.price))] if item.price else []
            if item.rating is not None:
                facts.append(_fact(item, "rating", f"{item.rating:.1f} of 5 stars"))
            differing = [
                name
                for name in item.attributes
                if any(item.attributes[name] != other.attributes.get(name) for other in items if other.id != item.id)
            ]
            facts += [_fact(item, name, ", ".join(item.attributes[name])) for name in differing[:2]]
            evidence += facts
            said = "; ".join(_say(fact) for fact in facts) or "no price or rating on record"
            parts.append(f"{item.title}: {said}.")
        priced = sorted((i for i in items[:3] if i.price), key=lambda i: i.price.amount_minor if i.price else 0)
        if len(priced) > 1 and priced[0].price != priced[-1].price:
            parts.append(f"If price decides, take {priced[0].title}.")
        return _numbered(Answer(" ".join(parts), tuple(evidence)))

    def _quoted(self, item: Item, question: str, asked: set[str]) -> Answer:
        """The line of the description, or else of a review, nearest to the question; a quote, never a verdict."""
        lines = [(line, "fact", "description", "") for line in _sentences(item.description)]
        lines += [(line, "review", "review", r.id) for r in item.reviews for line in _sentences(r.text)]
        lines = [line for line in lines if not self._is_hostile(line[0])][:60]
        if lines:
            cosines = self._encoder.encode([line for line, *_ in lines]) @ self._encoder.encode([question])[0]
            shared = np.array([len(asked & {stem(t) for t in tokens(line)}) for line, *_ in lines])
            own = np.array([0.05 if kind == "fact" else 0.0 for _, kind, *_ in lines])
            scores = cosines + 0.2 * shared + own
            best = int(np.argmax(scores))
            if shared[best] or cosines[best] >= NEAR_ENOUGH + 0.1:
                line, kind, name, ref = lines[best]
                said = _clip(line)
                writer = "a buyer writes" if kind == "review" else "the shop writes"
                text = f"On {item.title}, {writer}: \u201c{said}\u201d"
                evidence = Evidence("a1", kind, name, said, line, item_id=item.id, ref=ref)  # type: ignore[arg-type]
                return Answer(text, (evidence,))
        known = [_fact(item, name, ", ".join(values)) for name, values in list(item.attributes.items())[:2]]
        told = f" It does say: {'; '.join(_say(fact) for fact in known)}." if known else ""
        return Answer(f"The record of {item.title} does not say.{told}", tuple(known), known=False)


def _plain_fact(item: Item, aspect: str, is_hostile: Callable[[str], bool]) -> Answer | None:
    if aspect == "price":
        if item.price is None:
            return Answer(f"No price is on record for {item.title}.", (), known=False)
        facts = [_fact(item, "price", str(item.price))]
        text = f"{item.title} costs {item.price}"
        if item.list_price is not None:
            facts.append(_fact(item, "list_price", str(item.list_price)))
            text += f", reduced from {item.list_price}"
        return Answer(f"{text}.", tuple(facts))
    if aspect == "stock":
        state = "in stock" if item.in_stock else "sold out"
        return Answer(f"{item.title} is {state}.", (_fact(item, "stock", state),))
    if aspect == "rating" and item.rating is not None:
        value = f"{item.rating:.1f} of 5 stars from {item.rating_count} ratings"
        facts = [_fact(item, "rating", value)]
        text = f"{item.title} has {value}."
        telling = [r for r in item.reviews if 20 <= len(r.text) <= QUOTE_CHARS and not is_hostile(r.text)]
        if telling:
            text += f" A buyer writes: \u201c{telling[0].text.strip()}\u201d"
            facts.append(Evidence("a", "review", "review", telling[0].rating, telling[0].text, item.id, telling[0].id))
        return Answer(text, tuple(facts))
    if aspect == "brand" and item.brand:
        return Answer(f"{item.title} is made by {item.brand}.", (_fact(item, "brand", item.brand),))
    return None


def _option(item: Item, question: str) -> Answer | None:
    """`does it come in blue?`, `which sizes?`: answered from what can be bought now."""
    asked = f" {' '.join(tokens(question))} "
    stems = {stem(token) for token in tokens(question)}
    for name, values in item.options.items():
        buyable = tuple(v for v in values if _buyable(item, name, v))
        fact = _fact(item, name, ", ".join(buyable) or "none in stock")
        named = [v for v in values if f" {' '.join(tokens(v))} " in asked and len(v) > 1]
        if named:
            have = [v for v in named if v in buyable]
            if have:
                return Answer(f"Yes, {item.title} comes in {' and '.join(have)}.", (fact,))
            return Answer(f"{item.title} in {named[0]} is sold out; in stock: {', '.join(buyable) or 'none'}.", (fact,))
        if stem(name) in stems or (name in ("color", "colour") and stems & {"color", "colour"}):
            return Answer(f"{item.title} comes in {', '.join(buyable) or 'nothing that is in stock'}.", (fact,))
    return None


def _attribute(item: Item, asked: set[str], question: str) -> Answer | None:
    """An attribute whose name or value the question names."""
    closed = bool(re.match(r"\s*(is|are|does|do|can|has|have|will|would)\b", question.lower()))
    best: tuple[int, str, str] | None = None
    for name, values in item.attributes.items():
        by_name = len(asked & {stem(token) for token in tokens(name.replace("_", " "))})
        hits = [value for value in values if asked & {stem(token) for token in tokens(value)}]
        score = 2 * by_name + 3 * bool(hits)
        if score and (best is None or score > best[0]):
            best = (score, name, hits[0] if hits else "")
    if best is None:
        return None
    _, name, hit = best
    values = item.attributes[name]
    fact = _fact(item, name, ", ".join(values))
    verdict = {"yes": "Yes", "true": "Yes", "no": "No", "false": "No"}.get(normalise(values[0]), "")
    if closed and len(values) == 1 and verdict:
        label = name.replace("_", " ")
        told = f"{label}: {values[0].lower()}"
        return Answer(f"{verdict}. The record of {item.title} says {told}.", (fact,))
    if closed and hit and not re.search(r"\bnot\b|n't\b|\bor\b", question.lower()):
        return Answer(f"Yes: the record of {item.title} says {_say(fact)}.", (fact,))
    return Answer(f"The record of {item.title} says {_say(fact)}.", (fact,))


def _content_stems(question: str, item: Item | None) -> set[str]:
    """What the question is about: its stems without function words and without the item's own name."""
    own = {stem(token) for token in tokens(f"{item.title} {item.brand}")} if item else set[str]()
    found = {stem(token) for token in tokens(question) if token not in _STOP and len(token) > 1}
    synonyms = {"fabric": "material", "heavy": "weight", "weigh": "weight", "big": "size"}
    found |= {synonyms[word] for word in tokens(question) if word in synonyms}
    if re.search(r"\bmade (of|from|out)\b", question.lower()):
        found.add("material")
    return (found - own) or found


def _buyable(item: Item, option: str, value: str) -> bool:
    if not item.variants:
        return item.in_stock
    return any(variant.in_stock and variant.options.get(option) == value for variant in item.variants)


def _fact(item: Item, name: str, value: str) -> Evidence:
    return Evidence("a", "fact", name, value, f"{name.replace('_', ' ')}: {value}", item_id=item.id)


def _say(fact: Evidence) -> str:
    return fact.text


def _sentences(text: str) -> list[str]:
    return [part.strip(" -\u2022") for part in re.split(r"(?<=[.!?])\s+|\n+", text) if len(part.strip(" -\u2022")) > 3]


def _clip(text: str, most: int = QUOTE_CHARS) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0] + " \u2026"


def _numbered(answer: Answer) -> Answer:
    return replace(answer, evidence=tuple(replace(e, id=f"a{n}") for n, e in enumerate(answer.evidence, start=1)))
