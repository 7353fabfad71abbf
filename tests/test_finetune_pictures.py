"""Training the projection: photographs come to lie beside products that were not trained on."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from finetune.pictures import Material, Pairs, Settings, features_of, gather, pairs_of, train
from index.directions import Vectors, unit
from index.efficientnet import layout
from index.testing import ColourImageEncoder

WIDTH = max(columns.stop for columns, _ in layout().values())
QUICK = Settings(dims=24, rank=12, epochs=25, rate=1e-2, decay=0.01, held_out=0.0)


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
    return Pairs(shelf, photos, of)


def _top1(components: Vectors, offset: Vectors, pairs: Pairs) -> float:
    cosines = unit(pairs.others_QF @ components.T - offset) @ unit(pairs.items_NF @ components.T - offset).T
    return float((cosines.argmax(axis=1) == pairs.of_Q).mean())


def test_what_is_learned_helps_items_that_were_not_trained_on() -> None:
    learned = train(_world(60, 1), QUICK, seed=0)
    start = train(_world(60, 1), Settings(dims=24, rank=12, epochs=0, held_out=0.0), seed=0)
    unseen = _world(40, 2)
    before, after = _top1(start.components, start.offset, unseen), _top1(learned.components, learned.offset, unseen)
    assert after > before + 0.2


def test_the_step_from_product_to_photograph_is_taken_out() -> None:
    """A photograph differs from its product by the scene columns and the step alone: both lie at one place."""
    pairs = _world(60, 1)
    start = train(pairs, Settings(dims=24, rank=12, epochs=0, held_out=0.0), seed=0)
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


def test_held_out_items_stop_the_training() -> None:
    trained = train(
        _world(60, 4), Settings(dims=24, rank=12, epochs=60, rate=3e-2, decay=0.0, held_out=0.2, patience=2), seed=0
    )
    assert 0 <= trained.epochs < 60
    assert 0 <= trained.held_out_top1 <= 1


def test_second_pictures_and_photographs_are_to_lie_beside_first_pictures() -> None:
    material = Material(("a", "b", "c"), ((Path("a1"), 0), (Path("a2"), 0), (Path("c1"), 2)), ((Path("p"), 2),))
    shelf = np.array([[1.0, 0], [2, 0], [3, 0]], dtype=np.float32)
    pairs = pairs_of(material, shelf, np.array([[9.0, 0]], dtype=np.float32))
    np.testing.assert_array_equal(pairs.items_NF, shelf[[0, 2]])
    np.testing.assert_array_equal(pairs.others_QF, [[9, 0], [2, 0]])
    np.testing.assert_array_equal(pairs.of_Q, [1, 0])


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
