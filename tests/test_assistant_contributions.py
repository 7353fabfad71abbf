"""Scores are the sum of their parts, parts are what leaving out really takes, and nobody sees another's past."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nouns import Constraint, Event, EventKind, Ranked
from assistant.recommend.interactions import HistorySource, Interactions
from assistant.recommend.learned import Learned
from assistant.recommend.ranker import WEIGHTS, AdditiveRanker, Shape, content_hash
from assistant.recommend.recommender import Recommender
from assistant.recommend.sources import complements, neighbours
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.past import PastSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.table import ItemTable
from assistant.recommend.wish import Wish, weight_of
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.errors import WeightsError
from index.filters import Condition, Op
from index.items import Money
from index.testing import ColourImageEncoder, HashingTextEncoder

KINDS: tuple[EventKind, ...] = ("view", "click", "cart", "purchase", "rating", "like", "dislike", "not_interested")
WORDS = ("red", "blue", "wool", "steel", "camp", "trail", "city", "warm")
THINGS = ("boot", "tent", "mug", "jacket", "lamp")
SIZE = 30
HABITS = ("brand_habit", "price_habit", "seen")


@cache
def shop(folder: Path, seed: int) -> Recommender:
    """A random catalogue of thirty items, with sources fitted on forty random shoppers."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for number in range(SIZE):
        thing = draw.choice(THINGS)
        row: dict[str, object] = {
            "id": f"i{number:02d}",
            "title": f"{draw.choice(WORDS)} {draw.choice(WORDS)} {thing}",
            "brand": draw.choice(["Alba", "Brisk", ""]),
            "categories": [f"Shop/{thing}s"],
            "price": draw.choice([12, 40, 40, 99.5, 250]),
            "currency": "EUR",
            "attributes": {"color": [draw.choice(["red", "blue"])]},
            "description": "",
            "images": [],
        }
        if draw.random() < 0.5:
            row["rating"] = {"value": draw.choice([2.5, 4.0, 5.0]), "count": draw.randrange(1, 50)}
        rows.append(row)
    place = folder / str(seed)
    place.mkdir()
    (place / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(place / "shop.jsonl", place / "index", Encoders(text, picture))
    catalogue = Catalogue.open(place / "index", text, picture)
    logged = [
        event for s in range(40) for event in past_of([(draw.randrange(SIZE), 3, 4.0) for _ in range(6)], f"s{s}")
    ]

    def fit(log: Interactions, table: ItemTable) -> list[HistorySource]:
        return [neighbours.fit(log), complements.fit(log)]

    told = [(e.shopper_id, e.item_id, weight_of(e), e.at.timestamp() / 86400) for e in logged]
    learned = Learned(fit, lambda items: Interactions.of(told, items))
    shape = Shape((-1.0, 0.2, 0.6, 2.0), (-0.5, 0.3, 1.4, 1.6))
    found = Recommender(
        catalogue,
        (ContentSource(catalogue), PastSource(catalogue)),
        PopularSource(catalogue),
        AdditiveRanker({**WEIGHTS, "neighbours": shape, "history": shape}, base=0.1),
        learned,
    )
    learned.refit(found.table)
    return found


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Recommender]:
    folder = tmp_path_factory.mktemp("shops")
    return lambda seed: shop(folder, seed)


def past_of(acts: list[tuple[int, int, float]], shopper: str = "kim") -> tuple[Event, ...]:
    """Events newest first; each act is an item's number, a kind's number and a value."""
    began = datetime(2026, 5, 1, tzinfo=UTC)
    told = [
        Event(f"{shopper}-{n}", shopper, KINDS[kind], f"i{item:02d}", began + timedelta(hours=n), value)
        for n, (item, kind, value) in enumerate(acts)
    ]
    return tuple(reversed(told))


acts = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, 7), st.sampled_from([1.0, 3.0, 5.0])), max_size=9)
ledgers = st.lists(
    st.sampled_from(
        [
            Constraint("c1", "hard", Condition("price", Op.LE, Money(10000, "EUR")), 1, "quote"),
            Constraint("c2", "soft", Condition("color", Op.EQ, "red"), 1, "quote"),
            Constraint("c3", "hard", Condition("kind", Op.IN, ("boot", "mug")), 1, "quote"),
            Constraint("c4", "soft", Condition("price", Op.LE, Money(5000, "EUR")), 1, "quote"),
            Constraint("c5", "hard", Condition("brand", Op.NE, "Alba"), 1, "quote"),
        ]
    ),
    max_size=4,
    unique_by=lambda entry: entry.id,
)


def wish_of(words: str, ledger: list[Constraint], told: list[tuple[int, int, float]], sought: float) -> Wish:
    popularity: dict[str, float] = {"i03": sought, "i07": sought}
    return Wish(words, tuple(ledger), history=past_of(told), popularity=popularity)


