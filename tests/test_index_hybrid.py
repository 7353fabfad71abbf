"""Reciprocal rank fusion, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.hybrid import rrf


def test_scores_are_sums_of_reciprocal_ranks() -> None:
    assert rrf([["a", "b", "c"], ["c", "a"]]) == [
        ("a", pytest.approx(1 / 61 + 1 / 62)),
        ("c", pytest.approx(1 / 63 + 1 / 61)),
        ("b", pytest.approx(1 / 62)),
    ]


def test_ties_go_by_id() -> None:
    assert [found for found, _ in rrf([["b", "a"], ["a", "b"]])] == ["a", "b"]
    assert [found for found, _ in rrf([["z"], ["y"], ["x"]])] == ["x", "y", "z"]


def test_weights_and_constant_count() -> None:
    assert rrf([[1], [2]], k0=0, weights=[1, 3]) == [(2, 3.0), (1, 1.0)]


def test_nothing_gives_nothing() -> None:
    assert rrf([]) == []
    assert rrf([[], []]) == []


@pytest.mark.parametrize(
    ("rankings", "k0", "weights", "message"),
    [([["a", "a"]], 60, None, "twice"), ([["a"]], -1, None, "k0 is -1"), ([["a"]], 60, [1, 1], "2 weights")],
)
def test_wrong_arguments_are_named(
    rankings: list[list[str]], k0: float, weights: list[float] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rrf(rankings, k0, weights)


@given(st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=5))
def test_the_order_of_the_rankings_does_not_matter(rankings: list[list[int]]) -> None:
    assert rrf(rankings) == rrf(rankings[::-1])
