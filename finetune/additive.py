"""Fits what an additive ranker gives for each feature: a conditional logit over the candidates of each request.

Legend: T candidates of all requests, Q requests, F features, P parameters, K knots of a feature.
Source: D. McFadden, Conditional logit analysis of qualitative choice behavior, 1973.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Narrow = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Choices:
    """Requests, each with its candidates and what was chosen of them.

    Attributes:
        values_TF: the features of the candidates, those of a request side by side.
        starts_Q1: the candidates of request q are starts_Q1[q]:starts_Q1[q + 1].
        wanted_T: each candidate's share in what was chosen: of a request, they sum to 1, or to 0 if nothing was.
    """

    names: tuple[str, ...]
    values_TF: Narrow
    starts_Q1: NDArray[np.int64]
    wanted_T: Narrow

    def answered(self) -> "Choices":
        """Only the requests of which something was chosen: the others say nothing of weights."""
        sums_Q = np.concatenate([[0.0], np.cumsum(self.wanted_T, dtype=np.float64)])
        return self.take(np.flatnonzero(np.diff(sums_Q[self.starts_Q1]) > 0.5))

    def take(self, requests: NDArray[np.int64]) -> "Choices":
        """Only some requests, in the order given."""
        counts = np.diff(self.starts_Q1)[requests]
        ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        rows = np.arange(ends[-1]) + np.repeat(self.starts_Q1[requests] - ends[:-1], counts)
        return Choices(self.names, self.values_TF[rows], ends, self.wanted_T[rows])

    def only(self, names: Sequence[str]) -> "Choices":
        """The same with only some features, in the order given."""
        places = [self.names.index(name) for name in names]
        return Choices(tuple(names), self.values_TF[:, places], self.starts_Q1, self.wanted_T)


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit found: parameters, the mean log likelihood of the choices, and whether it settled."""

    weights_P: Floats
    log_likelihood: float
    settled: bool


