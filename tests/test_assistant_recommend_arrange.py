"""Which of nearly equal items share a shelf, and how short vectors find what long ones would."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nouns import Event
from assistant.recommend.arrange import Placed, arrange
from assistant.recommend.history import Felt
from assistant.recommend.table import ItemTable


def table_of(departments: list[int]) -> ItemTable:
    """Items without names, prices or brands; those of one department are exactly alike."""
    size = len(departments)
    text = np.eye(max(departments) + 1, dtype=np.float32)[departments]
    nothing = np.zeros(size)
    return ItemTable(
        version="t",
        rows={f"i{row}": row for row in range(size)},
        ids=tuple(f"i{row}" for row in range(size)),
        id_order_N=np.arange(size),
        price_minor_N=nothing,
        log_price_N=nothing,
        brand_N=np.full(size, -1),
        department_N=np.array(departments),
        departments=tuple(f"d{code}" for code in range(max(departments) + 1)),
        rating_N=nothing,
        stock_N=nothing + 1,
        novelty_N=nothing,
        text_NT=text,
        looks_NP=np.zeros((size, 0), dtype=np.float32),
        has_looks_N=np.zeros(size, dtype=np.bool_),
        shares=(1.0, 0.0),
    )


def past(table: ItemTable, *rows: int) -> Felt:
    noon = datetime(2026, 5, 1, tzinfo=UTC)
    return Felt.of(table, [Event(f"e{row}", "kim", "like", f"i{row}", noon) for row in rows])


def at(placed: list[Placed]) -> list[int]:
    return [each.at for each in placed]


SCORES = np.array([10.0, 9.0, 8.9, 8.8, 8.7, 3.0])


def test_without_strength_the_first_by_score_stay() -> None:
    table = table_of([0, 0, 0, 0, 1, 1])
    placed = arrange(table, past(table), np.arange(6), SCORES, 3, 0.0)
    assert placed == [Placed(0, 1, 1), Placed(1, 2, 2), Placed(2, 3, 3)]


def test_another_sort_takes_the_place_of_a_nearly_equal_item() -> None:
    table = table_of([0, 0, 0, 0, 1, 1])
    placed = arrange(table, past(table), np.arange(6), SCORES, 3, 0.5)
    assert placed == [Placed(0, 1, 1), Placed(1, 2, 2), Placed(4, 5, 3, "variety")]


def test_an_item_that_trails_too_far_stays_away() -> None:
    table = table_of([0, 0, 0, 0, 0, 1])
    assert at(arrange(table, past(table), np.arange(6), SCORES, 3, 1.0)) == [0, 1, 2]


def test_a_shelf_comes_nearer_to_what_the_shopper_seeks() -> None:
    table = table_of([0, 0, 0, 1, 2, 0, 1])
    scores = np.array([10.0, 9.0, 8.9, 8.8, 8.7])
    wanting = arrange(table, past(table, 5, 6), np.arange(5), scores, 3, 0.5)
    assert (at(wanting), wanting[-1].why) == ([0, 1, 3], "taste")
    content = arrange(table, past(table, 5), np.arange(5), scores, 3, 0.5)
    assert at(content) == [0, 1, 2]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 5, allow_nan=False)), min_size=1, max_size=14),
    st.integers(1, 8),
    st.floats(0, 1),
    st.booleans(),
)
def test_every_shelf_is_full_settled_and_led_by_the_best(
    items: list[tuple[int, float]], k: int, strength: float, known: bool
) -> None:
    items = sorted(items, key=lambda item: -item[1])
    table = table_of([department for department, _ in items])
    scores = np.array([score for _, score in items])
    felt = past(table, len(items) - 1) if known else past(table)
    placed = arrange(table, felt, np.arange(len(items)), scores, k, strength)
    assert placed == arrange(table, felt, np.arange(len(items)), scores, k, strength)
    assert len(placed) == min(k, len(items))
    assert at(placed) == sorted(set(at(placed)))
    assert placed[0].at == 0
    assert [each.rank for each in placed] == list(range(1, len(placed) + 1))
    lost = scores[min(k, len(items)) - 1] - scores[at(placed)[-1]]
    assert lost <= strength * (scores[0] - scores[min(k, len(items)) - 1]) + 1e-9
    assert all(each.why == "score" for each in placed if each.by_score <= k)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), min_size=2, max_size=16),
    st.lists(st.integers(0, 15), min_size=1, max_size=4),
    st.integers(2, 7),
    st.sampled_from([0.2, 0.5, 1.0]),
)
def test_who_is_taken_by_taste_is_who_brings_the_whole_shelf_nearest_to_it(
    items: list[tuple[int, int]], sought: list[int], k: int, strength: float
) -> None:
    items = sorted(items, key=lambda item: -item[1])
    table = table_of([department for department, _ in items])
    scores = np.array([score / 4 for _, score in items])
    felt = past(table, *dict.fromkeys(row % len(items) for row in sought))
    placed = arrange(table, felt, np.arange(len(items)), scores, k, strength)
    assert at(placed) == sorted(chosen_slowly(table, felt, scores.tolist(), k, strength))


def chosen_slowly(table: ItemTable, felt: Felt, scores: list[float], k: int, strength: float) -> list[int]:
    """One after another, the item with which the divergence of the shelf from the tastes is least, less what it lost.

    The divergence is summed over all departments anew for every item that may be taken.
    """
    size, last = len(scores), scores[min(k, len(scores)) - 1]
    slack = strength * (scores[0] - last)
    if size <= k or not slack or sum(score >= last - slack for score in scores) <= k:
        return list(range(min(k, size)))
    tastes = np.zeros(len(table.departments))
    np.add.at(tastes, table.department_N[felt.rows_E], felt.weights_E)
    tastes /= tastes.sum()

    def divergence(shelf: list[int]) -> float:
        held = np.bincount(table.department_N[shelf], minlength=len(tastes)) / len(shelf)
        mixed = 0.99 * held + 0.01 * tastes
        return sum(taste * np.log(taste / mix) for taste, mix in zip(tastes, mixed, strict=True) if taste)

    shelf = [0]
    while len(shelf) < k:
        left = [at for at in range(size) if at not in shelf and scores[at] >= last - slack]
        near = [at for at in left if scores[at] >= scores[left[0]] - slack]
        worth = [-divergence([*shelf, at]) - 0.5 * (scores[left[0]] - scores[at]) / slack for at in near]
        shelf.append(near[int(np.argmax(np.round(worth, 9)))])
    return shelf
