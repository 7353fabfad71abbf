"""The user model read by plain arrays gives what the framework gives, whatever its shape and the histories'."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from assistant.recommend.user_model import UserModel, UserModelShape, encode
from assistant.recommend.user_model_states import States

SHAPE = UserModelShape(text_dim=6, dim=8, layers=2, heads=2, reach=5)


@pytest.mark.parametrize(
    "shape",
    [SHAPE, replace(SHAPE, taste=True), replace(SHAPE, layers=1, heads=4), replace(SHAPE, layers=3, taste=True)],
)
def test_states_are_those_of_the_framework(shape: UserModelShape) -> None:
    torch.manual_seed(0)
    model = UserModel(shape)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.3)
    model.eval()
    items_Nd = np.random.default_rng(0).normal(size=(9, 8)).astype(np.float32)
    told = [[1, 2, 3], [1, 2, 3, 4], [1, 3, 4], [], [4], [3, 2, 1], [1, 2, 3], [5, 5, 5, 5, 5], [8, 7, 6, 5, 4, 3, 2]]
    histories = [np.array(rows, dtype=np.int64) for rows in told]
    found = States(model).of(items_Nd, histories)
    np.testing.assert_allclose(found, encode(model, items_Nd, histories), atol=2e-5)
    assert found.dtype == np.float32
    assert found[3].tolist() == [0.0] * 8
    assert not np.allclose(found[0], found[5])  # the order of what was sought matters
    np.testing.assert_array_equal(found[0], found[6])


def test_more_histories_than_fit_one_batch_come_back_in_order() -> None:
    torch.manual_seed(1)
    model = UserModel(SHAPE).eval()
    items_Nd = np.random.default_rng(1).normal(size=(30, 8)).astype(np.float32)
    draw = np.random.default_rng(2)
    histories = [draw.integers(0, 30, draw.integers(0, 6)) for _ in range(150)]
    np.testing.assert_allclose(States(model).of(items_Nd, histories), encode(model, items_Nd, histories), atol=2e-5)


def test_no_histories_have_no_states() -> None:
    model = UserModel(SHAPE).eval()
    assert States(model).of(np.zeros((3, 8), dtype=np.float32), []).shape == (0, 8)
