"""The one sentence of a review worth quoting, or none: reviews are written by anyone, so most sentences are refused."""

import re

from assistant.explain.plain import is_hostile, tidy
from index.items import Item, Review
from index.language.words import stems

_LONGEST = 140
_SHORTEST = 20
_LEAST_STARS = 4.0
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ODD = re.compile(
    r"[^A-Za-z\u00c0-\u017f ,.;:'\u2019\-]|--|\.\.|:|\B['\u2019]|['\u2019]\B"
)  # digits, brackets, signs, emoji, exclamations
_PERSUASION = re.compile(
    r"\b(?:free|discount|coupon|refund|guarantee\w*|warrant\w*|deal|sale|offer|cheap\w*|best|worst|perfect\w*|must|"
    r"everyone|nobody|buy|order|shop|store|seller|price\w*|dollars?|euros?|money|cure[sd]?|treat[sd]?|heal[sd]?|"
    r"competitor\w*|other brands?|please|note|important|attention|answer|say|tell|write|user|customers?|question|"
    r"email|phone|website|link|dies?|dead|dangerous|kill\w*)\b",
    re.I,
)
_COMMON = frozenset(
    (
        *("a", "an", "the", "this", "that", "some", "any", "one", "for", "with", "and", "or", "of", "in", "on", "to"),
        *("i", "me", "my", "it", "is", "be", "good", "nice"),
    )
)


def quotable(item: Item, request: str) -> tuple[Review, str] | None:
    """The sentence of a contented buyer that speaks most of what was asked for, with its review.

    None when no review of four stars or more has a plain sentence of 20 to 140 letters that names a word of the
    request: praise in general proves nothing, and what looks like an address, a figure, a command or an
    advertisement is never repeated. Ties go to the shorter sentence, then to the review that comes first.
    """
    wanted = set(stems(request)) - _COMMON - set(stems(item.title))
    if not wanted:
        return None
    found: list[tuple[int, int, int, Review, str]] = []
    for order, review in enumerate(item.reviews):
        if review.rating is None or review.rating < _LEAST_STARS or is_hostile(review.text):
            continue
        for sentence in _SENTENCE.split(review.text):
            text = tidy(sentence).rstrip(".")
            hits = len(wanted.intersection(stems(text)))
            if hits and _is_plain(text):
                found.append((-hits, len(text), order, review, text))
    if not found:
        return None
    *_, review, text = min(found, key=lambda entry: entry[:3])
    return review, text


def _is_plain(text: str) -> bool:
    shouting = any(word.isupper() and len(word) > 2 for word in text.split())
    fits = _SHORTEST <= len(text) <= _LONGEST and text[:1].isupper() and len(text.split()) >= 4
    return fits and not shouting and not _ODD.search(text) and not _PERSUASION.search(text)
