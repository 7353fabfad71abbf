"""Training the projection: photographs come to lie beside products that were not trained on."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetune.pictures import (
    Material,
    Naming,
    Pairs,
    Settings,
    features_of,
    gather,
    held_out_top1,
    pairs_of,
    train,
)
from index.near.directions import Vectors, unit
from index.sight.efficientnet import layout
from index.testing import ColourImageEncoder

WIDTH = max(columns.stop for columns, _ in layout().values())
QUICK = Settings(dims=24, rank=12, whitening=0.0, epochs=25, rate=1e-2, decay=0.01)
START = Settings(dims=24, rank=12, whitening=0.0, epochs=0)


def _world(items: int, seed: int) -> Pairs:
    """Items known by eight columns; photographs add a step that all share and much noise in eight other columns."""
    random = np.random.default_rng(seed)
    shelf = np.zeros((items, WIDTH), dtype=np.float32)
    shelf[:, :8] = random.standard_normal((items, 8))
    shelf[:, 8:16] = random.standard_normal((items, 8))
    of = np.repeat(np.arange(items), 4)
    photos = shelf[of].copy()
    photos[:, 8:16] = 2 * random.standard_normal((len(of), 8))
    photos[:, 16] += 3
    columns, share = layout()["scene"]
    shelf[:, columns] = [np.sqrt(share), 0]
    photos[:, columns] = [0, np.sqrt(share)]
    return Pairs(shelf, photos, of, np.ones(len(of), dtype=np.bool_))


def _top1(components: Vectors, offset: Vectors, pairs: Pairs) -> float:
    cosines = unit(pairs.others_QF @ components.T - offset) @ unit(pairs.items_NF @ components.T - offset).T
    return float((cosines.argmax(axis=1) == pairs.of_Q).mean())


def test_what_is_learned_helps_items_that_were_not_trained_on() -> None:
    learned = train(_world(60, 1), QUICK, seed=0)
    start = train(_world(60, 1), START, seed=0)
    unseen = _world(40, 2)
    before, after = _top1(start.components, start.offset, unseen), _top1(learned.components, learned.offset, unseen)
    assert after > before + 0.2


def test_the_step_from_product_to_photograph_is_taken_out() -> None:
    """A photograph differs from its product by the scene columns and the step alone: both lie at one place."""
    pairs = _world(60, 1)
    start = train(pairs, START, seed=0)
    columns, share = layout()["scene"]
    photo = pairs.items_NF[:1].copy()
    photo[:, columns] = [0, np.sqrt(share)]
    step = pairs.others_QF - pairs.items_NF[pairs.of_Q]
    step[:, columns] = 0
    photo += step.mean(axis=0)
    np.testing.assert_allclose(photo @ start.components.T, pairs.items_NF[:1] @ start.components.T, atol=1e-3)


def test_training_is_repeatable_and_the_seed_counts() -> None:
    pairs = _world(30, 3)
    one, same, other = (train(pairs, QUICK, seed).components for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_whitening_makes_wide_directions_narrower_and_none_wider() -> None:
    """Columns 0 and 1 are 100 and 1 wide: half whitened, the first is 10 times as wide as the second."""
    random = np.random.default_rng(0)
    shelf = np.zeros((40, WIDTH), dtype=np.float32)
    shelf[:, 0] = 100 * np.sign(random.standard_normal(40))
    shelf[:, 1] = np.tile([1.0, -1.0], 20)
    shelf -= shelf.mean(axis=0)
    pairs = Pairs(shelf, shelf, np.arange(40), np.zeros(40, dtype=np.bool_))
    for power, ratio in ((0.0, 100.0), (0.5, 10.0), (1.0, 1.0)):
        trained = train(pairs, Settings(dims=2, rank=1, whitening=power, epochs=0), seed=0)
        wide = np.abs(shelf @ trained.components.T - trained.offset).mean(axis=0)
        assert wide[0] / wide[1] == pytest.approx(ratio, rel=0.15)


def test_the_step_is_that_of_photographs_where_there_are_any() -> None:
    """Second views in a scene stand elsewhere than photographs: they do not move where a photograph is laid."""
    pairs = _world(60, 1)
    columns, share = layout()["scene"]
    views = pairs.items_NF.copy()
    views[:, 16] -= 5
    views[:, columns] = [0, np.sqrt(share)]
    both = Pairs(
        pairs.items_NF,
        np.vstack([pairs.others_QF, views]),
        np.concatenate([pairs.of_Q, np.arange(60)]),
        np.arange(300) < 240,
    )
    start = train(both, START, seed=0)
    photo = pairs.items_NF[:1].copy()
    step = pairs.others_QF - pairs.items_NF[pairs.of_Q]
    photo += step.mean(axis=0)
    photo[:, columns] = [0, np.sqrt(share)]
    np.testing.assert_allclose(photo @ start.components.T, pairs.items_NF[:1] @ start.components.T, atol=1e-3)


def test_what_is_held_out_is_not_trained_on_and_told_by_sort() -> None:
    pairs = _world(60, 4)
    photographs = np.arange(240) % 2 == 0
    mixed = Pairs(pairs.items_NF, pairs.others_QF, pairs.of_Q, photographs)
    told = held_out_top1(mixed, QUICK, seed=0)
    assert set(told) == {"photographs", "second views"}
    assert all(0 <= share <= 1 for share in told.values())
    assert set(held_out_top1(pairs, QUICK, seed=0)) == {"photographs"}
    held = mixed.of_items(np.arange(60) == 7)
    np.testing.assert_array_equal(held.of_Q, [7, 7, 7, 7])
    np.testing.assert_array_equal(held.photographs_Q, [True, False, True, False])


def test_where_nothing_can_be_learned_what_was_held_out_is_found_by_chance() -> None:
    """Every item has one picture that shows something else: with the item it could be learned by heart."""
    random = np.random.default_rng(6)
    shelf, others = np.zeros((2, 60, WIDTH), dtype=np.float32)
    shelf[:, :80], others[:, :80] = random.standard_normal((2, 60, 80))
    pairs = Pairs(shelf, others, np.arange(60), np.zeros(60, dtype=np.bool_))
    by_heart = Settings(dims=80, rank=80, whitening=0.0, epochs=60, rate=3e-3, decay=0.0, noise=0.0)
    trained = train(pairs, by_heart, 0)
    assert _top1(trained.components, trained.offset, pairs) > 0.9
    assert held_out_top1(pairs, by_heart, 0)["second views"] < 0.2


def test_second_pictures_and_photographs_are_to_lie_beside_first_pictures() -> None:
    material = Material(("a", "b", "c"), ((Path("a1"), 0), (Path("a2"), 0), (Path("c1"), 2)), ((Path("p"), 2),))
    shelf = np.array([[1.0, 0], [2, 0], [3, 0]], dtype=np.float32)
    pairs = pairs_of(material, shelf, np.array([[9.0, 0]], dtype=np.float32))
    np.testing.assert_array_equal(pairs.items_NF, shelf[[0, 2]])
    np.testing.assert_array_equal(pairs.others_QF, [[9, 0], [2, 0]])
    np.testing.assert_array_equal(pairs.of_Q, [1, 0])
    np.testing.assert_array_equal(pairs.photographs_Q, [True, False])


def _catalogue(folder: Path) -> Path:
    for name, colour in (("red", "red"), ("blue", "blue"), ("photo", "navy")):
        Image.new("RGB", (16, 16), colour).save(folder / f"{name}.png")
    rows = [{"id": name, "title": name, "images": [f"{name}.png"]} for name in ("red", "blue")]
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return feed


def test_photographs_are_gathered_beside_their_items(tmp_path: Path) -> None:
    feed, listing = _catalogue(tmp_path), tmp_path / "photos.jsonl"
    listing.write_text('{"photo": "photo.png", "item": "blue"}\n', encoding="utf-8")
    material = gather([feed], [listing])
    assert material.items == ("red", "blue")
    assert [(path.name, row) for path, row in material.shelf] == [("red.png", 0), ("blue.png", 1)]
    assert material.photos == ((tmp_path / "photo.png", 1),)
    listing.write_text('{"photo": "photo.png", "item": "green"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="'green', which no catalogue has"):
        gather([feed], [listing])


def test_photographs_may_name_items_by_another_field(tmp_path: Path) -> None:
    """Two rows have the number 5: `only` says which of them is meant."""
    _catalogue(tmp_path)
    feed, listing = tmp_path / "feed.jsonl", tmp_path / "photos.jsonl"
    rows = [
        {"id": name, "title": name, "images": [f"{name}.png"], "sku": "5", "source": name} for name in ("red", "blue")
    ]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    listing.write_text('{"photo": "photo.png", "class": 5}\n', encoding="utf-8")
    for source, row in (("red", 0), ("blue", 1)):
        material = gather([feed], [listing], Naming("class", "sku", ("source", source)))
        assert material.photos == ((tmp_path / "photo.png", row),)
    with pytest.raises(ValueError, match="5, which no catalogue has"):
        gather([feed], [listing], Naming("class", "sku", ("source", "green")))


def test_pictures_in_the_cache_are_not_looked_at_again(tmp_path: Path) -> None:
    _catalogue(tmp_path)
    encoder, cache = ColourImageEncoder(), tmp_path / "cache.safetensors"
    first = features_of([tmp_path / "red.png", tmp_path / "blue.png"], encoder, cache)
    again = features_of([tmp_path / "blue.png", tmp_path / "red.png"], encoder, cache)
    assert encoder.images_seen == 2
    np.testing.assert_array_equal(again, first[::-1])


def test_without_photographs_there_are_no_features_rather_than_an_error() -> None:
    encoder = ColourImageEncoder()
    assert features_of([], encoder).shape == (0, encoder.dim)
