"""A past as the ranker feels it: taking an item out of it is the same as never having had it."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nouns import Event, EventKind
from assistant.recommend.history import Felt
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import EVENT_WEIGHTS, faded, taste, weight_of
from tests.test_assistant_recommend_arrange import table_of

TABLE = table_of([0] * 8)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KINDS: list[EventKind] = sorted(EVENT_WEIGHTS)

PASTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(KINDS), st.integers(1, 5)), max_size=12
)  # items 8 and 9 are unknown to the table


def events(told: list[tuple[int, EventKind, int]]) -> tuple[Event, ...]:
    """Newest first."""
    return tuple(
        Event(f"e{n}", "kim", kind, f"i{item}", NOON - timedelta(hours=n), float(stars) if kind == "rating" else None)
        for n, (item, kind, stars) in enumerate(told)
    )


@given(PASTS)
@settings(max_examples=60, deadline=None)
def test_an_items_weight_is_the_sum_of_its_events_weights(told: list[tuple[int, EventKind, int]]) -> None:
    felt = Felt.of(TABLE, events(told))
    known = tuple(event for event in events(told) if event.item_id in TABLE.rows)
    expected = {TABLE.rows[event.item_id]: 0.0 for event in known}
    for event, weight in taste(known):
        expected[TABLE.rows[event.item_id]] += weight
    assert dict(zip(felt.rows_E.tolist(), felt.weights_E.tolist(), strict=True)) == expected
    assert felt.rows_E.tolist() == list(dict.fromkeys(TABLE.rows[event.item_id] for event in known))
    bought = {TABLE.rows[event.item_id] for event in known if event.kind == "purchase"}
    assert set(felt.rows_E[felt.bought_E].tolist()) == bought


@given(PASTS)
@settings(max_examples=60, deadline=None)
def test_an_item_left_out_is_as_one_never_met(told: list[tuple[int, EventKind, int]]) -> None:
    felt = Felt.of(TABLE, events(told))
    left_out = [*felt.rows_E.tolist(), 99]
    for row, weights_E in zip(left_out, felt.weights_without(left_out), strict=True):
        rest = Felt.of(TABLE, [event for event in events(told) if TABLE.rows.get(event.item_id) != row])
        expected = dict(zip(rest.rows_E.tolist(), rest.weights_E.tolist(), strict=True))
        assert weights_E.tolist() == [expected.get(other, 0.0) for other in felt.rows_E.tolist()]
        assert felt.past().without_item(row).same(rest.past())


def test_sources_hear_of_every_event_oldest_first() -> None:
    past = Felt.of(TABLE, events([(3, "purchase", 0), (9, "view", 0), (3, "dislike", 0), (1, "rating", 4)])).past()
    assert past.rows_L.tolist() == [1, 3, 3]
    assert past.weights_L.tolist() == [0.5, -1.0, 1.0]
    days = NOON.timestamp() / 86400
    np.testing.assert_allclose(past.at_L, [days - 3 / 24, days - 2 / 24, days], rtol=0, atol=1e-9)


def test_what_says_most_of_an_item_is_named() -> None:
    told = events([(3, "view", 0), (3, "purchase", 0), (3, "dislike", 0), (1, "like", 0)])
    assert Felt.of(TABLE, told).named_event(3).id == "e1"  # as telling as the dislike, and later


def test_weights_fade_by_half_every_eight_events() -> None:
    newest, *_, oldest = faded([1.0] * 9)
    assert oldest / newest == 0.5
    assert math.isclose(sum(weight * weight for weight in faded([0.3, -1.0, 0.2])), 1.0)
    assert faded([0.0, 0.0]) == []
    assert weight_of(events([(1, "rating", 3)])[0]) == 0.0


def test_the_best_of_many_rows_are_those_of_a_full_sort() -> None:
    """Many ties, so that ids decide; more rows than a sample is drawn from."""
    size, draw = 9_000, np.random.default_rng(0)
    table: ItemTable = table_of([0] * size)
    score_N = draw.integers(0, 60, size).astype(np.float32)
    for share in (1.0, 0.9, 0.01):
        allowed_N = draw.random(size) < share
        for k in (1, 20, 100, size):
            wanted = sorted(np.flatnonzero(allowed_N).tolist(), key=lambda row: (-score_N[row], row))[:k]
            assert table.best(score_N, allowed_N, k).tolist() == wanted
