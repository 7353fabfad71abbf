"""A past as the ranker feels it: taking an item out of it is the same as never having had it."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nouns import Event, EventKind
from assistant.recommend.history import REACH, Felt, habits
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


def still_said(told: tuple[Event, ...]) -> tuple[Event, ...]:
    """What counts of the known items' events, newest first, worked out item by item."""
    counting: set[str] = set()
    for item_id in {event.item_id for event in told if event.item_id in TABLE.rows}:
        mine = [event for event in told if event.item_id == item_id][::-1]  # oldest first
        since: list[Event] = []
        refusal: Event | None = None
        taken_back = False
        for event in mine:
            if event.kind in ("dislike", "not_interested"):
                refusal, since, taken_back = event, [], False
                continue
            taken_back |= event.kind in ("like", "cart", "purchase") or (
                event.kind == "rating" and (event.value or 0) > 3
            )
            few_stars = event.kind == "rating" and (event.value or 0) < 3
            since = [event] if few_stars else [*since, event]
        counting |= {event.id for event in ([refusal] if refusal and not taken_back else since)}
    return tuple(event for event in told if event.id in counting)


@given(PASTS)
@settings(max_examples=60, deadline=None)
def test_an_items_weight_is_the_sum_of_its_events_weights(told: list[tuple[int, EventKind, int]]) -> None:
    felt = Felt.of(TABLE, events(told))
    known = still_said(events(told))
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
    past = Felt.of(TABLE, events([(3, "purchase", 0), (9, "view", 0), (3, "view", 0), (1, "rating", 4)])).past()
    assert past.rows_L.tolist() == [1, 3, 3]
    assert past.weights_L.tolist() == [0.5, 0.2, 1.0]
    days = NOON.timestamp() / 86400
    np.testing.assert_allclose(past.at_L, [days - 3 / 24, days - 2 / 24, days], rtol=0, atol=1e-9)


def test_what_says_most_of_an_item_is_named() -> None:
    told = events([(3, "view", 0), (3, "purchase", 0), (3, "like", 0), (1, "like", 0)])
    assert Felt.of(TABLE, told).named_event(3).id == "e1"  # as telling as the like, and later


def seen(told: Sequence[Event], refused: Sequence[str] = ()) -> list[float]:
    rows = np.arange(8, dtype=np.int64)
    return habits(TABLE, Felt.of(TABLE, told, refused), rows).seen_R.tolist()


@pytest.mark.parametrize("refusal", ["dislike", "not_interested"])
@pytest.mark.parametrize(("word", "stars"), [("like", 0), ("cart", 0), ("purchase", 0), ("rating", 5)])
def test_a_refusal_is_taken_back_by_a_later_word(refusal: EventKind, word: EventKind, stars: int) -> None:
    back = events([(3, word, stars), (3, refusal, 0)])
    assert seen(back)[3] == (1.0 if word == "purchase" else 0.0)
    felt = Felt.of(TABLE, back)
    assert [event.id for event in felt.events] == ["e0"]
    assert felt.weights_E.tolist() == [1.0]


@pytest.mark.parametrize(("glance", "stars"), [("view", 0), ("click", 0), ("rating", 3)])
def test_a_refusal_is_not_taken_back_by_a_glance(glance: EventKind, stars: int) -> None:
    told = events([(3, glance, stars), (3, "dislike", 0)])
    assert seen(told)[3] == 8.0
    assert [event.kind for event in Felt.of(TABLE, told).events] == ["dislike"]


def test_a_refused_item_is_not_liked_any_more() -> None:
    felt = Felt.of(TABLE, events([(3, "not_interested", 0), (3, "like", 0), (3, "purchase", 0), (1, "view", 0)]))
    assert [event.id for event in felt.events] == ["e0", "e3"]
    assert felt.weights_E[0] < 0 < felt.weights_E[1]
    assert felt.named_event(3).id == "e0"
    assert not felt.bought_E.any()


def test_few_stars_end_what_was_liked_before_and_a_later_like_stands() -> None:
    felt = Felt.of(TABLE, events([(3, "rating", 1), (3, "like", 0), (3, "purchase", 0), (1, "view", 0)]))
    assert [event.id for event in felt.events] == ["e0", "e3"]
    assert felt.weights_E[0] < 0 < felt.weights_E[1]
    assert seen(events([(3, "rating", 1)]))[3] == 0.0  # no refusal
    again = Felt.of(TABLE, events([(3, "like", 0), (3, "rating", 1), (3, "purchase", 0)]))
    assert [event.id for event in again.events] == ["e0", "e1"]


def test_a_refusal_from_before_the_reach_holds_and_outweighs_later_glances() -> None:
    glances = events([(3, "view", 0), (1, "view", 0)])
    assert seen(glances, ["i3"]) == [0.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0]
    assert [event.item_id for event in Felt.of(TABLE, glances, ["i3"]).events] == ["i1"]
    assert seen((), ["i5"])[5] == 8.0


def test_events_of_items_no_longer_sold_use_up_nothing() -> None:
    gone: list[tuple[int, EventKind, int]] = [(9, "view", 0)] * (REACH + 5)
    assert [event.item_id for event in Felt.of(TABLE, events([*gone, (1, "like", 0)])).events] == ["i1"]


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
