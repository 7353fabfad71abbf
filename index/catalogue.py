"""A catalogue ready to be asked: items, columns, words and vectors in step. Only here do ids and rows meet."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from index.durable.contents import hold_current
from index.encoders import Encoders, ImageEncoder, TextEncoder, Vectors, unit
from index.errors import UnknownItemError
from index.filters import ITEM_FIELDS, Condition, Op, holds
from index.fusion import FusionWeights, fused_cosines, fused_vectors, query_vector
from index.hybrid import rrf
from index.items import Item, ItemId, Money
from index.language.vocabulary import Vocabulary, vocabulary_of
from index.opening import opened
from index.sight.remembered import features_of, remembered
from index.state import LivingWords, State

__all__ = ["Catalogue", "Hit", "Query", "Vocabulary"]

_FUSED_DEPTH = 100
"""How far down the two rankings of a hybrid search are read."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. A part that is empty does not take part.

    Attributes:
        text: words, in any order. What is no character, as a command line not in UTF-8 leaves it, becomes `?`.
        picture: decoded, as `pictures.read_picture` gives it; or what `Catalogue.remember_picture` kept of one.
        like: items with signed weights, e.g. a shopper's history; negative for what was disliked.
        weights: how much text, picture and likeness count; only their proportions matter.
        hybrid: whether the words are also looked up as they stand, by BM25, and both rankings fused by their ranks.
    """

    text: str = ""
    picture: Image | str | None = None
    like: tuple[tuple[ItemId, float], ...] = ()
    weights: tuple[float, float, float] = (1.0, 1.0, 0.5)
    hybrid: bool = False

    def __post_init__(self) -> None:
        # Half characters (lone surrogates) break tokenizers; here every text that is searched for comes by.
        if not self.text.isascii():
            object.__setattr__(self, "text", self.text.encode("utf-8", "replace").decode("utf-8"))


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found.

    `score` is the weighted mean of its cosines with the parts of the query, in [-1, 1]; of a hybrid query the sum of
    1 / (60 + rank) over both rankings.
    """

    item_id: ItemId
    score: float


