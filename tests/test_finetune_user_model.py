"""Training of the user model: exact loss, exact resuming, and that it learns what follows what."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from assistant.recommend.interactions import Interactions, Past, RowsL, Scores
from assistant.recommend.sources.sequence import SequenceSource
from assistant.recommend.user_model import load
from finetune.held_out import are_repeated, held_ranks
from finetune.metrics import MISSED
from finetune.softmax import full_softmax_loss
from finetune.user_model import Training, main, train
from finetune.windows import batch, windows
from index.errors import WeightsError

PLAN = Training(dim=16, epochs=3, tokens=64, rate=1e-2, dropout=0.1, seed=7)


def chains(shoppers: int = 120, items: int = 20, seed: int = 0) -> Interactions:
    """Shoppers who go round a circle of items, from any place: after item n comes item n + 1."""
    generator = np.random.default_rng(seed)
    names = [f"item-{number:02d}" for number in range(items)]
    events: list[tuple[str, str, float, float]] = []
    for shopper in range(shoppers):
        start, length = generator.integers(items), generator.integers(3, 7)
        events += [(f"s{shopper:03d}", names[(start + step) % items], 1.0, float(step)) for step in range(length)]
    return Interactions.of(events, names)


def vectors(items: int = 20, dim: int = 12) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(items, dim)).astype(np.float32)


def test_the_loss_and_its_gradients_are_those_of_plain_cross_entropy() -> None:
    generator = torch.Generator().manual_seed(0)
    states = torch.randn(700, 8, generator=generator, requires_grad=True)  # more than two slices
    items = torch.randn(30, 8, generator=generator, requires_grad=True)
    targets = torch.randint(30, (700, 2), generator=generator)
    weights = torch.rand(700, 2, generator=generator)
    full_softmax_loss(states, items, targets, weights, smoothing=0.1).backward()
    assert states.grad is not None
    assert items.grad is not None
    found = states.grad.clone(), items.grad.clone()
    states.grad = items.grad = None
    logs = torch.log_softmax(states @ items.T, dim=1)
    told = 0.9 * logs.gather(1, targets) + 0.1 * logs.mean(1, keepdim=True)
    plain = -(told * weights).sum() / weights.sum()
    plain.backward()
    again = full_softmax_loss(states, items, targets, weights, smoothing=0.1)
    torch.testing.assert_close(again, plain)
    torch.testing.assert_close(found[0], states.grad)
    torch.testing.assert_close(found[1], items.grad)


def test_every_place_has_the_items_that_follow_as_targets() -> None:
    found = batch([np.array([3, 4, 5]), np.array([8, 9])], (1.0, 0.5))
    assert found.rows_BL.tolist() == [[3, 4], [8, 9]]  # nothing is asked after 9
    assert found.at_M.tolist() == [0, 1, 2]
    assert found.targets_MW.tolist() == [[4, 5], [5, 5], [9, 9]]  # past the end the next again, of no weight
    np.testing.assert_allclose(found.weights_MW, [[2 / 3, 1 / 3], [1, 0], [1, 0]], rtol=1e-6)


def test_long_histories_are_cut_so_that_every_item_but_the_first_is_a_target_once() -> None:
    events = Interactions.of([("al", f"{step:02d}", 1.0, float(step)) for step in range(8)])
    assert [line.tolist() for line in windows(events, reach=3)] == [[4, 5, 6, 7], [1, 2, 3, 4], [0, 1]]


def test_what_was_disliked_is_no_target_and_is_not_read() -> None:
    events = Interactions.of([("al", "a", 1.0, 0.0), ("al", "b", -1.0, 1.0), ("al", "c", 1.0, 2.0)])
    assert [line.tolist() for line in windows(events, reach=50)] == [[0, 2]]


@pytest.mark.parametrize("own", [True, False])
def test_learns_what_follows_what(own: bool) -> None:
    events, held_S = chains().leave_last_out()
    text_ND = vectors()
    model = train(events, text_ND, replace(PLAN, own=own, epochs=12, future=(1.0,)), held_S=held_S)
    ranks_Q = held_ranks(SequenceSource(model, text_ND), events, held_S)
    assert (ranks_Q == 0).mean() > 0.9  # chance is 1 in 20


def test_an_item_never_seen_in_training_is_ranked_by_its_words() -> None:
    events = chains()
    text_ND = vectors()
    unseen = Interactions.of([], [*events.items, "twin"])
    longer = replace(events, items=unseen.items)
    text_ND = np.concatenate([text_ND, text_ND[5:6] + 0.01])
    model = train(longer, text_ND, replace(PLAN, epochs=12, own=True, own_dropout=0.3, future=(1.0,)))
    one_click = Past(np.array([4]), np.ones(1), np.zeros(1))
    order = np.argsort(-SequenceSource(model, text_ND).scores([one_click])[0])
    assert set(order[:3].tolist()) >= {5, 20}  # item-05 follows item-04, and row 20 reads like it


def test_a_resumed_run_ends_as_the_uninterrupted_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events, held_S = chains().leave_last_out()
    text_ND = vectors()
    whole = train(events, text_ND, PLAN, held_S=held_S)

    class StoppedError(Exception):
        pass

    saved: list[int] = []

    def save_and_stop(*arguments: object) -> None:
        from_checkpoints(*arguments)  # pyright: ignore[reportArgumentType]
        saved.append(1)
        if len(saved) == 2:
            raise StoppedError

    import finetune.checkpoints

    from_checkpoints = finetune.checkpoints.save
    with monkeypatch.context() as patch:
        patch.setattr(finetune.checkpoints, "save", save_and_stop)
        with pytest.raises(StoppedError):
            train(events, text_ND, PLAN, held_S=held_S, folder=tmp_path)
    torch.rand(100)  # whatever else drew on chance in between
    resumed = train(events, text_ND, PLAN, held_S=held_S, folder=tmp_path)
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name
    assert len(list((tmp_path / "curves").iterdir())) == 2


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    events = chains()
    train(events, vectors(), replace(PLAN, epochs=1), folder=tmp_path)
    with pytest.raises(WeightsError, match="of another run"):
        train(events, vectors(), replace(PLAN, epochs=1, seed=8), folder=tmp_path)
    with pytest.raises(WeightsError, match="of another run"):
        train(events, 2 * vectors(), replace(PLAN, epochs=1), folder=tmp_path)


def test_same_seed_same_model_other_seed_another() -> None:
    events = chains()
    first, again, other = (
        train(events, vectors(), replace(PLAN, epochs=1, seed=seed)).state_dict()["state.weight"] for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_model_without_items_of_its_own_reads_another_shop_and_can_be_tuned_on_it() -> None:
    text_ND = vectors()
    model = train(chains(), text_ND, replace(PLAN, own=False, epochs=12, future=(1.0,)))
    turned = text_ND[::-1].copy()  # another shop: the same things under other rows, sought in the other direction
    events, held_S = chains(seed=3).leave_last_out()
    before = held_ranks(SequenceSource(model, turned), events, held_S)
    tuned = train(events, turned, replace(PLAN, epochs=8, future=(1.0,)), start=model)
    assert (held_ranks(SequenceSource(tuned, turned), events, held_S) == 0).mean() > max(0.6, (before == 0).mean())


def test_nobody_with_two_items_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing follows anything"):
        train(Interactions.of([("al", "a", 1.0, 0.0)]), vectors(1), PLAN)


def test_the_command_writes_a_model_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHYBUY_CACHE_DIR", str(tmp_path / "cache"))
    lines = ["shopper,item,at,title"]
    events = chains(shoppers=40)
    for shopper, name in enumerate(events.shoppers):
        past = events.past(shopper)
        lines += [
            f"{name},{events.items[row]},{int(at) * 86400},mug number {row}"
            for row, at in zip(past.rows_L, past.at_L, strict=True)
        ]
    table = tmp_path / "clicks.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "model"
    main(["--data", str(table), "--out", str(out), "--epochs", "1", "--dim", "16", "--no-own", "--seed", "3"])
    model, manifest = load(out)
    assert model.shape.items == 0
    assert manifest["plan"]["seed"] == 3
    assert manifest["command"] == (
        "python -m finetune.user_model --data clicks.csv --hold 1 --seed 3 --epochs 1 --dim 16 --dropout 0.3 --no-own"
    )
    assert set(manifest["metrics"]) == {
        f"validation {metric}@10, past {kind}" for metric in ("recall", "ndcg") for kind in ("left out", "kept")
    }
    assert json.loads((out / "manifest.json").read_text())["data"]["name"] == "clicks"


def test_held_items_are_ranked_among_all_with_or_without_the_past() -> None:
    class Fixed:
        name = "fixed"

        def scores(self, pasts: Sequence[Past], rows_R: RowsL | None = None) -> Scores:
            return np.tile(np.array([[3.0, 2.0, 1.0, 0.0]], dtype=np.float32), (len(pasts), 1))

    events = Interactions.of(
        [("al", "a", 1.0, 0.0), ("bo", "a", 1.0, 0.0), ("bo", "b", 1.0, 1.0), ("cy", "d", 1.0, 0.0)], "abcd"
    )
    held_S = np.array([2, 1, -1])  # al's c; bo's b again; nothing of cy's
    assert held_ranks(Fixed(), events, held_S).tolist() == [1, MISSED]
    assert are_repeated(events, held_S)
    assert not are_repeated(events, np.array([2, 2, -1]))
    assert held_ranks(Fixed(), events, held_S, keep_past=True).tolist() == [2, 1]
