"""Making the approximate indexes: how many lists, how fine the codes, how much effort reaches the recall promised."""

from collections.abc import Callable
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.encoders import Vectors, unit
from index.near.plans import Kind

_wrapped: Any = faiss  # its constructors take other arguments than the generated stubs say

NEIGHBOURS = 32
_CONSTRUCTION = 200
_POINTS_PER_LIST = 40
"""k-means sees this many vectors per list: FAISS warns below 39, and more cost build time without better lists."""
_ROUNDS = 8
_SCALING_SAMPLE = 20_000
"""Vectors from which the range of each dimension is read before it is cut into 256 steps."""
_SEED = 1234
_RECALL = 0.99
_TRIALS = 128
_TRIAL_NEIGHBOURS = 10
_NOISE = 2.0
"""Length of the noise added to a unit vector to make a trial query.

What people type is no vector of the catalogue. At 40,000 titles typed queries needed a walk of 90 for recall@10 of
0.99; trials with noise of 1.5 asked for 64, of 2 for about 115, of 2.5 for 256. Noise of 1, as near to the catalogue as
its own variants are, asked for 45 at 5,000 titles where typed queries needed 170 (docs/log.md).
"""

_CODE_TRIALS = 256
_CODE_RECALL = 0.983
"""Recall@10 that trial queries of codes must reach. They are harder than what people type: where they reached .985,
typed queries reached .996 at 40,000 titles and .993 at 200,000 (docs/log.md)."""
_EQUAL = 1e-5

Found = tuple[NDArray[np.int64], Vectors]


def built(kind: Kind, vectors_ND: Vectors) -> Any:  # faiss types come without annotations
    """The FAISS index of that approximate kind, trained on a sample of the vectors and filled with them."""
    count, dim = vectors_ND.shape
    if kind in ("hnsw", "sq8"):
        whole = kind == "hnsw"
        graph: Any = (
            _wrapped.IndexHNSWFlat(dim, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            if whole
            else _wrapped.IndexHNSWSQ(dim, _wrapped.ScalarQuantizer.QT_8bit, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        )
        if not whole:  # rows added later may reach a little beyond what the sample shows
            _wrapped.downcast_index(graph.storage).sq.rangestat_arg = 0.1
        graph.hnsw.efConstruction = _CONSTRUCTION
        graph.train(_sample(vectors_ND, _SCALING_SAMPLE))
        graph.add(vectors_ND)
        return graph
    lists = list_count(count)
    coarse = faiss.IndexFlatIP(dim)
    if kind == "pq":
        bits = max(1, min(8, int(np.log2(max(2, count / _POINTS_PER_LIST)))))  # fewer where there is less to learn from
        index: Any = _wrapped.IndexIVFPQ(coarse, dim, lists, _parts(dim), bits, faiss.METRIC_INNER_PRODUCT)
    else:
        index = _wrapped.IndexIVFFlat(coarse, dim, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.seed, index.cp.spherical = _ROUNDS, _SEED, True
    index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = _POINTS_PER_LIST, 1
    index.train(_sample(vectors_ND, max(256 * 40, _POINTS_PER_LIST * lists)))
    index.add(vectors_ND)
    return index


def list_count(count: int) -> int:
    """The power of two near 4 * sqrt(count): finding the nearest lists then costs about what reading them does."""
    most = max(1, count // _POINTS_PER_LIST)
    return max(1, min(2 ** round(float(np.log2(4 * max(count, 1) ** 0.5))), 2 ** int(np.log2(most))))


def tuned(
    search: Callable[[Vectors, int], Found], exact: Callable[[Vectors, int], Found], vectors_ND: Vectors, lowest: int
) -> int:
    """The least effort, from `lowest` in steps of 19 %, at which `search` finds what `exact` does.

    Judged by recall@10 over trial queries: vectors of the index with much noise. Unfiltered, which is
    the hardest case: a filter leaves fewer rows for the same effort. Where nothing suffices, the effort of everything.
    """
    trials = unit(_noisy(_sample(vectors_ND, _TRIALS)))
    k = min(_TRIAL_NEIGHBOURS, len(vectors_ND))
    expected = [set(exact(trial, k)[0].tolist()) for trial in trials]
    effort = float(lowest)
    while effort < len(vectors_ND):
        found = [set(search(trial, int(effort))[0][:k].tolist()) for trial in trials]
        if sum(len(a & b) for a, b in zip(expected, found, strict=True)) >= _RECALL * k * len(trials):
            break
        effort *= 2**0.25
    return min(int(effort), len(vectors_ND))


def sought(
    search: Callable[[Vectors, int, None, int, int], Found],
    exact: Callable[[Vectors, int], Vectors],
    vectors_ND: Vectors,
    lowest: int,
) -> int:
    """The least effort, from `lowest` in steps of 9 %, at which a search by codes finds what an exact one does.

    Trial queries are a vector, plus another, minus a third: they lie as queries do, in the directions of the catalogue
    but in no item's place. What scores as much as the tenth best counts as found, so that equal vectors may stand for
    one another.
    """
    count, k = len(vectors_ND), min(_TRIAL_NEIGHBOURS, len(vectors_ND))
    random = np.random.default_rng(_SEED)
    one, other, third = (vectors_ND[random.integers(0, count, _CODE_TRIALS)] for _ in range(3))
    trials = unit(one + other - third)
    least = exact(trials, k)[:, -1]
    effort = float(lowest)
    while effort < count:
        scores = np.stack([search(trial, k, None, count, int(effort))[1] for trial in trials])
        if float((scores >= least[:, None] - _EQUAL).mean()) >= _CODE_RECALL:
            break
        effort *= 2**0.125
    return min(int(effort), count)


def _noisy(vectors_ND: Vectors) -> Vectors:
    random = np.random.default_rng(_SEED)
    noise = unit(random.standard_normal(vectors_ND.shape, dtype=np.float32))
    lengths = np.linalg.norm(vectors_ND, axis=1, keepdims=True)
    return np.asarray(vectors_ND + np.float32(_NOISE) * lengths * noise, dtype=np.float32)


def _sample(vectors_ND: Vectors, size: int) -> Vectors:
    """At most `size` of the vectors, drawn once each."""
    if size >= len(vectors_ND):
        return vectors_ND
    return vectors_ND[np.sort(np.random.default_rng(_SEED).choice(len(vectors_ND), size, replace=False))]


def _parts(dim: int) -> int:
    """Bytes a product quantiser makes of a vector: a quarter of its dimensions, or the nearest below that divides."""
    return next(parts for parts in range(max(1, dim // 4), 0, -1) if dim % parts == 0)
