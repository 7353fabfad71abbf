"""A catalogue ready to be asked: items, columns, words and vectors in step. Only here do ids and rows meet."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image
from safetensors.numpy import load_file

from index import snapshot
from index.columns import Columns
from index.encoders import ImageEncoder, TextEncoder, Vectors, unit
from index.errors import SnapshotError, UnknownItemError
from index.filters import ITEM_FIELDS, Condition, holds
from index.fusion import FusionWeights, PictureSpace, fused_cosines, fused_vectors, query_vector
from index.items import Item, ItemId
from index.lexical import WordIndex
from index.records import from_record
from index.vectors import FaissVectors, VectorIndex
from index.vocabulary import Vocabulary, vocabulary_of

__all__ = ["Catalogue", "Hit", "Query", "Vocabulary"]


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. A part that is empty does not take part.

    Attributes:
        text: words, in any order.
        picture: decoded, as `pictures.read_picture` gives it.
        like: items with signed weights, e.g. a shopper's history; negative for what was disliked.
        weights: how much text, picture and likeness count; only their proportions matter.
    """

    text: str = ""
    picture: Image | None = None
    like: tuple[tuple[ItemId, float], ...] = ()
    weights: tuple[float, float, float] = (1.0, 1.0, 0.5)


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found. `score` is the weighted mean of its cosines with the parts of the query, in [-1, 1]."""

    item_id: ItemId
    score: float


@dataclass(frozen=True, slots=True)
class _Vectors:
    """What a snapshot keeps as numbers: text of shape NT, pictures NP, has_picture N; rows as in the items."""

    text: Vectors
    pictures: Vectors
    has_picture: NDArray[np.bool_]
    space: PictureSpace
    weights: FusionWeights
    index: VectorIndex


class Catalogue:
    """Items and everything that finds them. Reading only, so any number of threads may share one."""

    def __init__(
        self, version: str, items: Sequence[Item], vectors: _Vectors, text: TextEncoder, picture: ImageEncoder
    ) -> None:
        self.version = version
        self.currency = _main_currency(items)
        self._items = tuple(items)
        self._rows = {item.id: row for row, item in enumerate(self._items)}
        self._vectors = vectors
        self._text_encoder = text
        self._picture_encoder = picture
        self._columns = Columns(self._items)
        self._words = WordIndex(self._items)
        self._id_order = np.argsort(np.argsort(np.array([item.id for item in self._items], dtype=object)))
        self._vocabulary: Vocabulary | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, text: TextEncoder, picture: ImageEncoder) -> "Catalogue":
        """The catalogue of the version in use under `folder`, after every byte of it has been checked.

        Raises:
            SnapshotError: there is none, it is damaged, or it was made by other encoders.
        """
        path, manifest = snapshot.verified(folder)
        snapshot.expect(manifest, text_encoder=text.name, picture_encoder=picture.name, metric="inner product")
        try:
            lines = (path / "items.jsonl").read_text(encoding="utf-8").split("\n")
            items = [from_record(json.loads(line)) for line in lines if line]
            arrays = load_file(path / "vectors.safetensors")
            shares = manifest["fusion"]
            index = FaissVectors.read(path / "index.faiss")
            vectors = _Vectors(
                text=arrays["text"],
                pictures=arrays["pictures"],
                has_picture=arrays["has_picture"].astype(np.bool_),
                space=PictureSpace(arrays["components"]),
                weights=FusionWeights(shares["text"], shares["picture"]),
                index=index,
            )
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise SnapshotError(f"snapshot {path.name} does not hold what its manifest says") from error
        snapshot.expect(manifest, dim=index.dim, count=len(index))
        if index.metric != manifest["metric"] or len(items) != len(index) or len(vectors.text) != len(index):
            raise SnapshotError(f"snapshot {path.name} has {len(items)} items for {len(index)} vectors")
        return cls(path.name, items, vectors, text, picture)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        """The items in catalogue order."""
        return iter(self._items)

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
        k, reach = min(k, count), min(count, k + 16)
        while True:
            rows, scores = self._vectors.index.search(vector, reach, allowed)
            # Equal scores are cut anywhere: look further until the cut falls behind the last of the equals.
            if reach == count or scores[-1] < scores[k - 1]:
                break
            reach = min(count, 2 * reach)
        order = np.lexsort((self._id_order[rows], -scores))[:k]
        return [Hit(self._items[rows[at]].id, float(scores[at])) for at in order]

    def encode_text(self, text: str) -> Vectors:
        """The vector_T of a text, of unit length."""
        return self._text_encoder.encode([text])[0]

    def encode_picture(self, picture: Image) -> Vectors:
        """The vector_P of a picture among this catalogue's pictures; at most of unit length, less for what is alien."""
        return self._vectors.space.project(self._picture_encoder.encode([picture]))[0]

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
                self._vocabulary = vocabulary_of(self._items, self._columns)
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


def _main_currency(items: Sequence[Item]) -> str:
    """The most frequent currency, the first in the alphabet among equals; "" when nothing has a price."""
    counts = Counter(item.price.currency for item in items if item.price)
    return min(counts, key=lambda code: (-counts[code], code), default="")
