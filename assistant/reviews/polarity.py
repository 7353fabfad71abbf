"""How well something fares in a sentence: what a judge is given, what it answers, and the judge that needs no model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.spans import Marked


@dataclass(frozen=True, slots=True)
class Judgement:
    """`whole` is the tone of a text in [-1, 1]; `spans` holds (negative, neutral, positive) for each, summing to 1."""

    whole: float
    spans: tuple[tuple[float, float, float], ...]

    @property
    def polarities(self) -> tuple[float, ...]:
        """Of each span: how much likelier praise is than blame, in [-1, 1]."""
        return tuple(positive - negative for negative, _, positive in self.spans)


class Polarity(Protocol):
    """Marked texts -> judgements. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Changes whenever the same text may be judged otherwise; part of the key of every cached judgement."""
        ...

    def judge(self, texts: Sequence[Marked]) -> list[Judgement]:
        """One judgement a text, in their order."""
        ...


PRAISE = frozenset(
    """
    good great excellent superb perfect perfectly lovely beautiful beautifully gorgeous wonderful fantastic amazing
    awesome brilliant brilliantly nice nicely love loved loves like liked likes best better comfortable comfy cosy
    soft softer warm sturdy solid durable reliable robust easy easily simple quick quickly fast quiet light lightweight
    bright crisp sharp smooth smoothly flattering pretty cute stylish elegant delicious tasty fresh friendly helpful
    cozy kind attentive polite fair cheap affordable bargain value worth recommend happy happier pleased delighted
    glad impressed impressive handy useful practical generous roomy spacious clean bonus joy pleasure favourite favorite
    compliment compliments accurate stunning superior flawless charming divine marvellous fine well honest superbly
    """.split()
)
BLAME = frozenset(
    """
    bad badly poor poorly terrible awful horrible dreadful disappointing disappointed disappointment worst worse hate
    hated dislike cheaply flimsy thin weak broke broken breaks break cracked crack ripped tore torn tear faded fades
    shrank shrunk pilled pilling peels peeling leaks leak leaked itchy scratchy itches stiff tight loose baggy boxy
    uncomfortable hurts hurt heavy bulky slow noisy loud dim dull blurry sticky rude unfriendly unhelpful late missing
    wrong useless worthless overpriced expensive pricey rubbish junk trash return returned refund stuck sticks jams
    jammed wobbles wobbly bland dry cold stale greasy salty soggy overcooked undercooked dirty smells smelly stinks
    stained defect defective faulty fails failed fail died dead problem problems issue issues complaint unfortunately
    sadly annoying difficult hard fiddly confusing flat crooked unflattering sheer scratches scratched waste
    """.split()
)
_TURNS = frozenset(
    "not no never nothing none nobody without hardly barely neither nor cannot cant didnt doesnt dont isnt wasnt "
    "wont couldnt wouldnt arent werent hasnt havent n't nt lacks lacking".split()
)
_STRONG = frozenset("very really so extremely absolutely incredibly super totally far much".split())
_BREAKS = frozenset("but although though however yet except while whereas despite otherwise".split())
_WORD = re.compile(r"[a-z]+(?:['\u2019][a-z]+)?|[,;:.!?()]")
REACH = 3
"""How many words a negation governs."""


class WordPolarity:
    """Counts words of praise and blame, nearer ones for more, turned by negation; another clause counts a quarter.

    No model, some 20 microseconds a sentence: the fallback where no encoder is at hand.
    """

    name = "words-1"

    def judge(self, texts: Sequence[Marked]) -> list[Judgement]:
        return [_judged(marked) for marked in texts]


WORDS_SHARE = 0.3
"""How much `Blend` gives to words; of 0, 0.3 and 0.5 the best on the sentences it was then measured on."""


class Blend:
    """A judge's spans mixed with those of `WordPolarity`, which keeps clauses apart; its tone of the whole as it is."""

    def __init__(self, judge: Polarity, share: float = WORDS_SHARE) -> None:
        self._judge = judge
        self._words = WordPolarity()
        self._share = share
        self.name = f"{judge.name}+{share}*{self._words.name}"

    def judge(self, texts: Sequence[Marked]) -> list[Judgement]:
        learned, plain = self._judge.judge(texts), self._words.judge(texts)
        return [self._mixed(one, other) for one, other in zip(learned, plain, strict=True)]

    def _mixed(self, one: Judgement, other: Judgement) -> Judgement:
        share, rest = self._share, 1.0 - self._share
        pairs = zip(one.spans, other.spans, strict=True)
        spans = tuple(
            (rest * a[0] + share * b[0], rest * a[1] + share * b[1], rest * a[2] + share * b[2]) for a, b in pairs
        )
        return Judgement(one.whole, spans)


def _judged(marked: Marked) -> Judgement:
    hits, clauses = _hits(marked.text)
    whole = sum(value for _, value, _ in hits)
    spans: list[tuple[float, float, float]] = []
    for start, end in marked.spans:
        clause = sum(at <= start for at in clauses)
        score = 0.0
        for at, value, of in hits:
            distance = 0 if start <= at < end else min(abs(at - start), abs(at - end))
            score += value / (1.0 + distance / 25.0) * (1.0 if of == clause else 0.25)
        strength = min(abs(score), 1.0) * 0.9
        even = (1.0 - strength) * 0.25
        high, low = strength + even, even
        spans.append((high, 1.0 - high - low, low) if score < 0 else (low, 1.0 - high - low, high))
    return Judgement(whole=max(-1.0, min(1.0, whole / 2.0)), spans=tuple(spans))


def _hits(text: str) -> tuple[list[tuple[int, float, int]], list[int]]:
    """The (place, signed value, clause) of every word that judges; and where each clause after the first begins."""
    hits: list[tuple[int, float, int]] = []
    clauses: list[int] = []
    turned, strong = 0, False
    for match in _WORD.finditer(text.lower()):
        word = match.group().replace("\u2019", "'")
        plain = word.replace("'", "")
        if word in ".;!?" or word in _BREAKS:
            clauses.append(match.start())
            turned = 0
        elif plain in _TURNS or (plain.endswith("nt") and "'" in word):
            turned = REACH + 1
        elif plain in PRAISE or plain in BLAME:
            value = (1.0 if plain in PRAISE else -1.0) * (1.3 if strong else 1.0)
            hits.append((match.start(), -0.8 * value if turned else value, len(clauses)))
        turned = max(0, turned - 1)
        strong = word in _STRONG
    return hits, clauses
