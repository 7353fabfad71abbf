"""N-grams of whole reviews, their stack with other numbers, and what is left aside to make it."""

import numpy as np
import pytest

from finetune import reviews
from finetune.review_data import Verdict
from finetune.review_scores import macro_f1
from finetune.review_words import Stack, WordJudge, best_step, best_threshold


def made(count: int = 120, *, stars: bool = True, seed: int = 0) -> list[Verdict]:
    """Reviews of 30 items; a word tells the verdict, other words nothing, and a title stands in every third."""
    chance = np.random.default_rng(seed)
    found: list[Verdict] = []
    for number in range(count):
        good = bool(chance.random() < 0.7)
        filler = " ".join(chance.choice(["shirt", "sleeve", "button", "collar"], 4))
        title = ("sublime" if good else "dreadful") if number % 3 == 0 else ""
        text = f"{title}. {filler}" if title else f"{filler} {'sublime' if good else 'dreadful'}"
        found.append(Verdict(text, good, f"item {number % 30}", title, (5.0 if good else 2.0) if stars else None))
    return found


@pytest.mark.parametrize("stars", [True, False])
def test_the_word_that_tells_is_learned_with_or_without_stars(stars: bool) -> None:
    judge, unseen = WordJudge(made(stars=stars)), made(40, seed=1)
    scores_VN = judge.scores(unseen)
    assert scores_VN.shape == (40, 2 if stars else 1)
    good_V = np.array([one.recommended for one in unseen])
    assert scores_VN[good_V].min(0).tolist() > scores_VN[~good_V].max(0).tolist()


def test_scores_out_of_fold_do_not_know_their_own_item() -> None:
    """One item's reviews contradict all others: only who learned from them could tell them right."""
    known = [*made(), *(Verdict("sublime sleeve", False, "odd one", "", 1.0) for _ in range(12))]
    judge = WordJudge(known)
    own, fair = judge.scores(known)[-12:, 0], judge.out_of_fold()[-12:, 0]
    assert (fair > 0).all()
    assert (fair > own).all()


def test_the_stack_follows_the_number_that_tells_and_not_the_noise() -> None:
    chance = np.random.default_rng(0)
    truth = np.array([0, 1] * 50)
    scores = np.column_stack([100.0 * (truth * 2 - 1) + chance.normal(size=100), chance.normal(size=100)])
    stack = Stack.fit(scores, truth)
    assert stack.told(scores).tolist() == truth.tolist()
    assert abs(stack.weights_N[0]) * 100 > 5 * abs(stack.weights_N[1])
    with pytest.raises(ValueError, match="all of one verdict"):
        Stack.fit(scores, np.ones(100, dtype=np.int64))


def test_the_threshold_is_where_macro_f1_is_largest_by_trying_all() -> None:
    """With certain probabilities the expected figure is the figure."""
    probable = np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    assert 0.0 < best_threshold(probable) < 1.0
    graded = np.array([0.95, 0.9, 0.9, 0.8, 0.6, 0.4, 0.2])
    truths = np.random.default_rng(1).random((4000, 7)) < graded
    tried = [
        np.mean([macro_f1(one.astype(np.int64), (graded > at).astype(np.int64)) for one in truths[:800]])
        for at in (0.1, 0.3, 0.5, 0.7, 0.85, 0.92)
    ]
    assert best_threshold(graded) == pytest.approx((0.1, 0.3, 0.5, 0.7, 0.85, 0.92)[int(np.argmax(tried))], abs=0.11)


def test_the_best_step_parts_what_can_be_parted() -> None:
    scores, truth = np.array([-2.5, -1.2, -0.9, 2.0]), np.array([0, 0, 1, 1])
    assert -1.2 <= best_step(scores, truth) < -0.9


def test_reviews_left_aside_are_of_other_items_and_a_fifth() -> None:
    known = made(300)
    learned, aside = reviews.learning_parts(known, 0, 80)
    assert {one.item for one in learned}.isdisjoint(one.item for one in aside)
    assert (len(learned), len(aside)) == (80, 60)  # 30 items of ten reviews each
    assert sum(not one.recommended for one in learned) == 36  # 0.45 of 80: there are about 72 to take from
    assert reviews.learning_parts(known, 0, 80) == (learned, aside)
    assert reviews.learning_parts(known, 1, 80)[1] != aside


def test_verdicts_are_told_by_the_baseline_and_by_ours_of_the_same_reviews() -> None:
    test = made(60, seed=5)
    answers = reviews.evaluate_verdicts(made(300), test, seed=0, epochs=0, most=80, shipped=False)
    assert list(answers.told) == ["TF-IDF linear", "our n-grams alone"]
    assert answers.truth_S.tolist() == [int(one.recommended) for one in test]
    assert all((told == answers.truth_S).all() for told in answers.told.values())
