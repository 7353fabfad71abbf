"""BM25 over the words of items. A word counts by where it stands, and repeating it gains nothing."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.items import Item
from index.language.words import FUNCTION_WORDS, stem, tokens

logging.getLogger("bm25s").setLevel(logging.WARNING)

_TITLE, _FACT, _SAID = 3, 2, 1
_DESCRIPTION_WORDS = 300
_snowball = Stemmer.Stemmer("english")
_stemming = threading.Lock()  # a stemmer keeps its working buffer between calls


@lru_cache(maxsize=65536)
def _term(word: str) -> str:
    with _stemming:
        return str(_snowball.stemWord(stem(word)))


def terms(text: str) -> list[str]:
    """The words of a text as they are searched by: stemmed, without function words."""
    return [_term(word) for word in tokens(text) if word not in FUNCTION_WORDS]


def item_terms(item: Item) -> list[str]:
    """An item as BM25 sees it: each word once, by the best place it stands in (title 3, fact 2, description 1)."""
    counts: Counter[str] = Counter(dict.fromkeys(terms(item.description)[:_DESCRIPTION_WORDS], _SAID))
    facts = [item.brand, *item.categories]
    for name, values in {**item.attributes, **item.options}.items():
        facts += [name, *values]
    counts |= Counter(dict.fromkeys(terms(" ".join(facts)), _FACT))
    counts |= Counter(dict.fromkeys(terms(item.title), _TITLE))
    return [word for word in sorted(counts) for _ in range(counts[word])]


class WordIndex:
    """BM25 scores of all items for a text. Rows are positions in the items it was built from.

    Cost: about 12 bytes per different word of an item; a text costs time by how many items have its words.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        numbers: dict[str, int] = {}
        rows = [_numbered(item_terms(item) or [""], numbers) for item in items]
        self._size = len(rows)
        self._index = bm25s.BM25()
        if rows:
            self._index.index((rows, numbers), show_progress=False)

    def scores(self, text: str) -> NDArray[np.float32]:
        """scores_N in [0, 1]: BM25 over the best score any item has for this text; all 0 when nothing matches."""
        rows, found = self._matched(text)
        scores = np.zeros(self._size, dtype=np.float32)
        scores[rows] = found
        return scores

    def top(
        self, text: str, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The at most `k` allowed rows that share a word with the text, best first and ties by row, and their scores.

        Scores are those of `scores`: over the best of all items, allowed or not.

        Raises:
            ValueError: `k` < 1, or the mask is of another size.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        if allowed_N is not None and allowed_N.shape != (self._size,):
            raise ValueError(f"mask has shape {allowed_N.shape}, expected ({self._size},)")
        rows, scores = self._matched(text)
        if allowed_N is not None:
            kept = allowed_N[rows]
            rows, scores = rows[kept], scores[kept]
        if len(rows) > k:  # all that tie with the k-th stay until they are sorted by row
            kept = scores >= np.partition(scores, len(scores) - k)[len(scores) - k]
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]

    def _matched(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The rows that have a word of the text, ascending, and their scores in (0, 1]."""
        known = [word for word in dict.fromkeys(terms(text)) if self._size and word in self._index.vocab_dict]
        if not known:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        found = np.asarray(self._index.get_scores(known), dtype=np.float32)
        rows = np.flatnonzero(found > 0)
        best = float(found.max())
        return rows, found[rows] / np.float32(best) if best > 0 else found[rows]


def _numbered(words: list[str], numbers: dict[str, int]) -> list[int]:
    """The words by number, new ones numbered: a million items hold numbers, not strings of their own."""
    return [numbers.setdefault(word, len(numbers)) for word in words]
