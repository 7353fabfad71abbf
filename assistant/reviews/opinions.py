"""Items -> what their reviewers say, aspect by aspect, with the sentences behind it.

A review is written by anybody: it has one vote an aspect however often it speaks, copies of a text count once,
long ones are cut, and a few voices are drawn towards zero. Nothing a review says is obeyed; it is only weighed.

For the ranker see `assistant.recommend.opinions`; a catalogue is read once, by `Reader.read`, and cached by content.
"""

import hashlib
import json
import logging
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.reviews.aspects import ASPECTS, MAX_TEXT, mentions, sentences
from assistant.reviews.polarity import Blend, Judgement, Polarity, WordPolarity
from assistant.spans import Marked, Span
from index.items import Item, ItemId, Review

log = logging.getLogger(__name__)

MODEL_FOLDER = Path(__file__).parents[1] / "models" / "reviews"
PRIOR_VOICES = 2.0
"""Opinions are drawn to zero as if this many reviewers had shrugged."""
MAX_REVIEWS = 200
"""Reviews of one item that are read, the first ones of the feed."""
MAX_QUOTES = 6


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a review: `text` is characters `span` of field `part` of `item.reviews[review]`, as written."""

    review: int
    part: str
    span: Span
    text: str
    polarity: float


@dataclass(frozen=True, slots=True)
class AspectOpinion:
    """What reviewers think of one aspect.

    Attributes:
        mentions: reviewers who speak of it.
        polarity: their mean in [-1, 1], drawn to zero while they are few (`PRIOR_VOICES`).
        quotes: sentences behind it, the clearest of the majority's first, at most `MAX_QUOTES`.
    """

    aspect: str
    mentions: int
    polarity: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ItemOpinions:
    """All that was heard of one item: `voices` distinct reviews, their tone in [-1, 1] drawn to zero while few."""

    voices: int = 0
    tone: float = 0.0
    aspects: tuple[AspectOpinion, ...] = ()

    def of(self, aspect: str) -> AspectOpinion | None:
        """The opinion on that aspect; None when nobody speaks of it."""
        return next((opinion for opinion in self.aspects if opinion.aspect == aspect), None)


@dataclass(frozen=True, slots=True)
class _Heard:
    """One sentence of one review, judged."""

    review: int
    part: str
    span: Span
    marked: Marked
    aspects: tuple[str, ...]


class Reader:
    """Reads reviews with a `Polarity`, remembering each judged sentence by the hash of model and words."""

    def __init__(self, polarity: Polarity, cache: Path | None = None) -> None:
        """`cache` is a JSON file that is read if it exists and written by `read`; damaged, it is made anew."""
        self._polarity = polarity
        self._cache = cache
        self._known: dict[str, Judgement] = _load_cache(cache) if cache else {}

    def opinions(self, item: Item) -> tuple[AspectOpinion, ...]:
        """What the reviews of one item say; most spoken of first, then by name. Empty without reviews."""
        return self.read([item])[item.id].aspects

    def read(self, items: Iterable[Item]) -> dict[ItemId, ItemOpinions]:
        """Every item's opinions, sentences judged in batches over the whole catalogue.

        Cost: per review that is new, some 10 ms of one core with the trained model, 0.2 ms with `WordPolarity`.
        """
        heard = {item.id: _hear(item.reviews) for item in items}
        new: dict[str, Marked] = {}
        for sentence in (one for many in heard.values() for one in many):
            key = self._key(sentence.marked)
            if key not in self._known:
                new[key] = sentence.marked
        if new:
            judged = self._polarity.judge(list(new.values()))
            self._known.update(zip(new, judged, strict=True))
            if self._cache:
                _save_cache(self._cache, self._known)
            log.info("judged %d new sentences of reviews", len(new))
        return {
            item_id: _weighed(many, [self._known[self._key(one.marked)] for one in many])
            for item_id, many in heard.items()
        }

    def _key(self, marked: Marked) -> str:
        return hashlib.sha256(f"{self._polarity.name}\n{marked.spans}\n{marked.text}".encode()).hexdigest()[:32]


def open_reader(cache: Path | None = None, *, learned: bool = True) -> Reader:
    """A reader with the shipped model, or with `WordPolarity` when it or its encoder is absent or not wanted."""
    from index.errors import WeightsError

    if learned:
        try:
            from assistant.reviews.tuned import load

            return Reader(Blend(load(MODEL_FOLDER)), cache)
        except (WeightsError, ImportError) as error:
            log.warning("reviews are read by their words alone: %s", error)
    return Reader(WordPolarity(), cache)


def _hear(reviews: Sequence[Review]) -> list[_Heard]:
    """The sentences of distinct reviews: blanks, stops, case, and what is too far back to be read make no copy new."""
    seen: set[str] = set()
    heard: list[_Heard] = []
    for index, review in enumerate(reviews[:MAX_REVIEWS]):
        letters = re.sub(r"\W+", "", f"{review.title[:MAX_TEXT]}{review.text[:MAX_TEXT]}".casefold())
        if not letters or letters in seen:
            continue
        seen.add(letters)
        for part, text in (("title", review.title), ("text", review.text)):
            for start, end in sentences(text):
                found = mentions(text[start:end])
                marked = Marked(text[start:end], tuple(span for _, span in found))
                heard.append(_Heard(index, part, (start, end), marked, tuple(aspect for aspect, _ in found)))
    return heard


def _weighed(heard: Sequence[_Heard], judged: Sequence[Judgement]) -> ItemOpinions:
    tones: dict[int, list[float]] = {}
    votes: dict[str, dict[int, list[float]]] = {}
    quotes: dict[str, list[Quote]] = {}
    for sentence, judgement in zip(heard, judged, strict=True):
        tones.setdefault(sentence.review, []).append(judgement.whole)
        by_aspect: dict[str, list[float]] = {}
        for aspect, polarity in zip(sentence.aspects, judgement.polarities, strict=True):
            by_aspect.setdefault(aspect, []).append(polarity)
        for aspect, values in by_aspect.items():
            mean = sum(values) / len(values)
            votes.setdefault(aspect, {}).setdefault(sentence.review, []).append(mean)
            quote = Quote(sentence.review, sentence.part, sentence.span, sentence.marked.text, mean)
            quotes.setdefault(aspect, []).append(quote)
    opinions = [_opinion(aspect, by_review, quotes[aspect]) for aspect, by_review in votes.items()]
    return ItemOpinions(
        voices=len(tones),
        tone=_drawn(tones),
        aspects=tuple(sorted(opinions, key=lambda one: (-one.mentions, ASPECTS.index(one.aspect)))),
    )


def _opinion(aspect: str, by_review: Mapping[int, list[float]], quotes: list[Quote]) -> AspectOpinion:
    polarity = _drawn(by_review)
    side = 1.0 if polarity >= 0 else -1.0
    clearest = sorted(quotes, key=lambda quote: -side * quote.polarity)
    return AspectOpinion(aspect, len(by_review), polarity, tuple(clearest[:MAX_QUOTES]))


def _drawn(by_review: Mapping[int, list[float]]) -> float:
    """One vote a review, the mean of its sentences; their sum over the voices and `PRIOR_VOICES` more."""
    means = [sum(values) / len(values) for values in by_review.values()]
    return sum(means) / (len(means) + PRIOR_VOICES)


def _load_cache(path: Path) -> dict[str, Judgement]:
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            str(key): Judgement(float(whole), tuple((float(n), float(u), float(p)) for n, u, p in spans))
            for key, (whole, spans) in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError) as error:
        log.warning("the cache of judged reviews is made anew: %s", error)
        return {}


def _save_cache(path: Path, known: Mapping[str, Judgement]) -> None:
    """Written aside and switched, so that a reader sees the whole file or the old one."""
    rows = {
        key: (round(one.whole, 4), [[round(p, 4) for p in span] for span in one.spans]) for key, one in known.items()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".json", delete=False, encoding="utf-8") as file:
            json.dump(rows, file)
        Path(file.name).replace(path)
    except OSError as error:
        log.warning("judged reviews are not cached: %s", error)
