"""Looks among words: regression by hand, an item that does not teach itself, and one space where there is one."""

from pathlib import Path

import numpy as np
import pytest

from index.encoders import Encoders, ImageEncoder, TextEncoder, Vectors, unit
from index.sight.efficientnet import kinds, layout
from index.sight.looks import OWN_ENOUGH, Looks, Taught, kind_words, kinds_seen
from index.sight.pictures import read_picture
from index.testing import ColourImageEncoder, HashingTextEncoder

_PICTURES = Path(__file__).parents[1] / "assistant" / "demo" / "pictures"
FAKES = Encoders(HashingTextEncoder(dim=8), ColourImageEncoder())


def _shop(count: int) -> tuple[Vectors, Vectors]:
    """Features and words of items of two kinds: what looks alike is said alike."""
    random = np.random.default_rng(5)
    kind = np.arange(count) % 2
    features = np.eye(12, dtype=np.float32)[kind] + 0.05 * random.standard_normal((count, 12)).astype(np.float32)
    words = np.eye(8, dtype=np.float32)[kind] + 0.05 * random.standard_normal((count, 8)).astype(np.float32)
    return unit(features), unit(words)


def test_ridge_is_the_least_of_error_and_size() -> None:
    # About the means the inputs are -1 and 1, the targets -2 and 2: weight (2 + 2) / (1 + 1 + penalty 2) = 1.
    taught = Taught.ridge(np.array([[1.0], [3.0]]), np.array([[1.0], [5.0]]), penalty=2.0)
    np.testing.assert_allclose(taught.weights_FT, [[1.0]])
    np.testing.assert_allclose(taught(np.array([[2.0], [4.0]], dtype=np.float32)), [[3.0], [5.0]])


def test_ridge_is_the_same_solved_either_way() -> None:
    random = np.random.default_rng(0)
    inputs, targets = random.standard_normal((4, 6)), random.standard_normal((4, 2))
    wide = Taught.ridge(inputs.astype(np.float32), targets.astype(np.float32), 0.5)
    a, b = inputs - inputs.mean(0), targets - targets.mean(0)
    np.testing.assert_allclose(wide.weights_FT, np.linalg.solve(a.T @ a + 0.5 * np.eye(6), a.T @ b), atol=1e-4)


def test_what_looks_alike_lies_among_the_same_words() -> None:
    features, words = _shop(60)
    looks, seen = Looks.fitted(features, words, np.ones(60, dtype=np.bool_), FAKES)
    first, second = np.eye(8, dtype=np.float32)[:2]
    assert np.all((seen @ first > seen @ second) == (np.arange(60) % 2 == 0))
    new = looks.places(np.eye(12, dtype=np.float32)[:2])
    assert new[0] @ first > new[0] @ second
    assert new[1] @ second > new[1] @ first


def test_an_item_does_not_teach_what_it_looks_like_itself() -> None:
    """An item that looks like the one kind but is called the other is seen as what it looks like."""
    features, words = _shop(60)
    words[0] = np.eye(8, dtype=np.float32)[7]
    _, seen = Looks.fitted(features, words, np.ones(60, dtype=np.bool_), FAKES)
    assert seen[0] @ words[2] > 0.5
    assert abs(seen[0] @ words[0]) < 0.3


def test_items_without_a_picture_are_seen_nowhere() -> None:
    features, words = _shop(60)
    has_picture = np.arange(60) != 3
    features[3] = 0
    looks, seen = Looks.fitted(features, words, has_picture, FAKES)
    np.testing.assert_array_equal(seen[3], np.zeros(8))
    np.testing.assert_allclose(np.linalg.norm(np.delete(seen, 3, axis=0), axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(looks.places(np.zeros((1, 12), dtype=np.float32)), np.zeros((1, 8)))


def test_a_small_catalogue_teaches_nothing() -> None:
    features, words = _shop(OWN_ENOUGH - 1)
    _, seen = Looks.fitted(features, words, np.ones(OWN_ENOUGH - 1, dtype=np.bool_), FAKES)
    assert not seen.any()


def test_looks_come_back_from_their_arrays() -> None:
    features, words = _shop(60)
    looks, _ = Looks.fitted(features, words, np.ones(60, dtype=np.bool_), FAKES)
    again = Looks.of(looks.arrays())
    np.testing.assert_array_equal(again.places(features), looks.places(features))
    with pytest.raises(KeyError):
        Looks.of({})


def test_where_one_model_has_both_encoders_a_picture_lies_where_its_features_are() -> None:
    text, picture = HashingTextEncoder(dim=8, name="one-model"), ColourImageEncoder(name="one-model")
    features = unit(np.random.default_rng(1).standard_normal((5, 8)))
    looks, seen = Looks.fitted(features, features[::-1], np.ones(5, dtype=np.bool_), Encoders(text, picture))
    np.testing.assert_allclose(seen, features, atol=1e-6)
    np.testing.assert_allclose(Looks.of(looks.arrays()).places(features[:2]), features[:2], atol=1e-6)


def test_a_certain_kind_lies_at_its_words() -> None:
    columns, share = layout()["kinds"]
    words = np.random.default_rng(2).standard_normal((len(kinds()), 8)).astype(np.float32)
    features = np.zeros((1, columns.stop), dtype=np.float32)
    features[0, columns.start + 5] = np.sqrt(share)
    np.testing.assert_allclose(kinds_seen(features, words), unit(words[5:6]), atol=1e-6)


def test_words_for_kinds_are_the_mean_of_several() -> None:
    text = HashingTextEncoder(dim=8)
    words = kind_words(text)
    _, several = kinds()[0]
    np.testing.assert_allclose(words[0], text.encode(list(several)).mean(axis=0), atol=1e-6)
    assert len(words) == len(kinds())


@pytest.mark.slow
def test_words_find_pictures_that_nobody_named(text_encoder: TextEncoder, image_encoder: ImageEncoder) -> None:
    """The network's kinds alone tell a backpack from a mug from a tent, with no catalogue to teach them."""
    names = {"backpack": "backpack-07-sky-blue", "a mug for coffee": "mug-02-rose", "candle": "candle-01"}
    files = [read_picture(_PICTURES / f"{stem}.webp") for stem in names.values()]
    places = kinds_seen(image_encoder.encode(files), kind_words(text_encoder))
    cosines = text_encoder.encode(list(names)) @ unit(places - places.mean(axis=0)).T
    np.testing.assert_array_equal(cosines.argmax(axis=1), [0, 1, 2])
