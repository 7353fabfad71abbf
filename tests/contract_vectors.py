"""What every VectorIndex promises; a test class inherits it and says how to make one."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders import Vectors, unit
from index.vectors import VectorIndex

COUNT, DIM = 600, 16


def clustered(count: int = COUNT, seed: int = 0) -> Vectors:
    """Unit vectors in groups of about twelve near neighbours, like variants of one product."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((max(1, count // 12), DIM))
    return unit(centres[random.integers(0, len(centres), count)] + 0.3 * random.standard_normal((count, DIM)))


def plain(vectors: Vectors, query: Vectors, k: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """The slow obvious answer."""
    everything = np.flatnonzero(np.ones(len(vectors), dtype=bool) if allowed is None else allowed)
    return everything[np.argsort(-(vectors[everything] @ query), kind="stable")][:k]


class VectorIndexContract:
    """Inherit and define `make`. `exact` is False for kinds that may miss or round."""

    exact = True
    atol = 1e-4
    least_met = 192
    """Of 200 neighbours, how many a kind that may miss must find: recall of 0.96 on so few rows."""

    def make(self, vectors: Vectors, folder: Path) -> VectorIndex:
        raise NotImplementedError

    def again(self, index: VectorIndex, folder: Path) -> VectorIndex:
        raise NotImplementedError

    @pytest.mark.parametrize("share", [None, 0.0, 0.005, 0.1, 0.5, 1.0])
    def test_gives_exactly_as_many_as_there_are_and_finds_what_numpy_finds(
        self, share: float | None, tmp_path: Path
    ) -> None:
        vectors = clustered()
        index = self.make(vectors, tmp_path)
        random = np.random.default_rng(5)
        met, missing = 0, 0
        for query in unit(vectors[:20] + 0.2 * random.standard_normal((20, DIM))):
            allowed = None if share is None else random.random(COUNT) < share
            expected = plain(vectors, query, 10, allowed)
            rows, scores = index.search(query, 10, allowed)
            assert rows.shape == scores.shape == expected.shape
            assert len(set(rows.tolist())) == len(rows)
            assert allowed is None or allowed[rows].all()
            assert (np.diff(scores) <= 0).all()
            np.testing.assert_allclose(scores, vectors[rows] @ query, atol=self.atol)
            if self.exact:
                np.testing.assert_array_equal(rows, expected)
            met += len(set(rows.tolist()) & set(expected.tolist()))
            missing += 10 - len(expected)
        assert met >= self.least_met - missing

    def test_k_beyond_everything_gives_everything(self, tmp_path: Path) -> None:
        vectors = clustered(60)
        index = self.make(vectors, tmp_path)
        rows, _ = index.search(vectors[0], 1000)
        assert sorted(rows.tolist()) == list(range(60))
        allowed = np.arange(60) % 7 == 3
        rows, _ = index.search(vectors[0], 1000, allowed)
        assert sorted(rows.tolist()) == list(range(3, 60, 7))

    def test_a_filter_far_from_the_query_finds_its_rows(self, tmp_path: Path) -> None:
        vectors = clustered()
        index = self.make(vectors, tmp_path)
        query = vectors[0]
        allowed = np.zeros(COUNT, dtype=bool)
        allowed[np.argsort(vectors @ query)[:200]] = True  # the third that is farthest away
        rows, _ = index.search(query, 10, allowed)
        assert len(rows) == 10
        assert allowed[rows].all()

    def test_many_queries_find_what_each_finds_alone(self, tmp_path: Path) -> None:
        vectors = clustered()
        index = self.make(vectors, tmp_path)
        allowed = np.arange(COUNT) % 2 == 0
        rows, scores = index.search_many(vectors[:7], 5, allowed)
        assert rows.shape == scores.shape == (7, 5)
        for at in range(7):
            alone, alone_scores = index.search(vectors[at], 5, allowed)
            np.testing.assert_array_equal(rows[at], alone)
            np.testing.assert_allclose(scores[at], alone_scores, atol=1e-5)
        assert index.search_many(vectors[:7], 5, np.zeros(COUNT, dtype=bool))[0].shape == (7, 0)

    def test_added_vectors_are_the_next_rows(self, tmp_path: Path) -> None:
        vectors = clustered()
        index = self.make(vectors[:500], tmp_path)
        index.add(vectors[500:])
        assert len(index) == COUNT
        allowed = np.arange(COUNT) >= 500
        for row in (500, 555, 599):
            assert row in index.search(vectors[row], 2)[0]
            assert index.search(vectors[row], 1, allowed)[0].tolist() == [row]
        np.testing.assert_allclose(index.rows(np.array([499, 500, 599])), vectors[[499, 500, 599]], atol=self.atol)

    def test_rows_that_are_not_there_are_refused(self, tmp_path: Path) -> None:
        index = self.make(clustered(60), tmp_path)
        assert index.rows(np.array([], dtype=np.int64)).shape == (0, DIM)
        with pytest.raises(ValueError, match="rows reach from 3 to 60, expected 0 to 59"):
            index.rows(np.array([3, 60]))
        with pytest.raises(ValueError, match=r"vectors have shape \(2, 3\), expected \(M, 16\)"):
            index.add(np.zeros((2, 3), dtype=np.float32))

    def test_kept_and_read_it_is_the_same(self, tmp_path: Path) -> None:
        vectors = clustered()
        index = self.make(vectors, tmp_path)
        read = self.again(index, tmp_path)
        assert (read.dim, len(read), read.metric, read.facts) == (DIM, COUNT, "inner product", index.facts)
        allowed = np.arange(COUNT) % 3 == 0
        for query in vectors[:10]:
            np.testing.assert_array_equal(read.search(query, 7, allowed)[0], index.search(query, 7, allowed)[0])
        read.add(vectors[:1])
        assert len(read) == COUNT + 1

    @pytest.mark.parametrize(
        ("query", "k", "allowed", "message"),
        [
            (np.zeros(DIM), 0, None, "k is 0"),
            (np.zeros(DIM - 1), 1, None, r"shape \(15,\)"),
            (np.zeros(DIM), 1, np.ones(59, dtype=bool), r"mask has shape \(59,\), expected \(60,\)"),
        ],
    )
    def test_wrong_arguments_are_named(
        self, query: Vectors, k: int, allowed: NDArray[np.bool_] | None, message: str, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError, match=message):
            self.make(clustered(60), tmp_path).search(query.astype(np.float32), k, allowed)
