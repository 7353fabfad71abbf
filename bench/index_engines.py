"""Ours and three others behind one small protocol: built once, kept in a cache folder, searched by one thread."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import faiss
import hnswlib  # pyright: ignore[reportMissingModuleSource, reportMissingImports] - the extra `bench`
import numpy as np
from usearch.index import Index as UsearchIndex  # pyright: ignore[reportMissingImports] - the extra `bench`

from index.encoders import Vectors
from index.near.plans import Plan
from index.vectors import FaissVectors, Mask, Rows

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

LINKS, CONSTRUCTION = 32, 200
"""The same for every graph: links of a row, twice as many on the ground floor, and how wide they are looked for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How hard an engine tries: the width of its walk, and how many neighbours it is asked for before filtering."""

    effort: int
    asked: int
    by_callback: bool = False


class Engine(Protocol):
    """One engine holding all vectors."""

    name: str
    built_s: float
    size: int

    def settings(self, k: int, share: float, count: int) -> Iterator[Setting]:
        """From the laziest to the hardest."""
        ...

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None, how: Setting) -> Rows:
        """At most `k` allowed rows."""
        ...


class Ours:
    """The index as shipped: it has no settings, it chooses."""

    def __init__(self, vectors_ND: Vectors, cache: Path, plan: Plan) -> None:
        self.name = f"whybuy ({plan.kind})"
        file = cache / f"ours-{plan.kind}-{len(vectors_ND)}.index"
        self.index, self.built_s = kept(
            file, lambda: FaissVectors(vectors_ND, plan), lambda made: made.write(file), lambda: FaissVectors.read(file)
        )
        self.size = file.stat().st_size

    def settings(self, k: int, share: float, count: int) -> Iterator[Setting]:
        del share, count
        yield Setting(0, k)

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None, how: Setting) -> Rows:
        del how
        return self.index.search(query_D, k, allowed_N)[0]


class PlainFaiss:
    """FAISS's neighbour graph, searched without a filter, its answers filtered afterwards."""

    name = "FAISS HNSW, filtered afterwards"

    def __init__(self, vectors_ND: Vectors, cache: Path) -> None:
        file = cache / f"ours-hnsw-{len(vectors_ND)}.index"  # FaissVectors reads and writes it
        made, self.built_s = kept(
            file,
            lambda: FaissVectors(vectors_ND, Plan("hnsw", "for comparison")),
            lambda made: made.write(file),
            lambda: FaissVectors.read(file),
        )
        self._index = made._near_index
        self.size = file.stat().st_size

    def settings(self, k: int, share: float, count: int) -> Iterator[Setting]:
        return overfetching(k, share, count)

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None, how: Setting) -> Rows:
        params = _wrapped.SearchParametersHNSW(efSearch=how.effort)
        return filtered(self._index.search(query_D[None], how.asked, params=params)[1][0], k, allowed_N)


class Hnswlib:
    """hnswlib, with its own filter function where that is quicker than filtering afterwards."""

    name = "hnswlib"

    def __init__(self, vectors_ND: Vectors, cache: Path) -> None:
        file = cache / f"hnswlib-{len(vectors_ND)}.index"

        def make() -> Any:
            index = hnswlib.Index("ip", vectors_ND.shape[1])
            index.init_index(len(vectors_ND), M=LINKS, ef_construction=CONSTRUCTION, random_seed=1)
            index.add_items(vectors_ND, num_threads=1)
            return index

        def read() -> Any:
            index = hnswlib.Index("ip", vectors_ND.shape[1])
            index.load_index(str(file), max_elements=len(vectors_ND))
            return index

        self._index, self.built_s = kept(file, make, lambda made: made.save_index(str(file)), read)
        self.size = file.stat().st_size
        self._index.set_num_threads(1)

    def settings(self, k: int, share: float, count: int) -> Iterator[Setting]:
        yield from overfetching(k, share, count)
        if share < 1:
            yield from (Setting(effort, k, by_callback=True) for effort in (32, 64, 128, 256, 512))

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None, how: Setting) -> Rows:
        self._index.set_ef(how.effort)
        if how.by_callback and allowed_N is not None:
            try:
                found = self._index.knn_query(query_D[None], k, filter=allowed_N.__getitem__)
            except RuntimeError:  # it met fewer than k
                return np.empty(0, dtype=np.int64)
            return found[0][0].astype(np.int64)
        return filtered(self._index.knn_query(query_D[None], how.asked)[0][0].astype(np.int64), k, allowed_N)


class Usearch:
    """usearch, whose Python door has no filter: filtered afterwards."""

    name = "usearch, filtered afterwards"

    def __init__(self, vectors_ND: Vectors, cache: Path) -> None:
        file = cache / f"usearch-{len(vectors_ND)}.index"

        def empty() -> Any:
            return UsearchIndex(
                ndim=vectors_ND.shape[1], metric="ip", dtype="f32", connectivity=LINKS, expansion_add=CONSTRUCTION
            )

        def make() -> Any:
            index = empty()
            index.add(np.arange(len(vectors_ND)), vectors_ND, threads=1)
            return index

        def read() -> Any:
            index = empty()
            index.load(str(file))
            return index

        self._index, self.built_s = kept(file, make, lambda made: made.save(str(file)), read)
        self.size = file.stat().st_size

    def settings(self, k: int, share: float, count: int) -> Iterator[Setting]:
        return overfetching(k, share, count)

    def search(self, query_D: Vectors, k: int, allowed_N: Mask | None, how: Setting) -> Rows:
        self._index.expansion_search = how.effort
        return filtered(self._index.search(query_D, how.asked, threads=1).keys.astype(np.int64), k, allowed_N)


_FINE = (*range(16, 32, 4), *range(32, 128, 8), *range(128, 256, 16), *range(256, 512, 64))
_EFFORTS = (*_FINE, 512, 640, 768, 1024, 1536, 2048, 4096, 8192, 16384, 32768)
"""Fine steps where engines end up: a coarse one would cost them half as much time again."""


def overfetching(k: int, share: float, count: int) -> Iterator[Setting]:
    """Ask for more than k / share neighbours, then walk wider; up to everything."""
    for effort in _EFFORTS:
        asked = min(count, effort if share < 1 else k)
        if asked * share >= k or asked == count:
            yield Setting(max(effort, asked), asked)


def filtered(rows: Rows, k: int, allowed_N: Mask | None) -> Rows:
    """The first k rows that are allowed."""
    rows = rows[rows >= 0]
    return rows[:k] if allowed_N is None else rows[allowed_N[rows]][:k]


def kept(
    file: Path, make: Callable[[], Any], write: Callable[[Any], object], read: Callable[[], Any]
) -> tuple[Any, float]:
    """What `file` holds, or what `make` makes, then kept there; and the CPU seconds the making took."""
    note = file.with_suffix(".json")
    if not note.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        begun = time.process_time()
        made = make()
        built_s = time.process_time() - begun
        write(made)
        note.write_text(json.dumps({"built_s": built_s}), encoding="utf-8")
        return made, built_s
    return read(), float(json.loads(note.read_text(encoding="utf-8"))["built_s"])