class Catalogue:
    """Items and everything that finds them, as of one moment. It never changes: any number of threads may share one.

    `live.LiveCatalogue` is one that does change, and always answers as of some moment too.
    """

    def __init__(self, state: State, text: TextEncoder, picture: ImageEncoder) -> None:
        self._state = state
        self._currency = _main_currency([item for item in state.items if item.id in state.rows])
        self._items = state.items
        self._rows = state.rows
        self._vectors = state.vectors
        self._columns = state.columns
        self._text_encoder = text
        self._picture_encoder = picture
        self._vocabulary: Vocabulary | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, text: TextEncoder, picture: ImageEncoder) -> "Catalogue":
        """The catalogue of the version in use under `folder` with all changes since, every byte checked before use.

        Raises:
            SnapshotError: there is none, it is damaged, or it was made by other encoders.
        """
        held = hold_current(folder)
        try:
            return cls(opened(held, Encoders(text, picture)), text, picture)
        finally:
            held.release()

    @property
    def version(self) -> str:
        """The snapshot it was opened from; with `+n` once n bytes of changes were made since."""
        return self._state.version

    @property
    def state(self) -> State:
        """What it is made of: the state that the next one is derived from."""
        return self._state

    @property
    def currency(self) -> str:
        """The most frequent currency; "" when nothing has a price."""
        return self._currency

    def warm(self) -> None:
        """Make now what is made at first use: the words, and what conditions of each sort look up.

        Cost: about 80 microseconds an item, which the first search would wait for.
        """
        _ = self._words, self._id_order
        refused = [Condition(name, Op.NOT_IN, ("",)) for name in ("brand", "category", "kind", "color", "text")]
        for condition in (*refused, Condition("color", Op.IN, ("",)), Condition("rating", Op.GE, 0.0)):
            self.allowed([condition])
        if self._currency:
            self.allowed([Condition("price", Op.GE, Money(0, self._currency))])

    @property
    def _words(self) -> LivingWords:
        return self._state.words

    @property
    def _id_order(self) -> NDArray[np.int64]:
        return self._state.id_order

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Item]:
        """The items in catalogue order."""
        if len(self._rows) == len(self._items):
            return iter(self._items)
        return (item for row, item in enumerate(self._items) if self._columns.alive[row])

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._rows

    def item(self, item_id: ItemId) -> Item:
        """The item with that id.

        Raises:
            UnknownItemError: there is none.
        """
        return self._items[self._row(item_id)]

    def matching(self, conditions: Sequence[Condition], *, in_stock: bool = True) -> list[ItemId]:
        """The ids of all items that satisfy all conditions, in catalogue order."""
        allowed = self._columns.mask(conditions, in_stock=in_stock)
        return [self._items[row].id for row in np.flatnonzero(allowed)]

    def has_field(self, name: str) -> bool:
        """Whether conditions on this field can hold here: a field of every item, or one that some item records."""
        return name == "price" or name in ITEM_FIELDS or self._columns.has(name)

    def units(self, name: str) -> tuple[str, ...]:
        """The units in which items give amounts of an attribute or option, e.g. `("g", "kg")`; "" is a bare number.

        The most frequent first; by their one name, see `language.units`. Cost: every distinct value is read.
        """
        return self._columns.units(name)

    def satisfies(self, item_id: ItemId, condition: Condition) -> bool:
        """Whether the item satisfies the condition.

        Raises:
            UnknownItemError: there is no such item.
        """
        return holds(self.item(item_id), condition)

    def search(self, query: Query, k: int, conditions: Sequence[Condition] = (), *, in_stock: bool = True) -> list[Hit]:
        """The `k` items nearest to the query among those that satisfy the conditions, best first, ties by id.

        Always min(k, number allowed) hits. A query without any part scores every item 0.

        Raises:
            ValueError: `k` < 1.
            UnknownItemError: an item in `query.like` is not in the catalogue.
        """
        if k < 1:
            raise ValueError(f"k is {k}, expected at least 1")
        allowed = self._columns.mask(conditions, in_stock=in_stock)
        count = int(allowed.sum())
        if not count:
            return []
        vector = self._query_vector(query)
        if query.hybrid and query.text.strip():
            return self._fused(query.text, vector, min(k, count), allowed)
        rows, scores = self._nearest(vector, min(k, count), allowed, count)
        return [Hit(self._items[row].id, float(score)) for row, score in zip(rows, scores, strict=True)]

    def _fused(self, text: str, vector: Vectors, k: int, allowed: NDArray[np.bool_]) -> list[Hit]:
        """The best `k` of both rankings, each among the allowed rows only and deep enough to be worth fusing."""
        count = int(allowed.sum())
        depth = min(count, max(_FUSED_DEPTH, 2 * k))
        near, _ = self._nearest(vector, depth, allowed, count)
        scores = self._words.scores(text)
        said = np.flatnonzero(allowed & (scores > 0))
        said = said[np.lexsort((self._id_order[said], -scores[said]))][:depth]
        rankings = [[self._items[row].id for row in rows.tolist()] for rows in (near, said)]
        return [Hit(item_id, score) for item_id, score in rrf(rankings)[:k]]

    def _nearest(
        self, vector: Vectors, k: int, allowed: NDArray[np.bool_], count: int
    ) -> tuple[NDArray[np.int64], Vectors]:
        """The `k` allowed rows nearest to a query, of `count` allowed, best first and ties by id, and their scores."""
        reach = min(count, k + 16)
        while True:
            rows, scores = self._vectors.index.search(vector, reach, allowed)
            # Equal scores are cut anywhere: look further until the cut falls behind the last of the equals.
            if reach == count or scores[-1] < scores[k - 1]:
                break
            reach = min(count, 2 * reach)
        order = np.lexsort((self._id_order[rows], -scores))[:k]
        return rows[order], scores[order]

    def encode_text(self, text: str) -> Vectors:
        """The vector_T of a text, of unit length."""
        return self._text_encoder.encode([text])[0]

    @property
    def has_pictures(self) -> bool:
        """Whether any item has a picture, so that a picture can be searched by."""
        return bool(self._vectors.has_picture.any())

    def encode_picture(self, picture: Image | str) -> Vectors:
        """The vector_P of a picture among this catalogue's pictures; at most of unit length, less for what is alien.

        Raises:
            ValueError: `picture` is what another encoder than this catalogue's kept of one.
        """
        if not isinstance(picture, str):
            return self._vectors.space.project(self._picture_encoder.encode([picture]))[0]
        features_F = features_of(picture, self._picture_encoder.name)
        if features_F is None:
            raise ValueError("the picture was seen by another encoder than this catalogue's")
        return self._vectors.space.project(features_F[None])[0]

    def remember_picture(self, picture: Image) -> str:
        """What is kept of a picture, to be searched by again at any version of this catalogue."""
        return remembered(self._picture_encoder.name, self._picture_encoder.encode([picture])[0])

    def remembers(self, kept: str) -> bool:
        """Whether what was kept of a picture can still be searched by here."""
        return features_of(kept, self._picture_encoder.name) is not None

    def text_similarity(self, item_ids: Sequence[ItemId], text_vector: Vectors) -> Vectors:
        """The cosine of each item's words with a vector of `encode_text`.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        return self._vectors.text[self._rows_of(item_ids)] @ text_vector

    def picture_similarity(self, item_ids: Sequence[ItemId], picture_vector: Vectors) -> Vectors:
        """The cosine of each item's looks with a vector of `encode_picture`; 0 where an item has no picture.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        return unit(self._vectors.pictures[self._rows_of(item_ids)]) @ picture_vector

    def looks_like(self, item_ids: Sequence[ItemId], text_vector: Vectors) -> Vectors:
        """The cosine of what each item's pictures show with a vector of `encode_text`; 0 where there is no picture.

        Where both encoders are one model (CLIP, SigLIP) that model says it, else what `looks.Looks` has learned.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        return self._vectors.seen[self._rows_of(item_ids)] @ text_vector

    def item_similarity(self, item_ids: Sequence[ItemId], others: Sequence[ItemId]) -> Vectors:
        """cosines[len(item_ids), len(others)] by words and looks; by words alone where either has no picture.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        a, b = self._rows_of(item_ids), self._rows_of(others)
        held = self._vectors
        return fused_cosines(held.text[a], held.pictures[a], held.text[b], held.pictures[b], held.weights)

    def word_scores(self, text: str, item_ids: Sequence[ItemId]) -> Vectors:
        """BM25 of each item for the text, over the best score in the whole catalogue; 0 when nothing matches.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        return self._words.scores(text)[self._rows_of(item_ids)]

    def vocabulary(self) -> Vocabulary:
        """The words the catalogue uses for what it sells; gathered at first use."""
        with self._lock:
            if self._vocabulary is None:
                self._vocabulary = vocabulary_of(tuple(self), self._columns)
            return self._vocabulary

    def _query_vector(self, query: Query) -> Vectors:
        text, picture, like = query.weights
        held = self._vectors
        parts: list[tuple[float, Vectors | None, Vectors | None, Vectors | None]] = []
        if query.text.strip():
            parts.append((text, self.encode_text(query.text), None, None))
        if query.picture is not None:
            parts.append((picture, None, self.encode_picture(query.picture), None))
        if query.like:
            rows = self._rows_of([item_id for item_id, _ in query.like])
            shares = np.array([weight for _, weight in query.like], dtype=np.float32)
            shares /= float(np.abs(shares).sum()) or 1.0
            fused = fused_vectors(held.text[rows], held.pictures[rows], held.has_picture[rows], held.weights)
            parts.append((like, None, None, shares @ fused))
        return query_vector(parts, (held.text.shape[1], held.space.dim), held.weights)

    def _row(self, item_id: ItemId) -> int:
        row = self._rows.get(item_id)
        if row is None:
            raise UnknownItemError(f"the catalogue has no item {item_id[:80]!r}")
        return row

    def _rows_of(self, item_ids: Sequence[ItemId]) -> NDArray[np.int64]:
        return np.array([self._row(item_id) for item_id in item_ids], dtype=np.int64)

    # By row, for whoever computes over many items at once. Rows are positions in catalogue order, good for `version`.

    @property
    def id_order_N(self) -> NDArray[np.int64]:
        """The place of each row's id among all ids, sorted: what breaks ties."""
        return self._id_order

    def rows(self, item_ids: Sequence[ItemId]) -> NDArray[np.int64]:
        """The rows of items.

        Raises:
            UnknownItemError: one of the items is not in the catalogue.
        """
        return self._rows_of(item_ids)

    def item_at(self, row: int) -> Item:
        """The item of a row."""
        return self._items[row]

    def allowed(self, conditions: Sequence[Condition], *, in_stock: bool = True) -> NDArray[np.bool_]:
        """allowed_N: which rows satisfy all conditions, and can be bought if `in_stock`."""
        return self._columns.mask(conditions, in_stock=in_stock)

    def vectors_at(self, rows_R: NDArray[np.int64] | slice) -> tuple[Vectors, Vectors]:
        """The text_RT and picture_RP vectors of rows; a line of zeros where there is no picture."""
        return self._vectors.text[rows_R], self._vectors.pictures[rows_R]

    @property
    def fusion(self) -> FusionWeights:
        """How much words and looks count in the likeness of two items."""
        return self._vectors.weights

    def word_scores_N(self, text: str) -> Vectors:
        """`word_scores` of every row."""
        return self._words.scores(text)


def _main_currency(items: Sequence[Item]) -> str:
    """The most frequent currency, the first in the alphabet among equals; "" when nothing has a price."""
    counts = Counter(item.price.currency for item in items if item.price)
    return min(counts, key=lambda code: (-counts[code], code), default="")
