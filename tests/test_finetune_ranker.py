"""What rankers learn: weights and curves of known choices are found again, priors hold, and nothing leaks."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.recommend.ranker import WEIGHTS, AdditiveRanker
from finetune import impressions, interactions, ranker
from finetune.additive import Choices, Curve, Floats, Narrow, fit_curves, fit_weights, ramps, scores
from finetune.impressions import Simulation
from index.errors import SetupError, WeightsError


def choices_by(
    true_score: Callable[[Narrow], NDArray[np.floating]], features: int, requests: int, seed: int
) -> Choices:
    """Requests of six candidates each, chosen from by softmax of a known score."""
    chance = np.random.default_rng(seed)
    values = chance.random((requests * 6, features)).astype(np.float32)
    score = np.asarray(true_score(values)).reshape(requests, 6)
    chosen = (score + chance.gumbel(size=score.shape)).argmax(axis=1)
    wanted = np.zeros(requests * 6, dtype=np.float32)
    wanted[np.arange(requests) * 6 + chosen] = 1.0
    names = tuple(f"f{number}" for number in range(features))
    return Choices(names, values, np.arange(requests + 1, dtype=np.int64) * 6, wanted)


def test_weights_that_made_the_choices_are_found_again() -> None:
    made = choices_by(lambda v: v @ np.array([4.0, -2.0, 0.0]), 3, 4000, 0)
    fit = fit_weights(made.values_TF, made.starts_Q1, made.wanted_T, prior_P=np.zeros(3), tightness_P=np.full(3, 1e-3))
    assert fit.settled
    assert fit.weights_P == pytest.approx([4.0, -2.0, 0.0], abs=0.25)


def test_the_slope_of_the_likelihood_is_nothing_at_the_weights_found() -> None:
    made = choices_by(lambda v: v @ np.array([1.0, 2.0]), 2, 300, 1)
    prior, tightness = np.array([0.5, 0.5]), np.array([3.0, 3.0])
    found = fit_weights(made.values_TF, made.starts_Q1, made.wanted_T, prior_P=prior, tightness_P=tightness).weights_P

    def loss(weights: Floats) -> float:
        score = (made.values_TF.astype(np.float64) @ weights).reshape(300, 6)
        wanted = made.wanted_T.reshape(300, 6) > 0
        likely = (score[wanted] - np.log(np.exp(score).sum(axis=1))).sum()
        return float(0.5 * (tightness * (weights - prior) ** 2).sum() - likely)

    for step in (np.array([0.05, 0.0]), np.array([0.0, 0.05])):
        assert loss(found) < min(loss(found + step), loss(found - step))


def test_features_that_never_vary_keep_their_prior() -> None:
    made = choices_by(lambda v: v[:, 0] * 3, 2, 200, 2)
    values = made.values_TF.copy()
    values[:, 1] = 1.0
    fit = fit_weights(values, made.starts_Q1, made.wanted_T, prior_P=np.array([0.0, 7.0]), tightness_P=np.ones(2))
    assert fit.weights_P[1] == pytest.approx(7.0, abs=1e-3)


def test_a_reason_for_an_item_never_counts_against_it() -> None:
    made = choices_by(lambda v: v[:, 0] * -3, 1, 500, 3)
    free = fit_weights(made.values_TF, made.starts_Q1, made.wanted_T, prior_P=np.zeros(1), tightness_P=np.ones(1))
    held = fit_weights(
        made.values_TF,
        made.starts_Q1,
        made.wanted_T,
        prior_P=np.zeros(1),
        tightness_P=np.ones(1),
        rising_P=np.array([True]),
    )
    assert free.weights_P[0] < -2
    assert held.weights_P[0] == 0.0


def test_a_request_without_a_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="must have a choice"):
        fit_weights(
            np.ones((2, 1), dtype=np.float32),
            np.array([0, 1, 2]),
            np.array([1.0, 0.0], dtype=np.float32),
            prior_P=np.zeros(1),
            tightness_P=np.ones(1),
        )


def test_curves_follow_a_bend_that_no_weight_can() -> None:
    made = choices_by(lambda v: 6 * np.minimum(v[:, 0], 0.5) / 0.5, 2, 5000, 4)
    curves, _ = fit_curves(made, rising=frozenset({"f0"}), tightness=0.3)
    rise = curves["f0"](np.array([0.0, 0.5, 0.75, 1.0]))
    assert rise[1] - rise[0] == pytest.approx(6.0, abs=1.3)  # the knots lie at quantiles, not quite at the bend
    assert rise[3] - rise[2] == pytest.approx(0.0, abs=0.3)
    assert (np.diff(curves["f0"].heights) >= 0).all()
    assert np.ptp(curves["f1"].heights) < 1.0


def test_curves_score_as_their_ramps_did_and_give_nothing_at_zero() -> None:
    values = np.array([-1.0, 0.0, 0.5, 2.0, 9.0], dtype=np.float32)
    knots = np.array([0.0, 1.0, 3.0])
    assert ramps(values, knots).tolist() == [[0, 0], [0, 0], [0.5, 0], [1, 0.5], [1, 1]]
    curve = Curve((0.0, 1.0, 3.0), (0.0, 2.0, 3.0))
    assert curve(values).tolist() == (ramps(values, knots) @ np.array([2.0, 1.0])).tolist()
    assert scores({"a": curve}, ["b", "a"], np.stack([values, values], axis=1)).tolist() == curve(values).tolist()


def test_requests_are_taken_whole_and_in_the_order_asked() -> None:
    made = Choices(
        ("f",),
        np.arange(6, dtype=np.float32)[:, None],
        np.array([0, 2, 3, 6]),
        np.array([0, 0, 1, 0.5, 0, 0.5], dtype=np.float32),
    )
    taken = made.take(np.array([2, 0]))
    assert taken.values_TF[:, 0].tolist() == [3, 4, 5, 0, 1]
    assert taken.starts_Q1.tolist() == [0, 3, 5]
    assert made.answered().values_TF[:, 0].tolist() == [2, 3, 4, 5]


def test_weights_come_back_on_the_scale_they_were_set_on() -> None:
    made = choices_by(lambda v: v @ np.array([8.0, 4.0]), 2, 3000, 5)
    weights, _, scale = ranker.learn(made, np.array([2.0, 1.0]), 5.0)
    assert scale == pytest.approx(4.0, rel=0.1)
    assert weights == pytest.approx([2.0, 1.0], rel=0.1)


def test_the_file_written_is_the_ranker_read_and_a_change_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    ranker.save(path, {"query": 4.25, "words": 2.0}, {"trained_on": {"name": "x"}})
    read = AdditiveRanker.load(path)
    assert read.gives("query", np.array([2.0])).tolist() == [8.5]
    assert read.gives("picture", np.array([1.0])).tolist() == [WEIGHTS["picture"]]
    kept = json.loads(path.read_text())
    kept["features"]["query"]["weight"] = 9.0
    path.write_text(json.dumps(kept))
    with pytest.raises(WeightsError, match="not what its hash says"):
        AdditiveRanker.load(path)


def test_the_shipped_ranker_says_what_it_was_trained_on_and_loads() -> None:
    kept = json.loads(ranker.SHIPPED.read_text())
    assert "CC BY" in kept["trained_on"]["licence"]
    assert kept["command"].startswith("python -m finetune.ranker")
    assert set(kept["features"]) & set(kept["kept from the prior"]) == set()
    assert set(kept["features"]) <= set(WEIGHTS)
    assert AdditiveRanker.load(ranker.SHIPPED).weighs() >= set(WEIGHTS)


LINE = '{"shopper": "s", "at": "2026-03-01T10:00:00Z", "words": "tea", "shown": ["a", "b", "c"], "acted": %s}'


def test_impressions_keep_the_strongest_thing_done_with_each_item(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    acted = '[{"item": "a", "kind": "click"}, {"item": "a", "kind": "cart"}, {"item": "b", "kind": "dislike"}]'
    path.write_text(LINE % acted + "\n" + LINE % "[]" + "\n")
    found = impressions.read(path)
    assert [(each.words, dict(each.wanted)) for each in found] == [("tea", {"a": 0.6})]
    assert found[0].at == interactions.day_of("2026-03-01T10:00:00")


@pytest.mark.parametrize(
    ("acted", "says"),
    [('[{"item": "z", "kind": "click"}]', "was not shown"), ('[{"item": "a", "kind": "stolen"}]', "stolen")],
)
def test_an_impression_that_cannot_be_is_refused(tmp_path: Path, acted: str, says: str) -> None:
    (tmp_path / "log.jsonl").write_text(LINE % acted)
    with pytest.raises(SetupError, match=says):
        impressions.read(tmp_path / "log.jsonl")


def test_made_up_requests_ask_for_what_was_bought_later_in_its_own_words(tmp_path: Path) -> None:
    lines = ["shopper,item,at,title"]
    lines += [f"s{n},i{n % 7},2026-01-{1 + n % 28:02d},red paper lantern {'abcdefg'[n % 7] * 3}" for n in range(80)]
    (tmp_path / "log.csv").write_text("\n".join(lines))
    material = interactions.read_table(tmp_path / "log.csv")
    day = interactions.day_of("2026-01-15")
    found = impressions.simulate(material, day, Simulation(seed=4))
    assert found == impressions.simulate(material, day, Simulation(seed=4))
    titles = dict(zip(material.log.items, material.titles_N, strict=True))
    assert found
    for request in found:
        assert request.at >= day
        assert set(request.words.split()) <= set(titles[next(iter(request.wanted))].split())
    assert any(not request.words for request in found)


def test_history_of_a_request_ends_before_it() -> None:
    events = [("s", item, 1.0, at) for item, at in (("a", 1.0), ("b", 2.0), ("b", 2.0), ("c", 3.0))]
    log = interactions.Interactions.of(events)
    request = impressions.Impression("s", 2.0, "", (), {"b": 1.0})
    told = ranker._history(log, 0, request)  # pyright: ignore[reportPrivateUsage]  # the promise is the module's heart
    assert [event.item_id for event in told] == ["a"]
