"""Logs of interactions as arrays."""

import numpy as np
import pytest

from assistant.recommend.interactions import Interactions, Past


def log() -> Interactions:
    return Interactions.of(
        [("bo", "tent", 1.0, 5.0), ("al", "mug", 1.0, 2.0), ("bo", "mug", 0.5, 3.0), ("bo", "lamp", 1.0, 5.0)]
    )


def test_orders_by_shopper_then_time_then_as_logged() -> None:
    found = log()
    assert found.shoppers == ("al", "bo")
    assert found.items == ("lamp", "mug", "tent")
    assert found.past(0).rows_L.tolist() == [1]
    assert found.past(1).rows_L.tolist() == [1, 2, 0]
    assert found.past(1).weights_L.tolist() == [0.5, 1.0, 1.0]


def test_leaves_the_last_of_each_out_but_not_the_only_one() -> None:
    kept, held_S = log().leave_last_out()
    assert held_S.tolist() == [-1, 0]
    assert kept.past(0).rows_L.tolist() == [1]
    assert kept.past(1).rows_L.tolist() == [1, 2]
    again, held_S = kept.leave_last_out(least=1)
    assert held_S.tolist() == [1, 2]
    assert len(again.past(0)) == 0


def test_a_dislike_is_nothing_to_foretell() -> None:
    told = Interactions.of([("al", "mug", 1.0, 1.0), ("al", "lamp", -1.0, 2.0)])
    kept, held_S = told.leave_last_out()
    assert held_S.tolist() == [-1]
    assert len(kept) == 2


def test_keeps_the_item_order_it_is_given_and_drops_other_items() -> None:
    found = Interactions.of([("al", "mug", 1.0, 1.0), ("al", "gone", 1.0, 2.0)], items=["tent", "mug"])
    assert found.items == ("tent", "mug")
    assert found.past(0).rows_L.tolist() == [1]


def test_a_past_can_be_asked_without_one_of_its_events() -> None:
    past = log().past(1).without(1)
    assert past.rows_L.tolist() == [1, 0]
    assert past.at_L.tolist() == [3.0, 5.0]


def test_a_past_of_uneven_arrays_is_refused() -> None:
    with pytest.raises(ValueError, match="2 rows, 1 weights, 1 times"):
        Past(np.array([1, 2]), np.array([1.0]), np.array([0.0]))
