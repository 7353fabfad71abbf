"""The graph source and its training: smoothing worked out by hand, folding in, and what it learns."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.recommend.interactions import Interactions, Past
from assistant.recommend.sources.graph import GraphSource
from finetune.graph import GraphTraining, adjacency, smoothed, train
from index.errors import WeightsError

PLAN = GraphTraining(dim=16, epochs=30, events=64, rate=2e-2, edge_dropout=0.1, seed=1)


def past(*rows: int, weights: list[float] | None = None) -> Past:
    return Past(np.array(rows, dtype=np.int64), np.array(weights or [1.0] * len(rows)), np.zeros(len(rows)))


def two_worlds(shoppers: int = 60) -> Interactions:
    """Shoppers who seek only among items 0-5, and others only among 6-11; item 12 nobody seeks."""
    generator = np.random.default_rng(0)
    names = [f"item-{number:02d}" for number in range(13)]
    events: list[tuple[str, str, float, float]] = []
    for shopper in range(shoppers):
        rows = generator.permutation(6)[:4] + 6 * (shopper % 2)
        events += [(f"s{shopper:02d}", names[row], 1.0, float(step)) for step, row in enumerate(rows)]
    return Interactions.of(events, names)


def test_neighbours_weigh_by_the_root_of_both_degrees() -> None:
    events = Interactions.of(
        [("al", "a", 1.0, 0.0), ("al", "b", 1.0, 1.0), ("bo", "b", 1.0, 0.0), ("bo", "b", 1.0, 1.0)]
    )
    half = adjacency(events).toarray()
    # al sought two items; b was sought by two shoppers, twice by bo, which is one edge
    np.testing.assert_allclose(half, [[1 / np.sqrt(2 * 1), 1 / np.sqrt(2 * 2)], [0, 1 / np.sqrt(1 * 2)]], rtol=1e-6)


def test_dislikes_are_no_edges() -> None:
    events = Interactions.of([("al", "a", 1.0, 0.0), ("al", "b", -1.0, 1.0)])
    assert adjacency(events).toarray().tolist() == [[1.0, 0.0]]


def test_layers_are_averaged_and_the_gradient_is_that_of_plain_matrices() -> None:
    events = two_worlds()
    half = adjacency(events)
    start = torch.randn(13, 4, generator=torch.Generator().manual_seed(0), requires_grad=True)
    found = smoothed(start, half, 2)
    found[:, 0].sum().backward()
    assert start.grad is not None
    gradient = start.grad.clone()
    start.grad = None
    spread = torch.from_numpy((half.T @ half).toarray())
    mean = (start + spread @ start + spread @ spread @ start) / 3
    plain = mean / mean.norm(dim=1, keepdim=True)
    plain[:, 0].sum().backward()
    torch.testing.assert_close(found, plain)
    torch.testing.assert_close(gradient, start.grad)


def test_learns_who_belongs_together_and_folds_in_whoever_comes() -> None:
    source = train(two_worlds(), PLAN)
    order = np.argsort(-source.scores([past(2), past(8, 9)]), axis=1)
    assert set(order[0, :6].tolist()) == {0, 1, 2, 3, 4, 5}
    assert set(order[1, :6].tolist()) == {6, 7, 8, 9, 10, 11}


def test_vectors_of_words_can_be_where_it_begins() -> None:
    events = two_worlds()
    words_ND = np.random.default_rng(4).normal(size=(13, 24)).astype(np.float32)
    words_ND[12] = words_ND[0]  # nobody sought item 12, but it reads like item 0
    source = train(events, replace(PLAN, epochs=3), vectors_ND=words_ND)
    scores_N = source.scores([past(0)])[0]
    assert scores_N[12] > scores_N[6:12].max()
    assert train(events, replace(PLAN, epochs=3)).scores([past(0)])[0, 12] == 0.0


def test_scores_add_up_over_the_events_before_they_are_scaled() -> None:
    items_Nd = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    source = GraphSource(items_Nd, fading=0.5, scale=10.0)
    # item 0 an event ago counts half of item 1: (0.5, 1) / sqrt(1.25)
    expected = 10 * np.array([0.5, 1.0, 0.5 * 0.6 + 0.8]) / np.sqrt(1.25)
    np.testing.assert_allclose(source.scores([past(0, 1)])[0], expected, rtol=1e-6)
    np.testing.assert_allclose(source.scores([past(0, 1)], np.array([2]))[0], expected[2:], rtol=1e-6)
    np.testing.assert_allclose(source.scores([past(0, weights=[-1.0])])[0], [-10, 0, -6], rtol=1e-6)
    assert source.scores([past()]).tolist() == [[0.0, 0.0, 0.0]]
    assert source.scores([]).shape == (0, 3)


def test_what_is_saved_opens_as_it_was(tmp_path: Path) -> None:
    source = GraphSource(np.eye(3, dtype=np.float32), fading=0.7, scale=12.0)
    source.save(tmp_path, {"seed": 1})
    opened = GraphSource.load(tmp_path)
    assert np.array_equal(opened.scores([past(0, 1)]), source.scores([past(0, 1)]))
    (tmp_path / "graph.safetensors").write_bytes(b"torn")
    with pytest.raises(WeightsError, match="is not what"):
        GraphSource.load(tmp_path)
    with pytest.raises(WeightsError, match="no graph can be read"):
        GraphSource.load(tmp_path / "elsewhere")
