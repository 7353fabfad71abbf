"""Items whose titles share telling words with the titles of what a shopper sought: brand, line, kind, shade.

Legend: N items, W words, B pasts, R rows asked for, U distinct items of the pasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from assistant.recommend.interactions import Past, RowsL, Scores
from assistant.recommend.sources.links import heed
from index.language.words import tokens


@dataclass(frozen=True, slots=True)
class WordingSource:
    """Scores by the cosine of title words, rare ones counting more, raised to `sharpness` and summed over the past.

    Needs no log, so an item nobody has bought is scored like any other.
    """

    words_NW: Any  # a scipy sparse matrix of unit rows: its stubs are partial
    recency: float = 0.7
    sharpness: float = 2.0
    name: str = "wording"

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR: 1 for the words of the last item themselves; 0 where no word is shared."""
        asked = self.words_NW if rows_R is None else self.words_NW[rows_R]
        lengths = np.array([len(past) for past in pasts], dtype=np.int64)
        if not lengths.sum():
            return np.zeros((len(pasts), asked.shape[0]), dtype=np.float32)
        rows_E = np.concatenate([past.rows_L for past in pasts]).astype(np.int64)
        heed_E = np.concatenate([heed(past, self.recency) for past in pasts]).astype(np.float32)
        from_U, place_E = np.unique(rows_E, return_inverse=True)
        line_E = np.repeat(np.arange(len(pasts)), lengths)
        heed_BU = sp.csr_matrix((heed_E, (line_E, place_E)), shape=(len(pasts), len(from_U)))
        alike_UR: Any = (self.words_NW[from_U] @ asked.T).tocsr()
        alike_UR.data **= self.sharpness
        found: Any = heed_BU @ alike_UR
        return found.toarray()


def fit(titles: Sequence[str], *, recency: float = 0.7, sharpness: float = 2.0) -> WordingSource:
    """The source of these titles: words by (1 + log count) times log inverse document frequency, rows of unit length.

    Source: G. Salton, C. Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """
    numbers: dict[str, int] = {}
    lines: list[int] = []
    words: list[int] = []
    for line, title in enumerate(titles):
        for word in tokens(title):
            lines.append(line)
            words.append(numbers.setdefault(word, len(numbers)))
    shape = (len(titles), max(len(numbers), 1))
    counts: Any = sp.csr_matrix((np.ones(len(words), dtype=np.float32), (lines, words)), shape=shape)
    counts.sum_duplicates()
    in_titles_W: NDArray[np.int64] = np.bincount(counts.indices, minlength=shape[1])
    counts.data = 1.0 + np.log(counts.data)
    rarity_W = 1.0 + np.log((1.0 + len(titles)) / (1.0 + in_titles_W))
    weighted: Any = counts @ sp.diags(rarity_W.astype(np.float32))
    length_N = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    unit: Any = sp.diags((1.0 / np.where(length_N > 0, length_N, 1.0)).astype(np.float32)) @ weighted
    return WordingSource(unit.tocsr(), recency, sharpness)
