"""Answers to questions about items and policies: quoted from records, or an honest `the record does not say`."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from assistant.dialogue.questions.facts import (
    Answer,
    asks_whether_free,
    asks_whether_reduced,
    clip,
    fact,
    listed,
    numbered,
    options_named,
    price_answer,
    rating_answer,
    recorded,
    sentences,
    summary,
)
from assistant.dialogue.questions.superlatives import answer_order, compared, find_comparative, find_order
from assistant.dialogue.questions.verdicts import buyable, verdict
from assistant.nouns import Evidence, Policy
from index.encoders import TextEncoder
from index.filters import NEGATIVE, Condition, holds
from index.items import Item
from index.language.words import normalise, stem, tokens

__all__ = ["Answer", "Answers"]

NEAR_ENOUGH = 0.40
"""Least cosine between a question and a line for the line to count as about it (MiniLM; see docs/log.md)."""

_STOP = frozenset(
    """
    a about also an and any are as at be been but by can come comes could do does fifth first for fourth from get
    good has have hello hi how i if in is it item its just kind last made make me more much my of ok okay on one
    ones or please product really second so sort still tell that the then there these they thing third this to too
    us was what when where which who will with would you your
    """.split()
)
_ALL_OF_IT = frozenset(
    "detail info information describe explain everything anything know full spec specification show see look give let "
    "want like new fact overview summary description mehr alles uber dazu davon zeig erzahl plus sur en savoir".split()
)
"""Words that ask for all there is to tell."""

_MAKER = re.compile(
    r"\bwho\b.*\b(?:makes?|made|produces?|manufactures?)\b|\bwho(?:'s| is) it by\b|\bwhich company\b", re.I
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

    def about_item(self, item: Item, question: str, asked: Sequence[Condition] = ()) -> Answer:
        """What the record of `item` says to `question`.

        Args:
            asked: what the question, without the item's name, says of items: read as if it were asked for.
        """
        stems = _content_stems(question, item)
        if _asks_for_all(question, item):
            return numbered(summary(item, self._is_hostile))
        if _asks_price(question):
            return numbered(price_answer(item, question))
        judged = verdict(item, question, asked, self._is_hostile)
        if judged is not None:
            return numbered(judged)
        for aspect, cues in _ASPECTS:
            if stems & cues or (aspect == "brand" and _asks_maker(question)):
                plain = _plain_fact(item, aspect, question, self._is_hostile)
                if plain:
                    return numbered(plain)
        found = _option(item, question) or _attribute(item, stems, question)
        return numbered(found or self._quoted(item, question, stems))

    def about_shelf(self, items: Sequence[Item], question: str, asked: Sequence[Condition] = ()) -> Answer:
        """Which of the shown items have what `question` asks for, or come first in the order it speaks of."""
        order = find_order(question)
        if order is not None:
            return answer_order(order, items, self._is_hostile)
        judged = [each for each in asked if each.field not in ("kind", "category") and each.op not in NEGATIVE]
        if judged and len(items) > 1:
            return _which_of_them(items, judged)
        found = [(item, _attribute(item, _content_stems(question, item), question)) for item in items]
        saying = [(item, answer) for item, answer in found if answer and answer.known]
        yes = [(item, answer) for item, answer in saying if not answer.text.startswith("No")]
        if not yes:
            return numbered(self.about_item(items[0], question, asked))
        text = f"By their records: {' '.join(answer.text for _, answer in yes[:3])}"
        return numbered(Answer(text, tuple(e for _, answer in yes[:3] for e in answer.evidence)))

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
        return Answer(f"{policy.title}: {clip(policy.text, 400)}", (evidence,))

    def compare(self, items: Sequence[Item], question: str = "") -> Answer:
        """Two or three items side by side: what each costs, how it is rated, and where their records differ.

        Where the question asks whether the first is more so than the second, yes or no comes first.
        """
        order = find_comparative(question)
        if order is not None and len(items) == 2 and (told := compared(order, items[0], items[1])):
            return told
        evidence: list[Evidence] = []
        parts: list[str] = []
        if order is not None and order.measure in ("field", "unmeasured"):
            parts.append(f"Their records do not measure which is {order.said}.")
        for item in items[:3]:
            facts = [made for name in ("price", "rating") if (made := recorded(item, name))]
            differing = [
                name
                for name in item.attributes
                if any(item.attributes[name] != other.attributes.get(name) for other in items if other.id != item.id)
            ]
            facts += [fact(item, name, ", ".join(item.attributes[name])) for name in differing[:2]]
            evidence += facts
            said = "; ".join(each.text for each in facts) or "no price or rating on record"
            parts.append(f"{item.title}: {said}.")
        priced = sorted((i for i in items[:3] if i.price), key=lambda i: i.price.amount_minor if i.price else 0)
        if len(priced) > 1 and priced[0].price != priced[-1].price:
            parts.append(f"If price decides, take {priced[0].title}.")
        return numbered(Answer(" ".join(parts), tuple(evidence)))

    def _quoted(self, item: Item, question: str, asked: set[str]) -> Answer:
        """The line of the description, or else of a review, nearest to the question; a quote, never a verdict."""
        lines = [(line, "fact", "description", "") for line in sentences(item.description)]
        lines += [(line, "review", "review", r.id) for r in item.reviews for line in sentences(r.text)]
        lines = [line for line in lines if not self._is_hostile(line[0])][:60]
        if lines:
            cosines = self._encoder.encode([line for line, *_ in lines]) @ self._encoder.encode([question])[0]
            shared = np.array([len(asked & {stem(t) for t in tokens(line)}) for line, *_ in lines])
            own = np.array([0.05 if kind == "fact" else 0.0 for _, kind, *_ in lines])
            scores = cosines + 0.2 * shared + own
            best = int(np.argmax(scores))
            if shared[best] or cosines[best] >= NEAR_ENOUGH + 0.1:
                line, kind, name, ref = lines[best]
                said = clip(line)
                writer = "a buyer writes" if kind == "review" else "the shop writes"
                text = f"On {item.title}, {writer}: \u201c{said}\u201d"
                evidence = Evidence("a1", kind, name, said, line, item_id=item.id, ref=ref)  # type: ignore[arg-type]
                return Answer(text, (evidence,))
        known = [fact(item, name, ", ".join(values)) for name, values in list(item.attributes.items())[:2]]
        told = f" It does say: {'; '.join(each.text for each in known)}." if known else ""
        return Answer(f"The record of {item.title} does not say.{told}", tuple(known), known=False)


def _asks_for_all(question: str, item: Item) -> bool:
    """`tell me more about it`, `the second one`: nothing in particular."""
    own = {stem(token) for token in tokens(f"{item.title} {item.brand}")}
    words = [token for token in tokens(question) if token not in _STOP and not token.isdigit()]
    asking = re.match(r"\s*(?:who|why|when|where|how|does|do|is|are|can|has|have|will)\b", question, re.I)
    return not asking and {stem(token) for token in words} - own <= _ALL_OF_IT


def _asks_price(question: str) -> bool:
    words = {stem(token) for token in tokens(question)}
    weighs = words & {"weigh", "weight", "hold", "fit"}
    open_price = re.search(r"\bhow much\b|\bwhat(?:'?s)?\b.*\b(?:price|costs?)\b", question, re.I)
    alone = words & {"price", "cost"} and not re.search(r"\d", question)
    return bool((open_price and not weighs) or alone or asks_whether_reduced(question) or asks_whether_free(question))


def _asks_maker(question: str) -> bool:
    return bool(_MAKER.search(question))


def _which_of_them(items: Sequence[Item], conditions: Sequence[Condition]) -> Answer:
    """Which of the items satisfy what was asked, and what the records of the others say."""
    meets = [item for item in items if all(holds(item, each) for each in conditions)]
    named = list(dict.fromkeys(each.field for each in conditions))
    facts = [made for item in items for name in named if (made := recorded(item, name)) is not None]
    if not meets:
        told = "; ".join(f"{entry.text} ({_title_of(items, entry)})" for entry in facts[:3])
        text = f"By their records, none of these.{f' They say {told}.' if told else ' They do not say.'}"
        return numbered(Answer(text, tuple(facts[:3]), bool(facts)))
    mine = [entry for entry in facts if entry.item_id in {item.id for item in meets}]
    names = [item.title for item in meets]
    return numbered(Answer(f"By their records: {listed(names)}.", tuple(mine), about=tuple(item.id for item in meets)))


def _title_of(items: Sequence[Item], entry: Evidence) -> str:
    return next(item.title for item in items if item.id == entry.item_id)


def _plain_fact(item: Item, aspect: str, question: str, is_hostile: Callable[[str], bool]) -> Answer | None:
    if aspect == "price":
        return price_answer(item, question)
    if aspect == "stock":
        state = "in stock" if item.in_stock else "sold out"
        return Answer(f"{item.title} is {state}.", (fact(item, "stock", state),))
    if aspect == "rating":
        return rating_answer(item, is_hostile)
    if aspect == "brand" and item.brand:
        return Answer(f"{item.title} is made by {item.brand}.", (fact(item, "brand", item.brand),))
    return None


def _option(item: Item, question: str) -> Answer | None:
    """`does it come in blue?`, `which sizes?`: answered from what can be bought now."""
    stems = {stem(token) for token in tokens(question)}
    asked = options_named(item, question)
    for name in item.options:
        there = buyable(item, name)
        made = fact(item, name, ", ".join(there) or "none in stock")
        if named := asked.get(name):
            have = [v for v in named if v in there]
            if have:
                return Answer(f"Yes, {item.title} comes in {' and '.join(have)}.", (made,))
            return Answer(f"{item.title} in {named[0]} is sold out; in stock: {', '.join(there) or 'none'}.", (made,))
        if stem(name) in stems or (name in ("color", "colour") and stems & {"color", "colour"}):
            return Answer(f"{item.title} comes in {', '.join(there) or 'nothing that is in stock'}.", (made,))
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
    made = fact(item, name, ", ".join(values))
    answer = {"yes": "Yes", "true": "Yes", "no": "No", "false": "No"}.get(normalise(values[0]), "")
    if closed and len(values) == 1 and answer:
        label = name.replace("_", " ")
        told = f"{label}: {values[0].lower()}"
        return Answer(f"{answer}. The record of {item.title} says {told}.", (made,))
    if closed and hit and not re.search(r"\bnot\b|n't\b|\bor\b", question.lower()):
        return Answer(f"Yes: the record of {item.title} says {made.text}.", (made,))
    return Answer(f"The record of {item.title} says {made.text}.", (made,))


def _content_stems(question: str, item: Item | None) -> set[str]:
    """What the question is about: its stems without function words and without the item's own name."""
    own = {stem(token) for token in tokens(f"{item.title} {item.brand}")} if item else set[str]()
    found = {stem(token) for token in tokens(question) if token not in _STOP and len(token) > 1}
    synonyms = {"fabric": "material", "heavy": "weight", "weigh": "weight", "big": "size"}
    found |= {synonyms[word] for word in tokens(question) if word in synonyms}
    if re.search(r"\bmade (of|from|out)\b", question.lower()):
        found.add("material")
    return (found - own) or found
