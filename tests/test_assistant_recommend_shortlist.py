"""A shortlist by short codes holds what a full comparison finds, whatever is allowed."""

import numpy as np
import pytest

from assistant.recommend.shortlist import Shortlist

SIZE, WIDTH = 9_000, 64


@pytest.fixture(scope="module")
def vectors() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Unit vectors around sixty centres, off the middle, as those of one shop's items are."""
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((60, WIDTH)) + 1.0
    found = centres[draw.integers(60, size=SIZE)] + 0.6 * draw.standard_normal((SIZE, WIDTH))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def shortlist(vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Shortlist:
    return Shortlist.of(vectors)


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_nearly_all_of_the_true_nearest_are_on_it(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], shortlist: Shortlist, share: float
) -> None:
    draw = np.random.default_rng(1)
    allowed = draw.random(SIZE) < share
    hits = compared = 0
    for row in range(0, SIZE, 300):
        query = 12 * (vectors[row] + vectors[(row * 7) % SIZE])  # of any length, and not an item's own
        rows = shortlist.near(query, allowed, 100)
        assert allowed[rows].all()
        assert len(set(rows.tolist())) == len(rows) >= 100
        true = np.argsort(-np.where(allowed, vectors @ query, -np.inf))[:100]
        hits += len(np.intersect1d(rows, true))
        compared += len(rows)
    assert hits / (30 * 100) > 0.97
    assert compared / 30 < 600  # far fewer than there are


def test_where_the_filter_leaves_little_near_the_query_more_are_named(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], shortlist: Shortlist
) -> None:
    likeness = vectors @ vectors[5]
    allowed = likeness < np.quantile(likeness, 0.6)  # all but what is nearest
    rows = shortlist.near(vectors[5], allowed, 100)
    assert allowed[rows].all()
    true = np.argsort(-np.where(allowed, likeness, -np.inf))[:100]
    assert len(np.intersect1d(rows, true)) > 90


def test_few_rows_are_all_compared(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], shortlist: Shortlist
) -> None:
    allowed = np.zeros(SIZE, dtype=np.bool_)
    allowed[[3, 77, 5000]] = True
    assert shortlist.near(vectors[0], allowed, 2).tolist() == [3, 77, 5000]
    assert Shortlist.of(vectors[:50]).near(vectors[0], np.ones(50, dtype=np.bool_), 2).tolist() == list(range(50))


def test_a_shortlist_is_the_same_whenever_it_is_made(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], shortlist: Shortlist
) -> None:
    allowed = np.ones(SIZE, dtype=np.bool_)
    other = Shortlist.of(vectors.copy())
    for row in range(0, SIZE, 1000):
        assert np.array_equal(other.near(vectors[row], allowed, 20), shortlist.near(vectors[row], allowed, 20))


def test_rows_that_come_later_are_coded_as_those_before(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    first = Shortlist.of(vectors[:6000], width=32)
    grown = first.grown(SIZE, lambda rows: vectors[rows])
    assert (len(first), len(grown)) == (6000, SIZE)
    allowed = np.ones(SIZE, dtype=np.bool_)
    hits = late = 0
    for row in range(0, SIZE, 300):
        rows = grown.near(vectors[row], allowed, 100)
        true = np.argsort(-(vectors @ vectors[row]))[:100]
        hits += len(np.intersect1d(rows, true))
        late += int((rows >= 6000).sum())
        assert first.near(vectors[row], allowed[:6000], 100).max() < 6000
    assert hits / (30 * 100) > 0.9
    assert late / (30 * 400) > 0.25
