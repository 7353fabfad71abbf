"""What the service intents are measured against, and the template families that folds leave out."""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.dialogue.service_intents import tidy
from finetune.service_material import Utterance, by_intent, family

Rows = Sequence[Utterance]
Told = list[str]


def tfidf(rows: Rows, texts: Sequence[str]) -> Told:
    """Intents told by a linear SVM on words (1-2) and characters (2-5) by TF-IDF, every intent of the same weight."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=60_000),
    )
    known_NF = features.fit_transform([row.text.lower() for row in rows])
    model = LinearSVC(C=0.5, class_weight="balanced").fit(known_NF, [row.intent for row in rows])
    return [str(one) for one in model.predict(features.transform([text.lower() for text in texts]))]


class Frozen:
    """Tells intents by a logistic regression on MiniLM's sentence vectors as they come; no text is encoded twice."""

    def __init__(self) -> None:
        from index.encoders import load_text_encoder

        self._encoder = load_text_encoder()
        self._known: dict[str, NDArray[np.float32]] = {}

    def tell(self, rows: Rows, texts: Sequence[str], *, most: int = 80, seed: int = 0) -> Told:
        """The intents of `texts` by up to `most` rows of each intent."""
        from sklearn.linear_model import LogisticRegression

        rng = random.Random(seed)
        known = [row for side in by_intent(rows).values() for row in rng.sample(side, min(most, len(side)))]
        known_ND = self._encode([row.text for row in known])
        middle_D = known_ND.mean(0)
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=300)
        model.fit((known_ND - middle_D) * 8, [row.intent for row in known])
        return [str(one) for one in model.predict((self._encode(texts) - middle_D) * 8)]

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        tidied = [tidy(text) for text in texts]
        new = list(dict.fromkeys(text for text in tidied if text not in self._known))
        if new:
            self._known |= dict(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in tidied])


def families(rows: Rows, folds: int, seed: int) -> NDArray[np.int64]:
    """folds_N: of each row the fold that leaves its template family out; -1 for rows of a family met once.

    An intent's families are the clusters, `folds` of them, of its utterances by the words that are left when the frame
    is taken off; a misspelt utterance goes with the cluster nearest to its characters.
    """
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import TfidfVectorizer

    found_N = np.full(len(rows), -1, dtype=np.int64)
    places = by_intent([Utterance(str(at), row.intent) for at, row in enumerate(rows)])
    for side in places.values():
        at_N = np.array([int(one.text) for one in side])
        cores = [family(rows[at].text) for at in at_N]
        common = sorted({core for core in cores if cores.count(core) > 1})
        if len(common) < folds:
            continue
        features = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True).fit(common)
        clusters = KMeans(folds, n_init="auto", random_state=seed).fit(features.transform(common))
        found_N[at_N] = clusters.predict(features.transform(cores))
    return found_N
