"""Whole reviews judged by their n-grams: the linear model to beat, and ours, which the network's reading is added to.

Ours reads titles apart, and learns the stars besides the verdict where they are given. Its scores of what it learned
from are made by folds over items that left them out, so that what is stacked on them is not misled.

Legend: V reviews, F features, N numbers that a judge tells of a review.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finetune.review_data import Verdict
from finetune.review_scores import Labels, macro_f1

Numbers = NDArray[np.float64]

FOLDS = 5
C, ALPHA = 0.1, 3.0
"""Of the linear classifier, and of the ridge over stars; chosen on items left out of the training part."""
_WORDS = r"\b\w+'?\w*|!"


def tfidf(texts: Sequence[str], labels: Labels, test: Sequence[str], seed: int) -> Labels:
    """Classes told by a linear SVM on words (1-2) and characters (2-5) by TF-IDF; C by 3-fold macro-F1."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, max_features=80_000),
    )
    known_VF = features.fit_transform(texts)
    search = GridSearchCV(
        LinearSVC(class_weight="balanced"),
        {"C": [0.01, 0.03, 0.1, 0.3, 1.0]},
        scoring="f1_macro",
        cv=StratifiedKFold(3, shuffle=True, random_state=seed),
    )
    search.fit(known_VF, labels)
    return np.asarray(search.predict(features.transform(test)), dtype=np.int64)


class WordJudge:
    """Learns from reviews; tells one number each, or two where every one of them had stars."""

    def __init__(self, known: Sequence[Verdict]) -> None:
        """Cost: half a minute of one core for 12,000 reviews."""
        self._known = known
        self._encode, known_VF = _features(known)
        self._truth_V = truths(known)
        stars = [one.stars for one in known if one.stars is not None]
        self._stars_V = np.array(stars) if len(stars) == len(known) else None
        self._known_VF = known_VF
        self._models = self._fit(np.arange(len(known)))

    def scores(self, reviews: Sequence[Verdict]) -> Numbers:
        """scores_VN of reviews it has not learned from."""
        return _told(self._models, self._encode(reviews))

    def out_of_fold(self) -> Numbers:
        """scores_VN of what it learned from, each by a model that saw no review of its item."""
        from sklearn.model_selection import GroupKFold

        items = [one.item for one in self._known]
        scores_VN = np.zeros((len(items), len(self._models)))
        for rest, part in GroupKFold(min(FOLDS, len(set(items)))).split(items, groups=items):
            scores_VN[part] = _told(self._fit(rest), self._known_VF[part])
        return scores_VN

    def _fit(self, rows: NDArray[np.int64]) -> list[Any]:  # Any: untyped library
        from sklearn.linear_model import Ridge
        from sklearn.svm import LinearSVC

        models: list[Any] = [LinearSVC(C=C, class_weight="balanced").fit(self._known_VF[rows], self._truth_V[rows])]
        if self._stars_V is not None:
            ridge = Ridge(alpha=ALPHA, solver="lsqr", max_iter=60)
            models.append(ridge.fit(self._known_VF[rows], self._stars_V[rows]))
        return models


@dataclass(frozen=True, slots=True)
class Stack:
    """A logistic model over several judges' numbers, and the probability above which a review recommends."""

    weights_N: Numbers
    bias: float
    threshold: float

    @classmethod
    def fit(cls, scores_VN: Numbers, truth_V: Labels) -> "Stack":
        """Learned from numbers of reviews that no judge has learned from.

        The threshold is where macro-F1 would be largest if the probabilities were right: steadier than trying each on
        the few verdicts themselves.

        Raises:
            ValueError: all verdicts are alike.
        """
        from sklearn.linear_model import LogisticRegression

        if len(np.unique(truth_V)) < 2:
            raise ValueError("reviews left aside are all of one verdict; give more reviews")
        middle_N, spread_N = scores_VN.mean(0), np.maximum(scores_VN.std(0), 1e-6)
        model: Any = LogisticRegression(C=1.0, max_iter=500).fit((scores_VN - middle_N) / spread_N, truth_V)
        weights_N = model.coef_[0] / spread_N
        bias = float(model.intercept_[0] - weights_N @ middle_N)
        made = cls(weights_N, bias, 0.5)
        return cls(weights_N, bias, best_threshold(made.probabilities(scores_VN)))

    def probabilities(self, scores_VN: Numbers) -> Numbers:
        """That each review recommends."""
        return 1.0 / (1.0 + np.exp(-np.clip(scores_VN @ self.weights_N + self.bias, -60.0, 60.0)))

    def told(self, scores_VN: Numbers) -> Labels:
        """1 for each review that recommends, else 0."""
        return (self.probabilities(scores_VN) > self.threshold).astype(np.int64)


def best_threshold(probable_V: Numbers) -> float:
    """The threshold of the largest macro-F1 to be expected when things are so probable; between two of them."""
    high_V = np.sort(probable_V)[::-1]
    true = np.cumsum(high_V)  # expected hits among the first so many told as positive
    told = np.arange(1, len(high_V) + 1)
    positives, count = true[-1], len(high_V)
    missed_true = (count - told) - (positives - true)  # expected negatives among the rest, all told as negative
    f1_positive = 2 * true / (told + positives)
    negatives = (count - told) + (count - positives)
    f1_negative = np.divide(2 * missed_true, negatives, out=np.zeros(count), where=negatives > 0)
    best = int(np.argmax(f1_positive + f1_negative))
    after = high_V[best + 1] if best + 1 < count else 0.0
    return float((high_V[best] + after) / 2)


def best_step(scores_V: Numbers, truth_V: Labels) -> float:
    """Of the steps from -3 to 3 the one above which to tell 1 for the largest macro-F1 over these very reviews."""
    steps = np.linspace(-3, 3, 61)
    return float(steps[np.argmax([macro_f1(truth_V, (scores_V > step).astype(np.int64)) for step in steps])])


def _features(known: Sequence[Verdict]) -> tuple[Any, Any]:
    """What encodes reviews, and known_VF."""
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer

    common: dict[str, Any] = {"sublinear_tf": True, "min_df": 2}
    parts: list[tuple[Any, Callable[[Verdict], str]]] = [
        (TfidfVectorizer(ngram_range=(1, 3), token_pattern=_WORDS, **common), lambda one: one.text),
        (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), max_features=80_000, **common), lambda one: one.text),
    ]
    if sum(bool(one.title) for one in known) > 1:
        titles = TfidfVectorizer(ngram_range=(1, 3), token_pattern=_WORDS, sublinear_tf=True)
        parts.append((titles, lambda one: one.title))
    known_VF = sparse.hstack([vectors.fit_transform([of(one) for one in known]) for vectors, of in parts]).tocsr()

    def encode(reviews: Sequence[Verdict]) -> Any:
        return sparse.hstack([vectors.transform([of(one) for one in reviews]) for vectors, of in parts]).tocsr()

    return encode, known_VF


def _told(models: Sequence[Any], known_VF: Any) -> Numbers:
    told = [(m.decision_function if hasattr(m, "decision_function") else m.predict)(known_VF) for m in models]
    return np.stack(told, axis=1).astype(np.float64)


def truths(reviews: Sequence[Verdict]) -> Labels:
    """1 for each review whose writer recommends, else 0."""
    return np.array([int(one.recommended) for one in reviews], dtype=np.int64)
