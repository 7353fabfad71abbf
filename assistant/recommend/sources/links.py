"""A history source that is a table of weighted links between items: what most collaborative sources come down to.

Legend: N items, L links in all, K links of an item at most, B pasts, R rows asked for, U distinct items of the pasts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from assistant.recommend import artefacts
from assistant.recommend.interactions import Mask, Past, RowsL, Scores
from index.errors import WeightsError


@dataclass(frozen=True, slots=True)
class Links:
    """From each item to others, as compressed rows: item i leads to to_L[starts_N1[i]:starts_N1[i + 1]]."""

    starts_N1: NDArray[np.int64]
    to_L: NDArray[np.int32]
    weight_L: NDArray[np.float32]

    @classmethod
    def of(cls, table_NN: Any, most: int) -> "Links":  # a scipy sparse matrix: its stubs are partial
        """The `most` heaviest links of each item; of equal ones those to the lower rows. Heaviest first.

        Links of an item to itself, and of no weight, are dropped.
        """
        table: Any = sp.csr_matrix(table_NN, dtype=np.float32)
        n = int(table.shape[0])
        from_L = np.repeat(np.arange(n), np.diff(table.indptr))
        to_L, weight_L = table.indices, table.data
        real = (weight_L != 0) & (from_L != to_L)
        from_L, to_L, weight_L = from_L[real], to_L[real], weight_L[real]
        order = np.lexsort((to_L, -weight_L, from_L))
        from_L, to_L, weight_L = from_L[order], to_L[order], weight_L[order]
        starts = np.searchsorted(from_L, np.arange(n + 1))
        kept = np.arange(len(from_L)) - starts[from_L] < most
        counts = np.bincount(from_L[kept], minlength=n)
        ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(ends, to_L[kept].astype(np.int32), weight_L[kept].astype(np.float32))

    def __len__(self) -> int:
        return len(self.starts_N1) - 1

    def dense(self, from_U: RowsL, rows_R: RowsL | None = None, led: tuple[RowsL, RowsL] | None = None) -> Scores:
        """weights_UR from each item to the items of `rows_R` (all N without it); 0 where there is no link.

        `led` is what the method of that name gives for the items, for who has it at hand.
        """
        link, line = self.led(from_U) if led is None else led
        to = self.to_L[link]
        if rows_R is None:
            out = np.zeros((len(from_U), len(self)), dtype=np.float32)
            out[line, to] = self.weight_L[link]
            return out
        unique_Q, copy_R = np.unique(rows_R, return_inverse=True)
        found = np.zeros((len(from_U), len(unique_Q)), dtype=np.float32)
        if len(unique_Q):
            place = np.minimum(np.searchsorted(unique_Q, to), len(unique_Q) - 1)
            asked = unique_Q[place] == to
            found[line[asked], place[asked]] = self.weight_L[link[asked]]
        return found[:, copy_R]

    def led(self, from_U: RowsL) -> tuple[RowsL, RowsL]:
        """link_K, all links of the items, and line_K, which of them each is of."""
        starts = self.starts_N1
        counts = starts[from_U + 1] - starts[from_U]
        line = np.repeat(np.arange(len(from_U)), counts)
        return np.arange(len(line)) + np.repeat(starts[from_U] - np.cumsum(counts) + counts, counts), line


def heed(past: Past, recency: float) -> NDArray[np.float64]:
    """heed_L of each event: its weight in taste, times `recency` for every later event."""
    return past.weights_L * recency ** np.arange(len(past) - 1, -1, -1, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LinkSource:
    """Scores items by the links that lead to them from a shopper's items, late ones heeded more.

    The score is the plain sum of one part for each past event, so what an event brought can be told exactly.

    Attributes:
        recency: how much an event counts against the one after it, in (0, 1].
    """

    name: str
    links: Links
    recency: float
    facts: Mapping[str, Any]

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """scores_BR, larger is better; 0 where no past item leads. Cost: the links of the distinct past items."""
        width = len(self.links) if rows_R is None else len(rows_R)
        if not any(map(len, pasts)) or not width:
            return np.zeros((len(pasts), width), dtype=np.float32)
        from_U = np.unique(np.concatenate([past.rows_L for past in pasts]).astype(np.int64))
        heed_BU = self.heeded(pasts, from_U)
        assert heed_BU is not None
        heed_BU = heed_BU.astype(np.float32)
        if rows_R is None:  # few of all N items are led to: sparse is smaller than U x N
            link, line = self.links.led(from_U)
            out_BN = np.zeros((len(pasts), width), dtype=np.float32)
            for heed_U, out_N in zip(heed_BU, out_BN, strict=True):
                heeded = heed_U[line] != 0
                np.add.at(out_N, self.links.to_L[link[heeded]], (heed_U[line] * self.links.weight_L[link])[heeded])
            return out_BN
        return heed_BU @ self.links.dense(from_U, rows_R)

    def asked(self, past: Past) -> "AskedLinks":
        """The source asked about a past: only items that are led to are looked at."""
        return AskedLinks(self, past)

    def heeded(self, pasts: Sequence[Past], from_U: RowsL) -> NDArray[np.float64] | None:
        """heed_BU: how much each past heeds each item, which come ascending; None where one has yet another item."""
        rows_E = np.concatenate([past.rows_L for past in pasts]).astype(np.int64)
        place_E = np.minimum(np.searchsorted(from_U, rows_E), len(from_U) - 1)
        if not np.array_equal(from_U[place_E], rows_E):
            return None
        line_E = np.repeat(np.arange(len(pasts)), [len(past) for past in pasts])
        heed_E = np.concatenate([heed(past, self.recency) for past in pasts])
        shape = (len(pasts), len(from_U))
        heed_F = np.bincount(line_E * len(from_U) + place_E, heed_E, shape[0] * shape[1])
        return heed_F.astype(np.float64, copy=False).reshape(shape)

    def save(self, folder: Path) -> None:
        """Keep it in a folder that `load` reads."""
        arrays = {"starts": self.links.starts_N1, "to": self.links.to_L, "weight": self.links.weight_L}
        artefacts.save(folder, "links", arrays, {"name": self.name, "recency": self.recency, **self.facts})

    @classmethod
    def load(cls, folder: Path) -> "LinkSource":
        """What `save` kept.

        Raises:
            WeightsError: the folder is damaged, or its links lead nowhere.
        """
        arrays, facts = artefacts.load(folder, "links")
        try:
            links = Links(arrays["starts"], arrays["to"], arrays["weight"])
            name, recency = str(facts.pop("name")), float(facts.pop("recency"))
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(f"{folder} lacks {error}", hint="fit it again") from error
        ends = links.starts_N1
        whole = ends[0] == 0 and bool((np.diff(ends) >= 0).all()) and ends[-1] == len(links.to_L) == len(links.weight_L)
        if not whole or (len(links.to_L) and not 0 <= links.to_L.min() <= links.to_L.max() < len(links)):
            raise WeightsError(f"{folder} holds links that lead nowhere", hint="fit it again")
        return cls(name, links, recency, facts)


class AskedLinks:
    """A link source asked about a past. For one request, one thread."""

    def __init__(self, source: LinkSource, past: Past) -> None:
        self._source = source
        self._past = past
        self._from_U = np.unique(past.rows_L)
        self._led = source.links.led(self._from_U)
        self._heed_1U = source.heeded([past], self._from_U)
        self._dense: tuple[RowsL, NDArray[np.float64]] | None = None

    @property
    def name(self) -> str:
        """The source's own."""
        return self._source.name

    def near(self, allowed_N: Mask, k: int) -> tuple[RowsL, Scores]:
        """All allowed rows that are led to, and their scores."""
        del k
        links, heed_1U, (link, line) = self._source.links, self._heed_1U, self._led
        assert heed_1U is not None
        rows, place = np.unique(links.to_L[link], return_inverse=True)
        scores = np.bincount(place, heed_1U[0][line] * links.weight_L[link], len(rows)).astype(np.float32)
        kept = (scores > 0) & allowed_N[rows]
        return rows[kept].astype(np.int64), scores[kept]

    def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
        """As the source's; links are looked up once for the same rows."""
        if rows_R is None or not pasts:
            return self._source.scores(pasts, rows_R)
        known = len(pasts) == 1 and pasts[0] is self._past
        heed_BU = self._heed_1U if known else self._source.heeded(pasts, self._from_U)
        if heed_BU is None:
            return self._source.scores(pasts, rows_R)
        if self._dense is None or self._dense[0] is not rows_R:
            self._dense = rows_R, self._source.links.dense(self._from_U, rows_R, self._led).astype(np.float64)
        return (heed_BU @ self._dense[1]).astype(np.float32)
