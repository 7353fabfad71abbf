"""Vectors of items and queries, by hand, and what stuffing a description gains."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders import TextEncoder, Vectors
from index.feeds.jsonl import read_items
from index.fusion import (
    FusionWeights,
    PictureSpace,
    fused_cosines,
    fused_vectors,
    item_passages,
    query_vector,
    text_vector,
    unstuffed,
)
from index.items import Item

HALF = FusionWeights(0.5, 0.5)
TEXT = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
LOOKS = np.array([[0.0, 1.0], [0.0, 0.0]], dtype=np.float32)
SEEN = np.array([True, False])


def test_weights_are_shares_of_one() -> None:
    with pytest.raises(ValueError, match=r"fusion weights are 0\.5 and 0\.6"):
        FusionWeights(0.5, 0.6)


def test_fused_vectors_are_unit_with_or_without_a_picture() -> None:
    half = 0.5**0.5
    np.testing.assert_allclose(
        fused_vectors(TEXT, LOOKS, SEEN, HALF),
        [[half, 0, 0, half, 0], [0.6 * half, 0.8 * half, 0, 0, half]],
        atol=1e-6,
    )


def test_a_search_by_words_scores_the_cosine_of_the_words_with_or_without_a_picture() -> None:
    items = fused_vectors(TEXT, LOOKS, SEEN, HALF)
    query = query_vector([(2.0, np.array([1.0, 0.0]), None, None)], (2, 2), HALF)
    np.testing.assert_allclose(items @ query, [1.0, 0.6], atol=1e-6)


def test_parts_of_a_query_are_averaged_by_weight() -> None:
    items = fused_vectors(TEXT, LOOKS, SEEN, HALF)
    parts = [(1.0, np.array([0.0, 1.0]), None, None), (3.0, None, np.array([0.0, 1.0]), None)]
    query = query_vector(parts, (2, 2), HALF)
    np.testing.assert_allclose(items @ query, [3 / 4 * 1.0, 1 / 4 * 0.8], atol=1e-6)


def test_items_are_not_alike_for_lacking_a_picture() -> None:
    items = fused_vectors(TEXT, np.zeros_like(LOOKS), np.array([False, False]), HALF)
    query = query_vector([(1.0, None, None, items[0])], (2, 2), HALF)
    np.testing.assert_allclose(items @ query, [0.5, 0.5 * 0.6], atol=1e-6)


def test_cosines_of_items_use_looks_only_where_both_have_them() -> None:
    text = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], dtype=np.float32)
    looks = np.array([[0.0, 2.0], [0.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    found = fused_cosines(text, looks, text, looks, FusionWeights(0.7, 0.3))
    np.testing.assert_allclose(found, [[1.0, 0.6, 0.3], [0.6, 1.0, 0.8], [0.3, 0.8, 1.0]], atol=1e-6)


def test_the_picture_space_keeps_cosines_of_its_own_pictures() -> None:
    random = np.random.default_rng(1)
    features = random.standard_normal((20, 40)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    space = PictureSpace.fitted(features)
    assert space.dim == 20
    projected = space.project(features)
    np.testing.assert_allclose(projected @ projected.T, features @ features.T, atol=1e-5)


def test_the_picture_space_is_narrow_and_repeatable() -> None:
    features = np.random.default_rng(2).standard_normal((400, 300)).astype(np.float32)
    space = PictureSpace.fitted(features)
    assert space.components.shape == (256, 300)
    np.testing.assert_allclose(space.components @ space.components.T, np.eye(256), atol=1e-5)
    np.testing.assert_array_equal(space.components, PictureSpace.fitted(features).components)


def test_an_alien_picture_is_near_to_nothing() -> None:
    space = PictureSpace.fitted(np.array([[1.0, 0.0, 0.0]], dtype=np.float32))
    np.testing.assert_allclose(space.project(np.array([[0.0, 5.0, 0.0]], dtype=np.float32)), [[0.0]], atol=1e-6)


def test_without_pictures_the_space_is_empty() -> None:
    space = PictureSpace.fitted(np.zeros((0, 12), dtype=np.float32))
    assert space.dim == 0
    assert space.project(np.ones((1, 12), dtype=np.float32)).shape == (1, 0)


BALL = Item(
    id="x",
    title="Yoga ball",
    brand="Alba",
    categories=("Gear/Fitness",),
    description="A firm ball. It holds 200 kg.\nA firm ball.",
    attributes={"surface_finish": ("matt", "ribbed")},
    options={"size": ("55 cm",)},
)


def test_passages_are_name_facts_and_each_sentence_once() -> None:
    passages = item_passages(BALL)
    assert passages.name == "Yoga ball. Alba. Gear Fitness"
    assert passages.facts == "surface finish matt, ribbed. size 55 cm"
    assert passages.said == ("A firm ball.", "It holds 200 kg.")


def test_passages_have_a_length() -> None:
    passages = item_passages(replace(BALL, description=" ".join(f"word{n}" for n in range(1000))))
    assert [len(sentence.split()) for sentence in passages.said] == [30] * 8


def test_phrases_repeated_three_times_go_altogether() -> None:
    assert unstuffed("Good. buy red coat buy red coat buy red coat now") == "Good. now"
    assert unstuffed("a red coat and\na red coat") == "a red coat and\na red coat"


def test_what_is_foreign_to_the_name_does_not_count() -> None:
    name, near, foreign = np.eye(3, dtype=np.float32)[0], np.array([0.6, 0.8, 0], dtype=np.float32), np.eye(3)[2]
    alone = text_vector(name, None, np.zeros((0, 3), dtype=np.float32))
    np.testing.assert_allclose(alone, [1, 0, 0])
    np.testing.assert_allclose(text_vector(name, None, foreign[None, :].astype(np.float32)), [1, 0, 0])
    # kinship 0.6 - 0.2 is above 0.3, so the sentence counts in full: 0.45 * name + 0.4 * near
    expected = np.array([0.45 + 0.4 * 0.6, 0.4 * 0.8, 0]) / np.hypot(0.45 + 0.4 * 0.6, 0.4 * 0.8)
    np.testing.assert_allclose(text_vector(name, None, near[None, :]), expected, atol=1e-6)


@pytest.mark.slow
def test_stuffing_a_description_does_not_pay(text_encoder: TextEncoder, shared_data: Path) -> None:
    """The query ten times in a description: who climbs to the top, and by how many ranks the median item climbs."""
    items = read_items(shared_data / "catalogue/catalogue.jsonl").items
    honest = _encoded(text_encoder, items)
    attacked = items[::2]
    assert len(attacked) >= 200
    for query in ("waterproof hiking jacket", "wireless headphones"):
        stuffed = [replace(item, description=f"{item.description} {' '.join([query] * 10)}") for item in attacked]
        wanted = text_encoder.encode([query])[0]
        before, after = honest @ wanted, _encoded(text_encoder, stuffed) @ wanted
        ranks = [int((before > before[2 * row]).sum()) for row in range(len(attacked))]
        gains = [rank - int((np.delete(before, 2 * row) > after[row]).sum()) for row, rank in enumerate(ranks)]
        won = sum(rank > 0 and gain == rank for rank, gain in zip(ranks, gains, strict=True))
        assert won <= 0.1 * len(attacked)
        assert np.median(gains) <= 1


def _encoded(encoder: TextEncoder, items: Sequence[Item]) -> Vectors:
    passages = [item_passages(item) for item in items]
    texts = sorted({text for one in passages for text in one.all}, key=len)
    known = dict(zip(texts, encoder.encode(texts), strict=True))
    empty = np.zeros((0, encoder.dim), dtype=np.float32)
    return np.stack(
        [
            text_vector(
                known[one.name],
                known[one.facts] if one.facts else None,
                np.stack([known[sentence] for sentence in one.said]) if one.said else empty,
            )
            for one in passages
        ]
    )
