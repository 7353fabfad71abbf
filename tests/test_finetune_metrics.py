"""Metrics: worked out by hand, or against a slow obvious version; intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetune import metrics


def test_ties_go_to_the_lower_row_and_left_out_items_are_missed() -> None:
    scores = np.array([[3, 1, 3, 2], [1, 1, 1, 1], [0, -np.inf, 5, 1]], dtype=np.float32)
    assert metrics.ranks(scores, np.array([2, 0, 1])).tolist() == [1, 0, metrics.MISSED]


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=8), st.data())
def test_a_rank_is_the_place_in_the_sorted_list(values: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, len(values) - 1))
    order = sorted(range(len(values)), key=lambda row: (-values[row], row))
    found = metrics.ranks(np.array([values], dtype=np.float32), np.array([wanted]))
    assert found.tolist() == [order.index(wanted)]


def test_figures_of_single_items_by_hand() -> None:
    ranks = np.array([0, 2, 9, 10, metrics.MISSED])
    assert metrics.hits(ranks, 10).tolist() == [1, 1, 1, 0, 0]
    assert metrics.gains(ranks, 10) == pytest.approx([1, 1 / 2, 1 / np.log2(11), 0, 0])
    assert metrics.reciprocals(ranks, 10) == pytest.approx([1, 1 / 3, 1 / 10, 0, 0])


def test_figures_of_baskets_by_hand() -> None:
    lists, wanted = [[4, 7, 1], [5]], [frozenset({7, 1, 9}), frozenset({2})]
    assert metrics.basket_recall(lists, wanted, 2) == pytest.approx([1 / 3, 0])
    gain = (1 / np.log2(3) + 1 / np.log2(4)) / (1 + 1 / np.log2(3) + 1 / np.log2(4))
    assert metrics.basket_ndcg(lists, wanted, 3) == pytest.approx([gain, 0])


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), min_size=1), st.integers(1, 6))
def test_basket_ndcg_is_the_gain_over_the_best_possible(line: list[int], goal: set[int], k: int) -> None:
    def gain(order: list[int]) -> float:
        return sum((item in goal) / np.log2(place + 2) for place, item in enumerate(order[:k]))

    best = gain(sorted(line, key=lambda item: item not in goal))
    assert metrics.basket_ndcg([line], [frozenset(goal)], k) == pytest.approx([gain(line) / best])


def test_one_wanted_item_makes_baskets_and_single_items_agree() -> None:
    chance = np.random.default_rng(0)
    scores = chance.normal(size=(50, 30)).astype(np.float32)
    wanted = chance.integers(0, 30, 50)
    ranks = metrics.ranks(scores, wanted)
    lists = np.argsort(-scores, axis=1, kind="stable").tolist()
    goals = [frozenset({int(row)}) for row in wanted]
    assert metrics.basket_recall(lists, goals, 10) == pytest.approx(metrics.hits(ranks, 10))
    assert metrics.basket_ndcg(lists, goals, 10) == pytest.approx(metrics.gains(ranks, 10))


def test_a_request_that_wants_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="wants nothing"):
        metrics.basket_recall([[1]], [frozenset()], 3)


def test_coverage_and_novelty_by_hand() -> None:
    rows = np.array([[0, 1], [1, -1]])
    assert metrics.coverage(rows, 4) == 0.5
    popularity = np.array([7.0, 3.0, 1.0, 1.0])  # with one more each, 8, 4, 2 and 2 of 16 events
    assert metrics.novelty(rows, popularity) == pytest.approx((1 + 2 + 2) / 3)


def test_intervals_hold_the_true_mean_about_as_often_as_they_say() -> None:
    chance = np.random.default_rng(5)
    held = 0
    for _ in range(100):
        found = metrics.interval((chance.random(200) < 0.3).astype(np.float64), draws=300)
        held += found.low <= 0.3 <= found.high
    assert 88 <= held <= 99


def test_a_paired_difference_is_surer_than_two_intervals() -> None:
    chance = np.random.default_rng(2)
    base = chance.random(500)
    better = base + 0.01 + chance.normal(0, 0.01, 500)
    found = metrics.difference(better, base)
    assert 0.005 < found.low < found.mean < found.high < 0.015


def test_no_requests_have_no_mean() -> None:
    with pytest.raises(ValueError, match="no requests"):
        metrics.interval(np.zeros(0))
