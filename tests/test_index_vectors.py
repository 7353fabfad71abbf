"""FAISS against plain numpy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.vectors import FaissVectors


@given(
    count=st.integers(1, 40),
    k=st.integers(1, 50),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([None, 0.0, 0.1, 0.5, 1.0]),
)
def test_search_finds_what_numpy_finds(count: int, k: int, seed: int, share: float | None) -> None:
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, 8)).astype(np.float32)
    query = random.standard_normal(8).astype(np.float32)
    allowed = None if share is None else random.random(count) < share
    rows, scores = FaissVectors(vectors).search(query, k, allowed)
    everything = np.flatnonzero(np.ones(count) if allowed is None else allowed)
    expected = everything[np.argsort(-(vectors[everything] @ query), kind="stable")][:k]
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(scores, vectors[expected] @ query, atol=1e-4)


def test_a_written_index_reads_the_same(tmp_path: Path) -> None:
    vectors = np.eye(5, dtype=np.float32)
    FaissVectors(vectors).write(tmp_path / "index")
    again = FaissVectors.read(tmp_path / "index")
    assert (again.dim, len(again), again.metric) == (5, 5, "inner product")
    np.testing.assert_array_equal(again.search(vectors[3], 1)[0], [3])


@pytest.mark.parametrize(
    ("query", "k", "allowed", "message"),
    [
        (np.zeros(5), 0, None, "k is 0"),
        (np.zeros(4), 1, None, r"query has shape \(4,\), expected \(5,\)"),
        (np.zeros(5), 1, np.ones(4, dtype=bool), r"mask has shape \(4,\), expected \(5,\)"),
    ],
)
def test_wrong_arguments_are_named(query: np.ndarray, k: int, allowed: np.ndarray | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FaissVectors(np.eye(5, dtype=np.float32)).search(query.astype(np.float32), k, allowed)
