"""The user model at work: what padding, cold items, dislikes and damaged files do to it, and its source."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from assistant.recommend.fitting import USER_MODEL
from assistant.recommend.interactions import Interactions, Past
from assistant.recommend.known import Known
from assistant.recommend.sources.sequence import SequenceSource
from assistant.recommend.user_model import UserModel, UserModelShape, encode, item_vectors, load, save
from assistant.recommend.whitening import whitened
from index.encoders import TextEncoder, unit
from index.errors import WeightsError

SHAPE = UserModelShape(text_dim=6, picture_dim=4, dim=8, layers=2, heads=2, reach=5)


def make(shape: UserModelShape = SHAPE, seed: int = 0) -> UserModel:
    torch.manual_seed(seed)
    model = UserModel(shape)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    return model.eval()


def vectors(items: int, dim: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(items, dim)).astype(np.float32)


def past(*rows: int, weights: list[float] | None = None) -> Past:
    return Past(np.array(rows, dtype=np.int64), np.array(weights or [1.0] * len(rows)), np.zeros(len(rows)))


def test_a_state_depends_on_nothing_that_comes_later() -> None:
    model = make()
    history_BLd = torch.randn(1, 4, 8)
    changed = history_BLd.clone()
    changed[:, 3] = 9.0
    with torch.inference_mode():
        first, second = model(history_BLd), model(changed)
    torch.testing.assert_close(first[:, :3], second[:, :3])
    assert not torch.allclose(first[:, 3], second[:, 3])


def test_histories_read_together_get_the_states_they_get_alone() -> None:
    model = make()
    items_Nd = item_vectors(model, vectors(9, 6), vectors(9, 4))
    histories = [np.array(rows, dtype=np.int64) for rows in ([1, 2, 3], [4], [], [5, 6], [3, 2, 1], [1, 2, 3])]
    together = encode(model, items_Nd, histories)
    alone = np.concatenate([encode(model, items_Nd, [history]) for history in histories])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert together[2].tolist() == [0.0] * 8
    assert not np.allclose(together[0], together[4])  # the order of what was sought matters


def test_only_the_latest_events_are_read() -> None:
    model = make()
    items_Nd = item_vectors(model, vectors(9, 6), vectors(9, 4))
    long, short = encode(model, items_Nd, [np.array([8, 0, 1, 2, 3, 4, 5]), np.array([1, 2, 3, 4, 5])])
    np.testing.assert_allclose(long, short, atol=1e-6)


def test_an_item_without_a_picture_is_what_its_words_say() -> None:
    model = make()
    text_ND, picture_NP = vectors(3, 6), vectors(3, 4)
    picture_NP[1] = 0.0
    both, words = item_vectors(model, text_ND, picture_NP), item_vectors(model, text_ND)
    np.testing.assert_allclose(both[1], words[1], atol=1e-6)
    assert not np.allclose(both[0], words[0])
    np.testing.assert_allclose(np.linalg.norm(both, axis=1), 1.0, rtol=1e-5)


def test_vectors_of_another_width_or_number_are_refused() -> None:
    with pytest.raises(ValueError, match="text vectors have 5 columns, the user model reads 6"):
        item_vectors(make(), vectors(3, 5))
    with pytest.raises(ValueError, match="4 items, the user model was trained on 3"):
        item_vectors(make(UserModelShape(text_dim=6, items=3, dim=8)), vectors(4, 6))


def test_scores_of_some_rows_are_those_among_all() -> None:
    source = SequenceSource(make(), vectors(9, 6), vectors(9, 4))
    pasts = [past(1, 2), past(3)]
    rows_R = np.array([7, 0, 3])
    whole, some = source.scores(pasts), source.scores(pasts, rows_R)
    assert whole.shape == (2, 9)
    np.testing.assert_allclose(some, whole[:, rows_R], rtol=1e-5)
    assert np.array_equal(whole, source.scores(pasts))


def test_dislikes_are_not_read_and_nothing_to_go_by_is_zero() -> None:
    source = SequenceSource(make(), vectors(9, 6))
    liked, mixed, nothing, disliked = source.scores(
        [past(1, 2), past(1, 4, 2, weights=[1.0, -1.0, 0.5]), past(), past(4, weights=[-1.0])]
    )
    np.testing.assert_allclose(liked, mixed, atol=1e-5)
    assert nothing.tolist() == disliked.tolist() == [0.0] * 9
    assert source.scores([]).shape == (0, 9)


def test_scores_are_cosines_times_the_scale_learned() -> None:
    model = make()
    source = SequenceSource(model, vectors(9, 6))
    limit = float(model.log_scale.detach().exp())
    assert np.abs(source.scores([past(1, 2), past(5)])).max() <= limit * (1 + 1e-5)


def test_what_is_saved_opens_as_it_was(tmp_path: Path) -> None:
    model = make()
    save(model, tmp_path, {"seed": 3})
    opened, manifest = load(tmp_path)
    assert manifest["seed"] == 3
    assert opened.shape == SHAPE
    text_ND = vectors(9, 6)
    before, after = (SequenceSource(one, text_ND).scores([past(1, 2)]) for one in (model, opened))
    assert np.array_equal(before, after)
    assert np.array_equal(before, SequenceSource.load(tmp_path, [""] * 9, text_ND).scores([past(1, 2)]))


def seen(*items: str, events: int = 10**9) -> Known:
    """Items without marks: known again by their ids."""
    return Known(
        items, np.full(len(items), events), np.zeros(0, dtype=np.float32), np.zeros((len(items), 0), dtype=np.float32)
    )


def test_items_keep_what_is_theirs_in_a_catalogue_that_changed(tmp_path: Path) -> None:
    model = make(UserModelShape(text_dim=6, items=3, dim=8))
    text_ND = vectors(3, 6)
    with pytest.raises(ValueError, match="2 item ids for 3 vectors"):
        save(model, tmp_path, {}, seen("mug", "tent"))
    save(model, tmp_path, {})
    with pytest.raises(WeightsError, match="does not say whose"):
        SequenceSource.load(tmp_path, ["mug", "tent", "lamp"], text_ND)
    save(model, tmp_path, {}, seen("mug", "tent", "lamp"))
    before_Nd = item_vectors(model, text_ND)
    new_ND = np.stack([text_ND[2], vectors(1, 6, seed=5)[0], text_ND[0]])
    after_Nd = SequenceSource.load(tmp_path, ["lamp", "rug", "mug"], new_ND).items_Nd
    np.testing.assert_allclose(after_Nd[[0, 2], :8], before_Nd[[2, 0]], rtol=1e-5)
    np.testing.assert_allclose(unit(after_Nd[:, 8:]), whitened(new_ND), atol=1e-6)
    assert model.text is not None
    with torch.inference_mode():
        words_d = model.text(torch.from_numpy(new_ND[1:2]))[0].numpy()
    rug_d = item_vectors(model, new_ND, own_N=np.array([2, -1, 0]))[1]
    np.testing.assert_allclose(rug_d, words_d / np.linalg.norm(words_d), rtol=1e-4)  # a rug is what its words say


def test_what_a_model_has_seen_is_known_again_by_id_and_words() -> None:
    log = Interactions.of(
        [("al", "mug", 1.0, 0.0), ("al", "tent", 1.0, 1.0), ("bo", "mug", 1.0, 0.0), ("bo", "tent", -1.0, 1.0)],
        ["lamp", "mug", "tent"],
    )
    text_ND = vectors(3, 64)
    known = Known.of(log, text_ND)
    assert known.events_K.tolist() == [0, 2, 1]  # a dislike is no wish
    other_D = vectors(1, 64, seed=5)[0]
    longer_D = text_ND[2] + 0.3 * vectors(1, 64, seed=6)[0]  # a title that got a few more words
    rows_N = known.rows(["tent", "mug", "rug"], np.stack([longer_D, other_D, text_ND[1]]))
    assert rows_N.tolist() == [2, -1, -1]  # another shop's `mug` is none of ours, nor is a mug by another id
    assert known.events(rows_N).tolist() == [1, -1, -1]
    assert known.rows(["tent", "mug", "rug"]).tolist() == [2, 1, -1]


def test_in_a_shop_never_met_words_speak_alone_and_the_more_events_the_less_they_say() -> None:
    model, text_ND = make(UserModelShape(text_dim=6, dim=8)), vectors(9, 6)
    told = [past(2, 7), past()]
    white_ND = whitened(text_ND)
    taste_D = 0.6 * white_ND[2] + white_ND[7]
    words_BN = np.stack([7 * white_ND @ (taste_D / np.linalg.norm(taste_D)), np.zeros(9)])
    learned_BN = SequenceSource(model, text_ND).scores(told)

    def scores(*events: int) -> NDArray[np.float32]:
        return SequenceSource(model, text_ND, events_N=np.array(events)).scores(told)

    np.testing.assert_allclose(scores(*[0] * 9), words_BN, atol=1e-5)
    # 45 events, 5 an item in the mean: the shop is trusted to 5/8, the item with 45 events to 45/48 of that; words
    # count 20/25 of what they do in a shop never met.
    trust_N = np.array([0, 5 / 8 * 45 / 48, 0, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(scores(0, 45, *[0] * 7), 0.8 * words_BN + trust_N * learned_BN, atol=1e-5)
    np.testing.assert_allclose(scores(*[10**9] * 9), learned_BN, atol=1e-4)
    # One that came since the training is taken for an item sought as often as the mean: 5/8 of the 5/8.
    trust_N[8] = 5 / 8 * 5 / 8
    np.testing.assert_allclose(scores(0, 45, *[0] * 6, -1), 0.8 * words_BN + trust_N * learned_BN, atol=1e-5)
    np.testing.assert_allclose(scores(*[-1] * 9), words_BN, atol=1e-5)


def test_a_model_says_what_it_has_seen_wherever_it_is_opened(tmp_path: Path) -> None:
    model, text_ND = make(UserModelShape(text_dim=6, dim=8)), vectors(3, 6)
    log = Interactions.of([("al", "mug", 1.0, 0.0), ("al", "tent", 1.0, 1.0)])
    save(model, tmp_path, {}, Known.of(log, text_ND[:2]))
    opened = SequenceSource.load(tmp_path, ["tent", "mug", "lamp"], text_ND[[1, 0, 2]])
    straight = SequenceSource(model, text_ND[[1, 0, 2]], events_N=np.array([1, 1, -1]))
    assert np.array_equal(opened.scores([past(0)]), straight.scores([past(0)]))
    (tmp_path / "items.json").write_text('["mug"]')
    with pytest.raises(WeightsError, match=r"items\.json is not what"):
        SequenceSource.load(tmp_path, ["tent"], text_ND[:1])


def test_damaged_or_foreign_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no user model can be read"):
        load(tmp_path)
    save(make(), tmp_path, {})
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    weights = tmp_path / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(WeightsError, match="is not what"):
        load(tmp_path)
    weights.write_bytes(whole)
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(WeightsError, match="of format 99"):
        load(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "shape": {"dim": "wide"}}))
    with pytest.raises(WeightsError, match="no user model can be read"):
        load(tmp_path)


def test_whitening_takes_away_what_all_share_and_stretches_what_differs_little() -> None:
    generator = np.random.default_rng(0)
    raw_ND = generator.normal(size=(4000, 3)) * [3.0, 1.0, 0.3] + [50.0, 0.0, 0.0]
    found_ND = whitened(raw_ND.astype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(found_ND, axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(np.cov(found_ND, rowvar=False), np.eye(3) / 3, atol=0.03)  # even over the sphere
    # axes stay where they were: each number keeps the sign it has about the middle
    assert (np.sign(found_ND) == np.sign(raw_ND - raw_ND.mean(0))).mean() > 0.95


def test_whitening_leaves_zeros_and_lone_items_be() -> None:
    raw_ND = np.array([[3.0, 4.0], [0.0, 0.0], [4.0, -3.0], [1.0, 1.0]], dtype=np.float32)
    assert whitened(raw_ND)[1].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(whitened(raw_ND[:2]), [[0.6, 0.8], [0.0, 0.0]], rtol=1e-6)
    same_ND = np.tile(raw_ND[:1], (5, 1))
    np.testing.assert_allclose(whitened(same_ND), np.tile([[0.6, 0.8]], (5, 1)), rtol=1e-6)
    assert whitened(np.zeros((0, 4), dtype=np.float32)).shape == (0, 4)


def test_taste_begins_as_the_faded_mean_of_the_items_sought() -> None:
    torch.manual_seed(0)
    model = UserModel(UserModelShape(text_dim=6, dim=8, reach=5, taste=True)).eval()
    with torch.no_grad():
        model.state.weight.zero_()
        model.state.bias.zero_()  # nothing is left but taste
    items_Nd = item_vectors(model, vectors(9, 6))
    state_d = encode(model, items_Nd, [np.array([2, 7])])[0]
    mean_d = np.exp(-0.36) * items_Nd[2] + items_Nd[7]
    scale = float(model.log_scale.detach().exp())
    np.testing.assert_allclose(state_d, scale * mean_d / np.linalg.norm(mean_d), rtol=1e-4)


def test_the_shipped_model_is_small_movable_and_trained_on_what_may_be_shipped() -> None:
    model, manifest = load(USER_MODEL)
    assert model.shape.items == 0  # no vectors of another shop's items
    assert manifest["data"]["licence"].startswith("CC BY 4.0")
    assert sum(path.stat().st_size for path in USER_MODEL.iterdir()) < 4_000_000


def test_one_click_in_a_shop_it_never_saw_brings_what_goes_with_it(text_encoder: TextEncoder) -> None:
    titles = [
        "two person tent", "camping lantern", "down sleeping bag", "enamel camping mug",
        "silk evening dress", "lipstick rose", "office chair", "wireless headphones", "toaster", "chess set",
    ]  # fmt: skip
    source = SequenceSource.load(USER_MODEL, titles, text_encoder.encode(titles))
    scores_N = source.scores([past(0)])[0]
    assert set(np.argsort(-scores_N)[:3].tolist()) <= {0, 1, 2, 3}