def fit_weights(
    design_TP: Narrow,
    starts_Q1: NDArray[np.int64],
    wanted_T: Narrow,
    *,
    prior_P: Floats,
    tightness_P: Floats,
    rising_P: NDArray[np.bool_] | None = None,
    fixed_P: NDArray[np.bool_] | None = None,
    rounds: int = 200,
) -> Fit:
    """The most probable weights: softmax of the weighted sum over each request's candidates, Gaussian prior.

    Args:
        prior_P: where weights lie without data. tightness_P: 1 / variance of the prior, in requests' worth.
        rising_P: weights that must not fall below 0. fixed_P: weights that stay where the prior has them.

    Raises:
        ValueError: there are no requests, or one of which nothing was chosen.
    """
    from scipy.optimize import minimize

    heads, counts = starts_Q1[:-1], np.diff(starts_Q1)
    if not len(heads) or not (counts > 0).all() or not (np.add.reduceat(wanted_T, heads) > 0.5).all():
        raise ValueError("every request must have a choice, and there must be one at least")
    wanted_P = wanted_T @ design_TP

    def loss(weights_P: Floats) -> tuple[float, Floats]:
        score_T = design_TP @ weights_P.astype(np.float32)
        score_T -= np.repeat(np.maximum.reduceat(score_T, heads), counts)
        share_T = np.exp(score_T)
        total_Q = np.add.reduceat(share_T, heads)
        share_T /= np.repeat(total_Q, counts)
        likely = float(wanted_T @ score_T) - float(np.log(total_Q).sum(dtype=np.float64))
        off_P = weights_P - prior_P
        slope_P = share_T @ design_TP - wanted_P + tightness_P * off_P
        return (0.5 * float(tightness_P @ off_P**2) - likely) / len(counts), slope_P / len(counts)

    rising_P = np.zeros(len(prior_P), dtype=np.bool_) if rising_P is None else rising_P
    low_P = np.where(rising_P, 0.0, -np.inf)
    start_P = np.maximum(prior_P, low_P)
    high_P = np.full(len(prior_P), np.inf)
    if fixed_P is not None:
        low_P, high_P = np.where(fixed_P, start_P, low_P), np.where(fixed_P, start_P, high_P)
    bounds = list(zip(low_P.tolist(), high_P.tolist(), strict=True))
    found: Any = minimize(loss, start_P, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": rounds})
    off_P = found.x - prior_P
    log_likelihood = 0.5 * float(tightness_P @ off_P**2) / len(counts) - float(found.fun)
    return Fit(np.asarray(found.x, dtype=np.float64), log_likelihood, bool(found.success))


@dataclass(frozen=True, slots=True)
class Curve:
    """What a feature gives: straight lines between knots, level beyond them, nothing at 0."""

    knots: tuple[float, ...]
    heights: tuple[float, ...]

    def __call__(self, values: NDArray[np.floating]) -> Floats:
        return np.interp(values, self.knots, self.heights)

    def to_json(self) -> dict[str, list[float]]:
        """As a ranker's file holds it."""
        return {"knots": list(self.knots), "heights": list(self.heights)}


def fit_curves(
    choices: Choices, *, rising: frozenset[str], knots: int = 8, tightness: float = 1.0, rounds: int = 200
) -> tuple[dict[str, Curve], Fit]:
    """A curve for each feature, by the choices of the answered requests.

    Args:
        rising: features of which more must never give less: where the shopper's past is weighed, leaving out a
            reason must not help.
        knots: K at most; they lie at quantiles of the values that are not 0.
        tightness: of the prior that a curve is level; in requests' worth.
    """
    answered = choices.answered()
    places = [_knots(answered.values_TF[:, f], knots) for f in range(len(answered.names))]
    design_TP = np.concatenate([ramps(answered.values_TF[:, f], at) for f, at in enumerate(places)], axis=1)
    widths = [len(at) - 1 for at in places]
    rising_P = np.repeat(np.array([name in rising for name in answered.names], dtype=np.bool_), widths)
    size = design_TP.shape[1]
    fit = fit_weights(
        design_TP,
        answered.starts_Q1,
        answered.wanted_T,
        prior_P=np.zeros(size),
        tightness_P=np.full(size, tightness),
        rising_P=rising_P,
        rounds=rounds,
    )
    curves: dict[str, Curve] = {}
    steps = np.split(fit.weights_P, np.cumsum(widths)[:-1])
    for name, at, rise in zip(answered.names, places, steps, strict=True):
        heights = np.concatenate([[0.0], np.cumsum(rise)])
        heights -= np.interp(0.0, at, heights)
        curves[name] = Curve(tuple(at.tolist()), tuple(heights.tolist()))
    return curves, fit


def ramps(values_T: Narrow, knots_K: Floats) -> Narrow:
    """ramps_T(K-1): how far each value has come from each knot to the next, from 0 to 1."""
    low, width = knots_K[:-1].astype(np.float32), np.diff(knots_K).astype(np.float32)
    return np.clip((values_T[:, None] - low) / width, 0.0, 1.0)


def scores(curves: Mapping[str, Curve], names: Sequence[str], values_TF: Narrow) -> Floats:
    """scores_T: the sum of what the curves give; a feature without one gives nothing."""
    total_T = np.zeros(len(values_TF))
    for f, name in enumerate(names):
        if name in curves:
            total_T += curves[name](values_TF[:, f])
    return total_T


def _knots(values_T: Narrow, most: int) -> Floats:
    """Rising knots: 0, and quantiles of the other values, closer together towards the largest."""
    other = values_T[values_T != 0].astype(np.float64)
    if not len(other):
        return np.array([0.0, 1.0])
    shares = 1.0 - np.geomspace(0.75, 0.002, most - 1)
    at = np.unique(np.concatenate([[0.0], np.quantile(other, shares), [other.max()]]))
    apart = np.concatenate([[True], np.diff(at) > 1e-6 * max(float(np.ptp(at)), 1e-6)])
    at = at[apart]
    return at if len(at) > 1 else np.array([float(at[0]), float(at[0]) + 1.0])
