"""How good judges are, side by side: figures by hand, and intervals over things rather than judgements."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from finetune.review_scores import Answers, joined, macro_f1, rows, table


def test_macro_f1_is_that_of_sklearn_over_the_classes_that_occur() -> None:
    chance = np.random.default_rng(3)
    truth, told = chance.integers(0, 3, 200), chance.integers(0, 3, 200)
    assert macro_f1(truth, told) == pytest.approx(f1_score(truth, told, average="macro"))
    assert macro_f1(np.array([0, 0, 0, 2]), np.array([0, 0, 1, 0])) == pytest.approx((2 * 2 / (3 + 3) + 0) / 2)


def test_a_row_tells_accuracy_macro_f1_and_what_is_gained_over_the_first() -> None:
    truth = np.array([0, 0, 1, 1])
    first, second = np.array([0, 0, 0, 0]), np.array([0, 0, 1, 0])
    one, other = rows(Answers(truth, {"first": first, "second": second}, ("a", "b", "c", "d")))
    assert (one.accuracy.mean, other.accuracy.mean) == (0.5, 0.75)
    assert one.macro_f1.mean == pytest.approx((2 * 2 / (2 + 4) + 0) / 2)
    assert other.macro_f1.mean == pytest.approx((2 * 2 / (2 + 3) + 2 * 1 / (2 + 1)) / 2)
    assert other.gain.mean == pytest.approx(other.macro_f1.mean - one.macro_f1.mean)
    assert (one.gain.low, one.gain.mean, one.gain.high) == (0.0, 0.0, 0.0)
    assert other.accuracy.low < 0.75 < other.accuracy.high


def test_copies_of_a_judgement_make_nothing_surer() -> None:
    """Three seeds that tell the same of the same sentences are as sure as one."""
    chance = np.random.default_rng(0)
    truth, told = chance.integers(0, 2, 60), chance.integers(0, 2, 60)
    single = Answers(truth, {"first": told}, tuple(f"text {number}" for number in range(60)))
    assert rows(joined([single] * 3))[0].accuracy == rows(single)[0].accuracy


def test_seeds_are_joined_by_the_judges_they_share() -> None:
    part = Answers(np.array([0]), {"a": np.array([0]), "b": np.array([1])}, ("x",))
    whole = joined([part, Answers(np.array([1]), {"a": np.array([0])}, ("y",))])
    assert {name: told.tolist() for name, told in whole.told.items()} == {"a": [0, 0]}
    assert (whole.truth_S.tolist(), whole.keys_S) == ([0, 1], ("x", "y"))
    assert "2 texts, 2 judgements" in table(whole)


def test_nothing_judged_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was judged"):
        rows(Answers(np.zeros(0, dtype=np.int64), {"a": np.zeros(0, dtype=np.int64)}, ()))
    with pytest.raises(ValueError, match="no answers"):
        joined([])
