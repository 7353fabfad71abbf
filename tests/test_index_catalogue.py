"""The catalogue as others use it: exact filters, full result lists, and scores that mean something."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from index.build import build
from index.catalogue import Catalogue, Hit, Query
from index.encoders import Encoders, ImageEncoder, TextEncoder
from index.errors import UnknownItemError
from index.filters import Condition, Op
from index.items import Money
from index.testing import ColourImageEncoder, HashingTextEncoder

ROWS = [
    {"id": "coat-r", "title": "Rain coat", "brand": "Alba", "categories": ["Women/Coats"], "price": 60,
     "images": ["red.png"],
     "variants": [{"options": {"color": "Red", "size": "M"}, "stock": 1}, {"options": {"color": "Blue", "size": "L"}}]},
    {"id": "coat-b", "title": "Wool coat", "brand": "Borea", "categories": ["Men/Coats"], "price": 90,
     "images": ["blue.png"],
     "attributes": {"material": ["wool"], "sku_id": "1234", "flag": "1", "blurb": "x" * 60}},
    {"id": "coat-s", "title": "Sold coat", "categories": ["Men/Coats"], "price": 10, "stock": 0},
    {"id": "mug-2", "title": "Mug", "description": "For tea.", "price": 5, "images": ["red.png"]},
    {"id": "mug-1", "title": "Mug", "description": "For tea.", "price": 5, "images": ["red.png"]},
    {"id": "shoe", "title": "Trail running shoe", "categories": ["Shoes/Running shoes"], "price": 80},
]  # fmt: skip
UNDER_70 = Condition("price", Op.LE, Money(7000, "EUR"))
COATS = Condition("kind", Op.IN, ("coat",))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("shop")
    for colour in ("red", "blue"):
        Image.new("RGB", (8, 8), colour).save(folder / f"{colour}.png")
    (folder / "feed.jsonl").write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in ROWS))
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(folder / "feed.jsonl", folder / "snapshots", Encoders(text, picture))
    return Catalogue.open(folder / "snapshots", text, picture)


def _ids(hits: list[Hit]) -> list[str]:
    return [hit.item_id for hit in hits]


def test_items_are_found_by_id(catalogue: Catalogue) -> None:
    assert "shoe" in catalogue
    assert catalogue.item("shoe").title == "Trail running shoe"
    assert "boot" not in catalogue
    with pytest.raises(UnknownItemError, match="no item 'boot'"):
        catalogue.item("boot")


def test_matching_is_exact_and_in_catalogue_order(catalogue: Catalogue) -> None:
    assert catalogue.matching([COATS]) == ["coat-r", "coat-b"]
    assert catalogue.matching([COATS], in_stock=False) == ["coat-r", "coat-b", "coat-s"]
    assert catalogue.matching([COATS, UNDER_70]) == ["coat-r"]
    red_l = [Condition("color", Op.EQ, "red"), Condition("size", Op.EQ, "L")]
    assert catalogue.matching(red_l) == []
    assert catalogue.satisfies("coat-r", red_l[0])
    assert not catalogue.satisfies("coat-b", red_l[0])


def test_filters_come_before_the_search(catalogue: Catalogue) -> None:
    assert _ids(catalogue.search(Query("wool coat"), 1)) == ["coat-b"]
    assert _ids(catalogue.search(Query("wool coat"), 1, [UNDER_70])) == ["coat-r"]
    assert catalogue.search(Query("wool coat"), 3, [Condition("brand", Op.EQ, "None")]) == []


def test_equals_come_in_the_order_of_their_ids(catalogue: Catalogue) -> None:
    found = catalogue.search(Query("mug tea"), 2)
    assert _ids(found) == ["mug-1", "mug-2"]
    assert found[0].score == pytest.approx(found[1].score)
    assert _ids(catalogue.search(Query("mug tea"), 1)) == ["mug-1"]
    assert _ids(catalogue.search(Query(), 3)) == ["coat-b", "coat-r", "mug-1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from(["", "coat", "zebra"]), k=st.integers(1, 9), in_stock=st.booleans(), cheap=st.booleans())
def test_a_search_is_never_short(catalogue: Catalogue, text: str, k: int, in_stock: bool, cheap: bool) -> None:
    conditions = [UNDER_70] if cheap else []
    allowed = catalogue.matching(conditions, in_stock=in_stock)
    hits = catalogue.search(Query(text), k, conditions, in_stock=in_stock)
    assert len(hits) == min(k, len(allowed))
    assert set(_ids(hits)) <= set(allowed)
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.item_id))


@pytest.mark.parametrize("text", ["mug tea", "running wool", "zebra"])
def test_a_hybrid_search_is_the_fusion_of_both_rankings(catalogue: Catalogue, text: str) -> None:
    ids = [item.id for item in catalogue if item.in_stock]
    near = _ids(catalogue.search(Query(text), 9))
    words = dict(zip(ids, catalogue.word_scores(text, ids).tolist(), strict=True))
    said = sorted((one for one in ids if words[one] > 0), key=lambda one: (-words[one], one))
    expected = {one: 1 / (60 + near.index(one) + 1) for one in near}
    for rank, one in enumerate(said, 1):
        expected[one] += 1 / (60 + rank)
    found = catalogue.search(Query(text, hybrid=True), 9)
    assert _ids(found) == sorted(ids, key=lambda one: (-expected[one], one))
    assert {hit.item_id: hit.score for hit in found} == pytest.approx(expected)


def test_a_hybrid_search_filters_first_and_is_never_short(catalogue: Catalogue) -> None:
    assert _ids(catalogue.search(Query("wool coat", hybrid=True), 1)) == ["coat-b"]
    assert _ids(catalogue.search(Query("wool coat", hybrid=True), 1, [UNDER_70])) == ["coat-r"]
    assert len(catalogue.search(Query("zebra", hybrid=True), 9, [UNDER_70])) == 3
    assert len(catalogue.search(Query(hybrid=True), 2)) == 2


def test_a_picture_finds_what_looks_like_it(catalogue: Catalogue) -> None:
    hits = catalogue.search(Query(picture=Image.new("RGB", (50, 30), "blue")), 6)
    assert hits[0].item_id == "coat-b"
    assert hits[0].score == pytest.approx(1, abs=1e-4)
    assert next(hit.score for hit in hits if hit.item_id == "shoe") == 0


def test_history_draws_and_repels(catalogue: Catalogue) -> None:
    assert _ids(catalogue.search(Query(like=(("mug-2", 1.0),)), 2)) == ["mug-1", "mug-2"]
    assert _ids(catalogue.search(Query(like=(("mug-1", -1.0),)), 6))[-2:] == ["mug-1", "mug-2"]
    with pytest.raises(UnknownItemError):
        catalogue.search(Query(like=(("gone", 1.0),)), 2)


def test_scores_are_the_weighted_mean_of_cosines(catalogue: Catalogue) -> None:
    picture = Image.new("RGB", (8, 8), "red")
    ids = [item.id for item in catalogue]
    words = catalogue.text_similarity(ids, catalogue.encode_text("rain coat"))
    looks = catalogue.picture_similarity(ids, catalogue.encode_picture(picture))
    hits = catalogue.search(Query("rain coat", picture, weights=(3.0, 1.0, 0.0)), 9, in_stock=False)
    expected = dict(zip(ids, (3 * words + looks) / 4, strict=True))
    assert {hit.item_id: hit.score for hit in hits} == pytest.approx(expected, abs=1e-5)


def test_similarities_come_in_the_order_asked(catalogue: Catalogue) -> None:
    found = catalogue.item_similarity(["mug-1", "shoe"], ["shoe", "mug-2"])
    np.testing.assert_allclose([found[0, 1], found[1, 0]], [1, 1], atol=1e-5)
    assert found.shape == (2, 2)
    assert catalogue.item_similarity([], ["shoe"]).shape == (0, 1)


def test_word_scores_are_relative_to_the_whole_catalogue(catalogue: Catalogue) -> None:
    assert catalogue.word_scores("wool coat", ["coat-b", "mug-1"]).tolist() == [1.0, 0.0]
    assert 0 < catalogue.word_scores("wool coat", ["coat-r"])[0] < 1


def test_wrong_k_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        catalogue.search(Query("coat"), 0)


def test_the_vocabulary_counts_what_conditions_find(catalogue: Catalogue) -> None:
    words = catalogue.vocabulary()
    assert words.brands == {"Alba": 1, "Borea": 1}
    assert words.categories == {
        "Women/Coats": 1, "Women": 1, "Coats": 3, "Men/Coats": 2, "Men": 2, "Shoes/Running shoes": 1, "Shoes": 1,
        "Running shoes": 1,
    }  # fmt: skip
    assert words.kinds == {"coat": 3, "mug": 2, "running shoe": 1, "shoe": 1}
    assert words.values == {
        "color": {"Red": 1, "Blue": 1},
        "size": {"M": 1, "L": 1},
        "material": {"wool": 1},
    }
    for kind, count in words.kinds.items():
        assert len(catalogue.matching([Condition("kind", Op.IN, (kind,))], in_stock=False)) == count


def test_the_embedded_models_search_an_unseen_catalogue(
    tmp_path: Path, text_encoder: TextEncoder, image_encoder: ImageEncoder
) -> None:
    rows = [
        {"id": "1", "title": "Storm shell", "description": "Keeps rain out on the trail.", "categories": ["Jackets"]},
        {"id": "2", "title": "Cast iron skillet", "description": "For searing steaks.", "categories": ["Kitchen"]},
        {"id": "3", "title": "Reading lamp", "description": "Warm light by the bed.", "categories": ["Lighting"]},
    ]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build(tmp_path / "feed.jsonl", tmp_path / "out", Encoders(text_encoder, image_encoder))
    catalogue = Catalogue.open(tmp_path / "out", text_encoder, image_encoder)
    assert _ids(catalogue.search(Query("something waterproof for hiking"), 1)) == ["1"]
    assert _ids(catalogue.search(Query("frying pan"), 1)) == ["2"]
    assert catalogue.encode_text("lamp").shape == (384,)


def test_a_warmed_catalogue_answers_as_a_cold_one(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps({"currency": "EUR"} | row) + "\n" for row in ROWS[2:]))
    text, picture = HashingTextEncoder(), ColourImageEncoder()
    build(tmp_path / "feed.jsonl", tmp_path / "snapshots", Encoders(text, picture))
    cold, warm = (Catalogue.open(tmp_path / "snapshots", text, picture) for _ in range(2))
    warm.warm()
    for conditions in ([], [UNDER_70], [COATS], [Condition("color", Op.NOT_IN, ("",))]):
        assert warm.search(Query("running shoe"), 5, conditions) == cold.search(Query("running shoe"), 5, conditions)
