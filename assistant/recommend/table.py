"""What the ranker needs to know of items whoever asks, as columns: made once for a version of the catalogue.

Legend: N rows, T numbers of a text vector, P of a picture vector.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.items import Item, ItemId
from index.language.words import normalise
from index.live import LiveCatalogue

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]

NEUTRAL_STARS = 3.5
STARS_PRIOR_COUNT = 10.0
"""A rating is drawn towards `NEUTRAL_STARS` as if this many people had given it."""

_SAMPLE, _MANY = 16, 64
"""Of more than `_MANY` times as many rows as wanted, the best of about `_SAMPLE` times as many say which can be."""
_PLENTY = 20
"""From so many pieces on, an item counts as well in stock."""
_NEWS_HALF_LIFE_DAYS = 60.0
_ARRIVED = re.compile(r"(?:date|day)?\s*(?:first )?(?:added|released?|launch(?:ed)?|available|arriv(?:al|ed))\b.*")
"""Names of attributes that say since when an item is sold: `release date`, `date added`, `launched`."""
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Columns over the N rows of a catalogue, those of items that are gone among them.

    Attributes:
        rows: the row of each item there is.
        id_order_N: the place of each id among all ids, sorted.
        price_minor_N, log_price_N: NaN where the catalogue names no price, or one of nothing.
        brand_N, department_N: codes; -1 for none. A department is the first two steps of an item's first category.
        departments: their names, by code.
        rating_N: stars above the middle, drawn to it while raters are few; 0 where nobody has rated.
        stock_N: from 0 (the last piece is about to go) to 1 (plenty, or not counted).
        novelty_N: 1 for the newest item on record, half for one 60 days older; 0 where no record says.
        text_NT, looks_NP: unit vectors of words and pictures; zeros for want of a picture.
    """

    version: str
    rows: dict[ItemId, int]
    ids: tuple[ItemId, ...]
    id_order_N: Rows
    price_minor_N: Floats
    log_price_N: Floats
    brand_N: Rows
    department_N: Rows
    departments: tuple[str, ...]
    rating_N: Floats
    stock_N: Floats
    novelty_N: Floats
    text_NT: Vectors
    looks_NP: Vectors
    has_looks_N: NDArray[np.bool_]
    shares: tuple[float, float]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "ItemTable":
        """The columns of a catalogue, all of one moment; about a second for 50,000 items."""
        if isinstance(catalogue, LiveCatalogue):
            catalogue = catalogue.view  # outside a turn no moment is pinned: it could change between two columns
        size = len(catalogue.id_order_N)
        items = [catalogue.item_at(row) for row in range(size)]
        alive_N = catalogue.allowed((), in_stock=False)
        price = np.array([i.price.amount_minor if i.price else np.nan for i in items], dtype=np.float64)
        price[price <= 0] = np.nan
        count = np.array([max(i.rating_count, 1) if i.rating is not None else 0 for i in items], dtype=np.float64)
        stars = np.array([NEUTRAL_STARS if i.rating is None else i.rating for i in items], dtype=np.float64)
        brand_N, _ = _coded([item.brand for item in items])
        department_N, departments = _coded([_department(item) for item in items])
        text_NT, pictures_NP = catalogue.vectors_at(slice(None))
        lengths_N = np.linalg.norm(pictures_NP, axis=1)
        return cls(
            version=catalogue.version,
            rows={items[row].id: row for row in np.flatnonzero(alive_N).tolist()},
            ids=tuple(item.id for item in items),
            id_order_N=catalogue.id_order_N.astype(np.int64),
            price_minor_N=price,
            log_price_N=np.log(price),
            brand_N=brand_N,
            department_N=department_N,
            departments=departments,
            rating_N=(stars - NEUTRAL_STARS) * count / (count + STARS_PRIOR_COUNT),
            stock_N=np.array([_stock(item) for item in items], dtype=np.float64),
            novelty_N=_novelty(items),
            text_NT=text_NT,
            looks_NP=np.divide(pictures_NP, lengths_N[:, None], where=lengths_N[:, None] > 0, out=pictures_NP.copy()),
            has_looks_N=lengths_N > 0,
            shares=(catalogue.fusion.text, catalogue.fusion.picture),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def by_row(self, values: Mapping[ItemId, float]) -> Floats:
        """values_N of items told by id; 0 for the others."""
        values_N = np.zeros(len(self))
        for item_id, value in values.items():
            if (row := self.rows.get(item_id)) is not None:
                values_N[row] = value
        return values_N

    def likeness(self, rows_A: Rows, rows_B: Rows) -> Vectors:
        """cosines_AB by words and looks; by words alone where either has no picture."""
        by_words = self.text_NT[rows_A] @ self.text_NT[rows_B].T
        both = self.has_looks_N[rows_A][:, None] & self.has_looks_N[rows_B][None, :]
        if not both.any():
            return by_words
        by_looks = self.looks_NP[rows_A] @ self.looks_NP[rows_B].T
        return np.where(both, np.float32(self.shares[0]) * by_words + np.float32(self.shares[1]) * by_looks, by_words)

    def best(self, score_N: NDArray[np.floating], allowed_N: NDArray[np.bool_], k: int) -> Rows:
        """The `k` allowed rows of largest score, best first, ties by item id; fewer when fewer are allowed."""
        rows = np.flatnonzero(allowed_N)
        scores = score_N[rows]
        if len(rows) > _MANY * k > 0:
            # The k-th best of some of them is no better than the k-th of all: what is below it need not be sorted.
            some = scores[:: len(rows) // (_SAMPLE * k)]
            kept = scores >= np.partition(some, len(some) - k)[len(some) - k]
            rows, scores = rows[kept], scores[kept]
        return rows[self.first(rows, scores, k)]

    def first(self, rows_M: Rows, score_M: NDArray[np.floating], k: int) -> Rows:
        """Where in `rows_M` the `k` rows of largest score stand, best first, ties by item id; or all when fewer."""
        if k >= len(rows_M):
            return np.lexsort((self.id_order_N[rows_M], -score_M))
        least = np.partition(score_M, len(rows_M) - k)[len(rows_M) - k]
        kept = np.flatnonzero(score_M >= least)  # with all that tie with the last, so that ids decide among them
        return kept[np.lexsort((self.id_order_N[rows_M[kept]], -score_M[kept]))][:k]


def _coded(names: list[str]) -> tuple[Rows, tuple[str, ...]]:
    order = tuple(sorted({name for name in names if name}))
    codes = {name: code for code, name in enumerate(order)}
    return np.array([codes.get(name, -1) for name in names], dtype=np.int64), order


def _department(item: Item) -> str:
    return "/".join(item.categories[0].split("/")[:2]) if item.categories else ""


def _stock(item: Item) -> float:
    counted = [variant.stock for variant in item.variants if variant.stock is not None]
    pieces = item.stock if item.stock is not None else sum(counted) if counted else _PLENTY
    return min(max(pieces, 0), _PLENTY) / _PLENTY


def _novelty(items: list[Item]) -> Floats:
    days_N = np.array([_arrived(item) for item in items], dtype=np.float64)
    newest = np.nanmax(days_N) if np.isfinite(days_N).any() else math.nan
    return np.nan_to_num(0.5 ** ((newest - days_N) / _NEWS_HALF_LIFE_DAYS), nan=0.0)


def _arrived(item: Item) -> float:
    """The day, counted from year 1, since when an item is sold; NaN where its record does not say."""
    for name, values in item.attributes.items():
        if values and (found := _ISO_DAY.match(values[0].strip())) and _ARRIVED.fullmatch(_words(name)):
            try:
                return float(date(*(int(part) for part in found.groups())).toordinal())
            except ValueError:
                continue
    return math.nan


def _words(name: str) -> str:
    return " ".join(re.sub(r"[_\-]+", " ", normalise(name)).split())
