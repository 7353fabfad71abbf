"""One consistent state of a catalogue, and the next one after a change. A state never changes: readers keep theirs.

Rows are positions in `items`. A changed item gets a new row at the end and its old row dies, unless only prices, stock,
ratings and the like have changed: then it stays where it is. Dead rows are not alive in any mask.
"""

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.columns import Columns, Mask
from index.durable.changes import Change, applied
from index.durable.memory import Memory
from index.durable.records import Entry, prints
from index.embedding import looks, text_vectors
from index.encoders import Vectors, unit
from index.filters import Condition
from index.fusion import FusionWeights, PictureSpace, fused_vectors
from index.items import Item, ItemId
from index.lexical import WordIndex
from index.sight.looks import Looks

_MERGED = 2
"""A segment is merged into the one before it when that is less than this many times as large."""


class Searchable(Protocol):
    """The reading half of a `VectorIndex`."""

    @property
    def dim(self) -> int:
        """D, the length of a vector."""
        ...

    def __len__(self) -> int: ...

    def search(
        self, query_D: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """As `VectorIndex.search`."""
        ...

    def search_many(
        self, queries_QD: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """As `VectorIndex.search_many`."""
        ...


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a snapshot keeps as numbers; rows as in the items.

    Text is of shape NT, pictures NP, has_picture N, and seen NT: where the pictures lie among words.
    """

    text: Vectors
    pictures: Vectors
    has_picture: NDArray[np.bool_]
    seen: Vectors
    space: PictureSpace
    words: Looks
    weights: FusionWeights
    index: Searchable


class Segments:
    """`Columns` of consecutive runs of rows, without the dead ones. What comes anew makes a small run of its own."""

    def __init__(self, parts: Sequence[Columns], starts: Sequence[int], alive: Mask) -> None:
        self._parts = tuple(parts)
        self._starts = tuple(starts)
        self.alive = alive

    def mask(self, conditions: Sequence[Condition], *, in_stock: bool = True) -> Mask:
        """mask_N: which living rows satisfy all conditions, and can be bought if `in_stock`."""
        found = np.concatenate([part.mask(conditions, in_stock=in_stock) for part in self._parts])
        return found & self.alive

    def has(self, name: str) -> bool:
        """Whether any item records an attribute or option of this name."""
        return any(part.has(name) for part in self._parts)

    def units(self, name: str) -> tuple[str, ...]:
        """The units in which living rows give amounts of an attribute or option, the most frequent first."""
        counts: Counter[str] = Counter()
        for part, start in zip(self._parts, self._starts, strict=True):
            for written, rows in part.units(name).items():
                counts[written] += int(self.alive[rows + start].sum())
        return tuple(sorted((one for one in counts if counts[one]), key=lambda one: (-counts[one], one)))

    def after(self, changed: Mapping[int, Item], items: Sequence[Item], alive: Mask) -> "Segments":
        """The segments once rows have other numbers, others have died, and `items` has grown at its end."""
        parts, starts = list(self._parts), list(self._starts)
        size = len(self.alive)
        for at, (start, end) in enumerate(zip(starts, [*starts[1:], size], strict=True)):
            inside = {row - start: item for row, item in changed.items() if start <= row < end}
            if inside:
                parts[at] = parts[at].with_numbers(inside)
        if len(items) > size:
            starts.append(size)
            parts.append(Columns(items[size:]))
            ends = [*starts[1:], len(items)]
            while len(parts) > 2 and ends[-2] - starts[-2] < _MERGED * (ends[-1] - starts[-1]):
                del starts[-1], parts[-1], ends[-2]
                parts[-1] = Columns(items[starts[-1] :])
        return Segments(parts, starts, alive)


class LivingWords:
    """BM25 over the living rows only, so that the dead neither count nor score."""

    def __init__(self, items: Sequence[Item], alive: Mask) -> None:
        self._rows = np.flatnonzero(alive)
        self._index = WordIndex([items[int(row)] for row in self._rows])
        self._alive = alive

    def scores(self, text: str) -> Vectors:
        """scores_N as of `WordIndex`: over the best of the living; 0 for the dead."""
        found = np.zeros(len(self._alive), dtype=np.float32)
        found[self._rows] = self._index.scores(text)
        found *= self._alive
        best = float(found.max(initial=0))
        return found / np.float32(best) if 0 < best < 1 else found

    def without(self, dead: Sequence[int]) -> "LivingWords":
        """The same once rows have died. How rare a word is, is counted anew only when something comes."""
        made = copy.copy(self)
        made._alive = self._alive.copy()
        made._alive[list(dead)] = False
        return made


class Appended:
    """A vector index and rows that came after it, searched as one. Neither is changed: both may be in use elsewhere."""

    def __init__(self, base: Searchable, more_MD: Vectors) -> None:
        self._base = base
        self._more = more_MD

    @property
    def dim(self) -> int:
        return self._base.dim

    def __len__(self) -> int:
        return len(self._base) + len(self._more)

    def search(
        self, query_D: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        size = len(self._base)
        if allowed_N is not None and allowed_N.shape != (len(self),):
            raise ValueError(f"mask has shape {allowed_N.shape}, expected ({len(self)},)")
        rows, scores = self._base.search(query_D, k, None if allowed_N is None else allowed_N[:size])
        late = np.arange(len(self._more)) if allowed_N is None else np.flatnonzero(allowed_N[size:])
        rows = np.concatenate([rows, late + size])
        scores = np.concatenate([scores, self._more[late] @ query_D])
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]

    def search_many(
        self, queries_QD: Vectors, k: int, allowed_N: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        found = [self.search(query, k, allowed_N) for query in queries_QD]
        return np.stack([rows for rows, _ in found]), np.stack([scores for _, scores in found])

    def grown(self, more_MD: Vectors) -> "Appended":
        """The same with more rows at the end."""
        return Appended(self._base, np.concatenate([self._more, more_MD]))


@dataclass(frozen=True)
class State:
    """See the module. `version` is the snapshot's name, and after changes `name+number`."""

    version: str
    items: tuple[Item, ...]
    hashes: tuple[tuple[str, ...], ...]
    rows: Mapping[ItemId, int]
    vectors: Numbered
    columns: Segments

    @classmethod
    def fresh(cls, version: str, entries: Sequence[Entry], vectors: Numbered) -> "State":
        """The state of a snapshot without changes."""
        items = tuple(entry.item for entry in entries)
        return cls(
            version=version,
            items=items,
            hashes=tuple(entry.hashes for entry in entries),
            rows={item.id: row for row, item in enumerate(items)},
            vectors=vectors,
            columns=Segments([Columns(items)], [0], np.ones(len(items), dtype=np.bool_)),
        )

    @cached_property
    def words(self) -> LivingWords:
        """BM25 over what the items say."""
        return LivingWords(self.items, self.columns.alive)

    @cached_property
    def id_order(self) -> NDArray[np.int64]:
        """id_order_N: the place of each row's id among all ids, sorted."""
        return np.argsort(np.argsort(np.array([item.id for item in self.items], dtype=object), kind="stable"))

    def entry(self, item_id: ItemId) -> Entry | None:
        """The entry of an item; None when there is none."""
        row = self.rows.get(item_id)
        return None if row is None else Entry(self.items[row], self.hashes[row])

    def after(self, changes: Sequence[Change], version: str, memory: Memory) -> "State":
        """The state after changes, whose vectors `memory` has."""
        named = {item_id for one in changes for item_id in _named(one)}
        before = {item_id: entry for item_id in named if (entry := self.entry(item_id)) is not None}
        now = applied(before, changes)
        stay: dict[int, Entry] = {}
        come: list[Entry] = []
        dead = [self.rows[item_id] for item_id in before if item_id not in now]
        for item_id, entry in now.items():
            row = self.rows.get(item_id)
            if row is not None and _same_looks(before[item_id], entry):
                stay[row] = entry
            else:
                come.append(entry)
                dead += [row] if row is not None else []
        return self._with(version, stay, come, dead, memory)

    def _with(
        self, version: str, stay: Mapping[int, Entry], come: Sequence[Entry], dead: Sequence[int], memory: Memory
    ) -> "State":
        items, hashes = list(self.items), list(self.hashes)
        for row, entry in stay.items():
            items[row] = entry.item
        rows = self.rows
        if dead or come:
            gone = set(dead)
            rows = {item_id: row for item_id, row in self.rows.items() if row not in gone}
            rows |= {entry.item.id: len(items) + at for at, entry in enumerate(come)}
        items += [entry.item for entry in come]
        hashes += [entry.hashes for entry in come]
        alive = np.concatenate([self.columns.alive, np.ones(len(come), dtype=np.bool_)])
        alive[list(dead)] = False
        changed = {row: entry.item for row, entry in stay.items()}
        made = State(
            version=version,
            items=tuple(items),
            hashes=tuple(hashes),
            rows=rows,
            vectors=_grown(self.vectors, come, memory) if come else self.vectors,
            columns=self.columns.after(changed, items, alive),
        )
        if not come:  # no id, no row and no word is new
            if "id_order" in vars(self):
                vars(made)["id_order"] = self.id_order
            if "words" in vars(self):
                vars(made)["words"] = self.words.without(dead) if dead else self.words
        return made


def _named(change: Change) -> set[ItemId]:
    return {*change.deletes, *(one.item.id for one in change.upserts), *(one.item_id for one in change.numbers)}


def _same_looks(before: Entry, now: Entry) -> bool:
    """Whether the words and the pictures are the same, so that the vectors are."""
    a, b = prints(before), prints(now)
    return (a.words, a.pictures) == (b.words, b.pictures)


def _grown(held: Numbered, come: Sequence[Entry], memory: Memory) -> Numbered:
    text = text_vectors(come, memory)
    looks_NF, has_picture = looks(come, memory)
    pictures = unit(held.space.project(looks_NF)) * has_picture[:, None].astype(np.float32)
    fused = fused_vectors(text, pictures, has_picture, held.weights)
    index = held.index.grown(fused) if isinstance(held.index, Appended) else Appended(held.index, fused)
    return replace(
        held,
        text=np.concatenate([held.text, text]),
        pictures=np.concatenate([held.pictures, pictures]),
        has_picture=np.concatenate([held.has_picture, has_picture]),
        seen=np.concatenate([held.seen, held.words.places(looks_NF)]),
        index=index,
    )
