"""Retrieve and rank on a small shop: contributions add up, history counts, hard rules hold, order is settled."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import BadRequestError
from assistant.nouns import Constraint, Event, EventKind
from assistant.recommend.ranker import WEIGHTS, AdditiveRanker
from assistant.recommend.recommender import Recommender
from assistant.recommend.scenes import scene_wish
from assistant.recommend.sources.content import ContentSource
from assistant.recommend.sources.past import PastSource
from assistant.recommend.sources.popular import PopularSource
from assistant.recommend.wish import Wish, taste
from index.build import build
from index.catalogue import Catalogue
from index.encoders import Encoders
from index.filters import Condition, Op
from index.items import Money
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    ("boot-red", "Alba Trail Boot", "Alba", "Shoes/Boots", 90, 4.5, 40, {"color": ["red"]}),
    ("boot-tan", "Brisk City Boot", "Brisk", "Shoes/Boots", 120, 4.0, 8, {"color": ["tan"]}),
    ("tent-two", "Alba Ridge Tent", "Alba", "Camping/Tents", 240, 4.2, 20, {"capacity": ["2 people"]}),
    ("tent-four", "Corrie Family Tent", "Corrie", "Camping/Tents", 380, 3.1, 12, {"capacity": ["4 people"]}),
    ("mug", "Corrie Camp Mug", "Corrie", "Camping/Kitchen", 12, None, 0, {"material": ["steel"]}),
    ("stove", "Brisk Camp Stove", "Brisk", "Camping/Kitchen", 60, 4.8, 100, {"material": ["steel"]}),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("shop")
    names = ("id", "title", "brand")
    lines = [
        json.dumps(
            dict(zip(names, row[:3], strict=True))
            | {"categories": [row[3]], "price": row[4], "currency": "EUR", "attributes": row[7]}
            | ({"rating": {"value": row[5], "count": row[6]}} if row[5] else {})
            | {"description": "", "images": []}
        )
        for row in ROWS
    ]
    (folder / "shop.jsonl").write_text("\n".join(lines), encoding="utf-8")
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(folder / "shop.jsonl", folder / "index", Encoders(text, picture))
    return Catalogue.open(folder / "index", text, picture)


@pytest.fixture(scope="module")
def recommender(catalogue: Catalogue) -> Recommender:
    sources = (ContentSource(catalogue), PastSource(catalogue))
    return Recommender(catalogue, sources, PopularSource(catalogue), AdditiveRanker())


def event(item_id: str, kind: EventKind = "purchase", *, n: int = 1, value: float | None = None) -> Event:
    return Event(f"ev{n}-{item_id}", "kim", kind, item_id, datetime(2026, 5, n, tzinfo=UTC), value)


def asked(field: str, op: Op, value: str | Money | tuple[str, ...], kind: str = "hard") -> Constraint:
    return Constraint("c1", "hard" if kind == "hard" else "soft", Condition(field, op, value), 1, "quote")


def test_taste_halves_with_age_and_is_of_unit_length() -> None:
    weighted = taste((event("mug", n=2), event("stove", "dislike", n=1)), half_life_events=1.0)
    assert [weight for _, weight in weighted] == pytest.approx([1 / 1.25**0.5, -0.5 / 1.25**0.5])


def test_three_stars_say_nothing_about_taste() -> None:
    assert taste((event("mug", "rating", value=3.0),)) == []


def test_every_score_is_its_base_plus_its_contributions(recommender: Recommender) -> None:
    wish = Wish("camp stove", history=(event("tent-two"), event("mug", "view", n=2)), popularity={"mug": 3.0})
    for ranked in recommender.recommend(wish, 6):
        assert ranked.score == pytest.approx(ranked.base + sum(c.value for c in ranked.contributions), abs=1e-9)


def test_the_contribution_of_a_feature_is_weight_times_value(recommender: Recommender) -> None:
    ranked = {each.item_id: each for each in recommender.recommend(Wish("stove"), 6)}
    parts = {part.name: part.value for part in ranked["stove"].contributions}
    assert parts["words"] == pytest.approx(WEIGHTS["words"] * 1.0)  # it is the best match of all, so its score is 1
    assert parts["rating"] == pytest.approx(WEIGHTS["rating"] * (4.8 - 3.5) * 100 / 110)


def test_hard_constraints_hold_for_every_candidate(recommender: Recommender, catalogue: Catalogue) -> None:
    wish = Wish("camp", ledger=(asked("price", Op.LE, Money(10000, "EUR")),), history=(event("tent-two"),))
    found = {candidate.item_id for candidate in recommender.retrieve(wish)}
    assert found == {"boot-red", "mug", "stove"}


def test_a_soft_wish_moves_an_item_up_and_removes_nothing(recommender: Recommender) -> None:
    plain = [each.item_id for each in recommender.recommend(Wish("boot"), 6)]
    wish = Wish("boot", ledger=(asked("brand", Op.EQ, "Brisk", "soft"),))
    wished = [each.item_id for each in recommender.recommend(wish, 6)]
    assert sorted(plain) == sorted(wished)
    assert wished.index("boot-tan") < wished.index("boot-red")


def test_two_pasts_order_the_same_vague_request_differently(recommender: Recommender) -> None:
    camper = recommender.recommend(Wish(history=(event("tent-two"),)), 6)
    walker = recommender.recommend(Wish(history=(event("boot-red"),)), 6)
    places = {
        who: {each.item_id: place for place, each in enumerate(shelf)}
        for who, shelf in (("camper", camper), ("walker", walker))
    }
    assert places["camper"]["tent-four"] < places["walker"]["tent-four"]
    assert places["walker"]["boot-tan"] < places["camper"]["boot-tan"]
    tent = next(each for each in camper if each.item_id == "tent-four")
    assert any(part.name == "history:ev1-tent-two" and part.value > 0 for part in tent.contributions)


def test_a_disliked_item_falls_to_the_end(recommender: Recommender) -> None:
    first = recommender.recommend(Wish("boot"), 6)[0].item_id
    after = recommender.recommend(Wish("boot", history=(event(first, "dislike"),)), 6)
    assert after[-1].item_id == first


def test_a_stranger_who_asks_for_nothing_gets_what_others_seek(recommender: Recommender) -> None:
    found = recommender.recommend(Wish(popularity={"mug": 9.0, "stove": 2.0}), 2)
    assert {each.item_id for each in found} <= {row[0] for row in ROWS}
    assert recommender.retrieve(Wish(popularity={"mug": 9.0}))[0].item_id == "mug"


def test_the_same_wish_gives_the_same_order_to_the_last_digit(recommender: Recommender) -> None:
    wish = Wish("tent for a family", history=(event("mug"),))
    assert recommender.recommend(wish, 6) == recommender.recommend(wish, 6)


def test_ties_go_by_item_id() -> None:
    assert [each.item_id for each in AdditiveRanker().rank(["b", "a", "c"], [])] == ["a", "b", "c"]


def test_similar_leaves_the_item_itself_out(recommender: Recommender) -> None:
    wish = scene_wish("similar", "", "boot-red", (), (), {})
    assert recommender.recommend(wish, 6)[0].item_id == "boot-tan"
    assert "boot-red" not in {each.item_id for each in recommender.recommend(wish, 6)}


@pytest.mark.parametrize("scene", ["bundle", "promotion", "sponsored"])
def test_a_scene_not_served_yet_says_which_are(scene: str) -> None:
    with pytest.raises(BadRequestError, match="not served yet") as caught:
        scene_wish(scene, "", None, (), (), {})  # pyright: ignore[reportArgumentType]  # a str on purpose
    assert "home, search, similar" in caught.value.hint


def test_search_without_a_query_and_similar_without_an_item_are_refused() -> None:
    with pytest.raises(BadRequestError, match="needs a query"):
        scene_wish("search", "  ", None, (), (), {})
    with pytest.raises(BadRequestError, match="needs an item"):
        scene_wish("similar", "", None, (), (), {})


@settings(deadline=None, max_examples=40)
@given(
    words=st.sampled_from(["", "boot", "camp kitchen", "something red"]),
    past=st.lists(st.sampled_from([row[0] for row in ROWS]), max_size=12),
    limit=st.integers(0, 50000),
)
def test_scores_add_up_and_limits_hold_for_any_request(
    recommender: Recommender, catalogue: Catalogue, words: str, past: list[str], limit: int
) -> None:
    history = tuple(event(item_id, "view", n=1 + place) for place, item_id in enumerate(past))
    wish = Wish(words, ledger=(asked("price", Op.LE, Money(limit, "EUR")),), history=history)
    for ranked in recommender.recommend(wish, 6):
        price = catalogue.item(ranked.item_id).price
        assert price is not None
        assert price.amount_minor <= limit
        assert abs(ranked.score - ranked.base - sum(c.value for c in ranked.contributions)) < 1e-9
