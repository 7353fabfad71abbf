"""BM25 over the words of items. A word counts by where it stands, and repeating it gains nothing."""

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.items import Item
from index.words import FUNCTION_WORDS, stem, tokens

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
    """BM25 scores of all items for a text. Rows are positions in the items it was built from."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._size = len(items)
        self._index = bm25s.BM25()
        self._index.index([item_terms(item) or [""] for item in items], show_progress=False)

    def scores(self, text: str) -> NDArray[np.float32]:
        """scores_N in [0, 1]: BM25 over the best score any item has for this text; all 0 when nothing matches."""
        known = [word for word in dict.fromkeys(terms(text)) if word in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found = np.asarray(self._index.get_scores(known), dtype=np.float32)
        best = float(found.max())
        return found / best if best > 0 else np.zeros(self._size, dtype=np.float32)
