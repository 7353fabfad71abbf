"""Factors, the linear autoencoder, complements, wording and popularity: each against a slow version or by hand."""

from pathlib import Path

import numpy as np
import pytest

from assistant.recommend.interactions import Interactions, Past
from assistant.recommend.sources import complements, factors, linear_autoencoder, popular_log, wording
from assistant.recommend.sources.complements import ComplementConfig
from assistant.recommend.sources.factors import FactorConfig, FactorSource
from assistant.recommend.sources.linear_autoencoder import AutoencoderConfig


def past(*rows: int) -> Past:
    return Past(np.array(rows, dtype=np.int64), np.ones(len(rows)), np.arange(len(rows), dtype=np.float64))


@pytest.fixture(scope="module")
def log() -> Interactions:
    """Two tastes: items 0 to 4 and items 5 to 9, forty shoppers of each."""
    chance = np.random.default_rng(0)
    lines = [
        (f"s{number:02}", f"i{item}", 1.0, float(at))
        for number in range(80)
        for at, item in enumerate(chance.permutation(5)[:3] + 5 * (number % 2))
    ]
    return Interactions.of(lines, [f"i{item}" for item in range(10)])


def test_factors_tell_tastes_apart_and_fold_a_new_shopper_in(log: Interactions) -> None:
    source = factors.fit(log, FactorConfig(factors=2, sweeps=15, trust=1.0, seed=1))
    scores = source.scores([past(0), past(7, 8), past()])
    assert scores[0, 1:5].min() > scores[0, 5:].max()
    assert scores[1, 5:].min() > scores[1, :5].max()
    assert not scores[2].any()


def test_folding_in_solves_the_normal_equations_of_weighted_least_squares(log: Interactions) -> None:
    source = factors.fit(log, FactorConfig(factors=3, sweeps=5, recency=0.5, trust=4.0, ridge=0.1))
    items = source.items_Nd.astype(np.float64)
    trust = np.diag([1.0 + (4.0 if row == 6 else 2.0 if row == 2 else 0.0) for row in range(10)])
    liked = np.array([row in (2, 6) for row in range(10)], dtype=np.float64)
    state = np.linalg.inv(items.T @ trust @ items + 0.1 * np.eye(3)) @ items.T @ trust @ liked
    assert source.scores([past(2, 6)])[0] == pytest.approx(items @ state, abs=1e-4)


def test_saved_factors_score_as_before(log: Interactions, tmp_path: Path) -> None:
    source = factors.fit(log, FactorConfig(factors=3, sweeps=3))
    source.save(tmp_path)
    assert (FactorSource.load(tmp_path).scores([past(1, 9)]) == source.scores([past(1, 9)])).all()


def test_the_autoencoder_is_the_closed_form_solution(log: Interactions) -> None:
    source = linear_autoencoder.fit(log, AutoencoderConfig(ridge=2.0, recency=1.0))
    bought = np.zeros((80, 10))
    bought[log.shopper_E, log.row_E] = 1.0
    inverse = np.linalg.inv(bought.T @ bought + 2.0 * np.eye(10))
    expected = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(expected, 0.0)
    assert source.scores([past(3)])[0] == pytest.approx(expected[3], abs=1e-5)


def test_of_too_many_items_only_the_most_sought_have_links() -> None:
    lines = [("s1", "a", 1.0, 0.0), ("s1", "b", 1.0, 1.0), ("s2", "a", 1.0, 0.0), ("s2", "b", 1.0, 1.0)]
    log = Interactions.of([*lines, ("s2", "c", 1.0, 2.0)], ["c", "b", "a"])
    source = linear_autoencoder.fit(log, AutoencoderConfig(ridge=1.0, widest=2))
    scores = source.scores([past(0), past(1)])
    assert not scores[0].any()
    assert np.flatnonzero(scores[1]).tolist() == [2]


def test_complements_are_bought_together_more_often_than_chance() -> None:
    baskets = ["ab", "ab", "ab", "ac", "cd", "cd", "d", "e"]
    lines = [
        (f"s{n}", item, 1.0, n * 10.0 + at / 1000) for n, items in enumerate(baskets) for at, item in enumerate(items)
    ]
    source = complements.fit(Interactions.of(lines, list("abcde")), ComplementConfig(recency=1.0))
    scores = source.scores([past(0)])[0]
    # six baskets hold two things or more; a is in 4 of them, b in 3; together 3 times where 4 * 3 / 6 = 2 were expected
    assert scores[1] == pytest.approx(np.log2((3 + 1) / (2 + 1)) * 3 / 4**0.5)
    assert not scores[[0, 2, 3, 4]].any()  # a and c were together once: too rarely to say


def test_without_times_or_baskets_nothing_is_together() -> None:
    lines = [("s1", "a", 1.0, 0.0), ("s1", "b", 1.0, 0.0)] * 3
    assert not complements.fit(Interactions.of(lines, ["a", "b"])).scores([past(0)]).any()


def test_events_of_one_visit_are_one_basket() -> None:
    lines = [("s1", "a", 1.0, 0.0), ("s1", "b", 1.0, 0.1), ("s1", "c", 1.0, 0.5), ("s2", "a", 1.0, 0.5)]
    assert complements.baskets(Interactions.of(lines, ["a", "b", "c"]), 0.125).tolist() == [0, 0, 1, 2]


def test_wording_is_the_cosine_of_rare_words_sharpened() -> None:
    source = wording.fit(["red lacquer", "red brush", "Lacquer, red", "soap"], recency=0.5, sharpness=2.0)
    # document frequencies of 4 titles: red 3, lacquer 2, brush 1
    red, lacquer, brush = (1 + np.log(5 / (1 + n)) for n in (3, 2, 1))
    cosine = red**2 / (np.hypot(red, lacquer) * np.hypot(red, brush))
    assert source.scores([past(0)])[0] == pytest.approx([1.0, cosine**2, 1.0, 0.0], abs=1e-6)
    both = source.scores([past(1, 0)], np.array([3, 1]))[0]
    assert both == pytest.approx([0.0, 0.5 + cosine**2], abs=1e-6)


def test_popularity_fades_and_is_the_same_for_everybody() -> None:
    lines = [("s1", "a", 1.0, 0.0), ("s1", "b", 1.0, 60.0), ("s2", "b", 1.0, 60.0), ("s2", "c", -1.0, 60.0)]
    source = popular_log.fit(Interactions.of(lines, ["a", "b", "c"]), half_life_days=60.0)
    expected = [np.log(1.5), np.log(3.0), 0.0]
    assert source.scores([past(), past(1)]) == pytest.approx(np.array([expected, expected]))
    assert source.scores([past()], np.array([1])) == pytest.approx(np.array([[np.log(3.0)]]))