texts = st.sampled_from(["", "red boot", "something warm", "steel mug camp", "xyz"])
wishes = st.builds(wish_of, texts, ledgers, acts, st.sampled_from([0.5, 30.0]))


def parts(ranked: Ranked) -> dict[str, float]:
    found = {part.name: part.value for part in ranked.contributions}
    assert len(found) == len(ranked.contributions)  # no name twice
    return found


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 3), wish=wishes, k=st.integers(1, 12))
def test_scores_are_exactly_base_plus_parts_and_shelves_are_settled(
    shops: Callable[[int], Recommender], seed: int, wish: Wish, k: int
) -> None:
    recommender = shops(seed)
    shelf = recommender.recommend(wish, k)
    assert shelf == recommender.recommend(wish, k)
    for ranked in shelf:
        assert ranked.score == ranked.base + sum(parts(ranked).values())  # to the last bit, not only to 1e-6
    keys = [(-ranked.score, ranked.item_id) for ranked in shelf]
    assert keys == sorted(keys)
    allowed = set(recommender.catalogue.matching(wish.conditions))
    assert {ranked.item_id for ranked in shelf} <= allowed


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 3), wish=wishes.filter(lambda wish: len(wish.history) > 0))
def test_a_past_items_part_is_what_leaving_it_out_takes(
    shops: Callable[[int], Recommender], seed: int, wish: Wish
) -> None:
    recommender = shops(seed)
    candidates = [candidate.item_id for candidate in recommender.retrieve(wish)]
    full = {ranked.item_id: parts(ranked) for ranked in recommender.rank(wish, candidates)}
    for event in wish.history:
        if not any(f"history:{event.id}" in told for told in full.values()):
            continue
        history = tuple(other for other in wish.history if other.item_id != event.item_id)
        without = Wish(wish.words, wish.ledger, history=history, popularity=wish.popularity)
        for ranked in recommender.rank(without, candidates):
            told, left = full[ranked.item_id], parts(ranked)
            habits = sum(told.get(name, 0.0) - left.get(name, 0.0) for name in HABITS)
            fall = sum(told.values()) - sum(left.values())
            # The user model counts in 32 bits, and not quite alike for one past and for several at once.
            assert told.get(f"history:{event.id}", 0.0) == pytest.approx(fall - habits, abs=1e-5)


def test_ties_go_by_item_id_whatever_the_order_they_come_in(shops: Callable[[int], Recommender]) -> None:
    recommender = shops(0)
    ids = sorted(item.id for item in recommender.catalogue)
    random.Random(5).shuffle(ids)
    found = AdditiveRanker().rank(ids, [])
    assert [ranked.item_id for ranked in found] == sorted(ids)


def test_a_shape_gives_nothing_for_nothing_and_is_level_beyond_its_knots() -> None:
    ranker = AdditiveRanker({"x": Shape((-1.0, 1.0, 3.0), (2.0, 4.0, 4.5))})
    assert ranker.gives("x", np.array([0.0, 1.0, 2.0, 9.0, -9.0])).tolist() == [0.0, 1.0, 1.25, 1.5, -1.0]
    with pytest.raises(ValueError, match="knots must rise"):
        Shape((1.0, 1.0), (0.0, 1.0))


def test_a_ranker_is_loaded_whole_or_not_at_all(tmp_path: Path) -> None:
    kept = {
        "format": 1,
        "base": 0.5,
        "features": {"sequence": {"weight": 0.25}, "neighbours": {"knots": [0.0, 1.0], "heights": [0.0, 2.0]}},
    }
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps(kept | {"sha256": content_hash(kept)}), encoding="utf-8")
    loaded = AdditiveRanker.load(path)
    assert loaded.base == 0.5
    assert loaded.gives("neighbours", np.array([0.5])).tolist() == [1.0]
    assert loaded.gives("sequence", np.array([2.0])).tolist() == [0.5]
    assert loaded.gives("rating", np.array([1.0])).tolist() == [WEIGHTS["rating"]]
    path.write_text(path.read_text(encoding="utf-8").replace("0.25", "0.35"), encoding="utf-8")
    with pytest.raises(WeightsError, match="not what its hash says"):
        AdditiveRanker.load(path)


def test_what_is_learned_from_others_names_none_of_them(shops: Callable[[int], Recommender]) -> None:
    recommender = shops(1)
    mine = past_of([(1, 3, 1.0), (2, 5, 1.0)], "canary-mine")
    theirs = past_of([(1, 3, 1.0), (9, 5, 1.0)], "canary-theirs")
    before = recommender.recommend(Wish(history=mine), 10)
    recommender.recommend(Wish(history=theirs), 10)
    after = recommender.recommend(Wish(history=mine), 10)
    assert before == after
    named = {part.name for ranked in after for part in ranked.contributions if part.name.startswith("history:")}
    assert named <= {"history:canary-mine-0", "history:canary-mine-1"}
