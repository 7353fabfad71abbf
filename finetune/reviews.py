"""Train and measure the review model: `python -m finetune.reviews train|evaluate|detect`.

    python -m finetune.reviews train --reviews reviews.parquet --out assistant/models/reviews
    python -m finetune.reviews evaluate --train laptops_train.seg restaurants_train.seg --test laptops_test.seg
    python -m finetune.reviews evaluate --train reviews.parquet --test held_out.parquet
    python -m finetune.reviews evaluate --train reviews.parquet --hold-out 0.2        # a part of the file itself
    python -m finetune.reviews evaluate --train reviews.parquet --split 1             # other items held out

Each `evaluate` prints accuracy and macro-F1 of a TF-IDF linear model trained on the same files, of the model as
shipped, and of the shipped model trained further on those files. `detect` measures which aspects are found.
"""

import argparse
import logging
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from assistant.reviews.aspects import mentions
from assistant.reviews.opinions import MODEL_FOLDER
from assistant.reviews.polarity import Blend, Marked, Polarity, WordPolarity
from assistant.reviews.tuned import WEIGHTS_FILE, load, probabilities
from finetune import low_rank, review_data, review_training
from finetune.review_data import Judged, Verdict

log = logging.getLogger(__name__)

Labels = NDArray[np.int64]
Score = tuple[float, float]
"""Accuracy and macro-F1, or precision and recall."""
DATA = {
    "aspect_sentences.txt and phrases of review_data.py": "our own",
    "Women's E-Commerce Clothing Reviews, training part": "CC0",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Train and measure the review model.")
    commands = parser.add_subparsers(dest="command", required=True)
    trainer = commands.add_parser("train", help="train the delta and heads that ship")
    trainer.add_argument("--reviews", type=Path, required=True, help="parquet; a fifth of its items is left out")
    trainer.add_argument("--out", type=Path, default=MODEL_FOLDER)
    trainer.add_argument("--own", type=int, default=4, help="how often our own sentences are shown")
    trainer.add_argument("--made", type=int, default=3600, help="sentences composed of our own phrases")
    commands.add_parser("detect", help="precision and recall of aspects in the labelled sentences")
    judge = commands.add_parser("evaluate", help="compare with a TF-IDF linear model on held-out data")
    judge.add_argument("--train", type=Path, nargs="+", required=True)
    judge.add_argument("--test", type=Path, default=None)
    judge.add_argument("--hold-out", type=float, default=0.2, help="share of --train to test on when --test is absent")
    for command in (trainer, judge):
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--epochs", type=int, default=None)
        command.add_argument("--most", type=int, default=4000, help="reviews learned from, at most")
    judge.add_argument(
        "--split", type=int, default=0, help="which held-out items; the shipped model never saw those of 0"
    )
    judge.add_argument("--fresh", action="store_true", help="train from the bare encoder, not from the shipped model")
    judge.add_argument("--untrained", action="store_true", help="leave out training further, which takes minutes")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if given.command == "detect":
        print("precision {:.3f}, recall {:.3f}".format(*detection(review_data.read_aspect_labels())))
    elif given.command == "train":
        train(given)
    elif given.train[0].suffix == ".seg":
        epochs = 0 if given.untrained else given.epochs or 3
        _print(evaluate_spans(*_span_parts(given), seed=given.seed, epochs=epochs, fresh=given.fresh))
    else:
        epochs, fresh = 0 if given.untrained else given.epochs or 1, given.fresh or given.split != 0
        parts = _verdict_parts(given)
        _print(evaluate_verdicts(*parts, seed=given.seed, epochs=epochs, most=given.most, fresh=fresh))


def train(given: argparse.Namespace) -> None:
    """Train what ships on our own sentences and on reviews of four fifths of the items, and save it in `given.out`."""
    verdicts, seed = review_data.read_verdicts(given.reviews), int(given.seed)
    held = review_data.split_by([one.item for one in verdicts], 0.2, 0)
    known = [one for one in verdicts if one.item not in held]
    learned, aside = _learning_parts(known, seed, given.most)
    spans = review_data.read_own() * given.own + review_data.compose(given.made, seed)
    network, tokenizer = review_training.make_network()
    review_training.train(network, tokenizer, spans, learned, epochs=given.epochs or 1, seed=seed, verdict_tokens=48)
    threshold = _threshold(network, tokenizer, aside)
    command = f"python -m finetune.reviews train --reviews {given.reviews.name} --own {given.own} --made {given.made}"
    command += f" --seed {seed} --epochs {given.epochs or 1} --most {given.most}"
    review_training.save(network, given.out, threshold, DATA, command)
    log.info("saved %s, threshold %.2f", given.out / WEIGHTS_FILE, threshold)


def evaluate_spans(
    known: Sequence[Judged], test: Sequence[Judged], *, seed: int, epochs: int, fresh: bool = False
) -> dict[str, Score]:
    """Name of model -> (accuracy, macro-F1) over the spans of `test`; `epochs` 0 leaves out further training."""
    truth = np.array([label for one in test for label in one.labels])
    marked = [one.marked for one in test]

    def classes(judge: Polarity) -> Labels:
        return probabilities(judge.judge(marked)).argmax(1)

    scores = {"TF-IDF linear": _scores(truth, _tfidf(_windows(known), _labels(known), _windows(test), seed))}
    scores["words alone"] = _scores(truth, classes(WordPolarity()))
    if (MODEL_FOLDER / WEIGHTS_FILE).is_file():
        scores["shipped"] = _scores(truth, classes(Blend(load(MODEL_FOLDER))))
    if epochs:
        network, tokenizer = _started(fresh)
        review_training.train(network, tokenizer, known, [], epochs=epochs, seed=seed)
        scores["trained on these"] = _scores(truth, classes(Blend(review_training.as_judge(network, tokenizer))))
    return scores


def evaluate_verdicts(
    known: Sequence[Verdict], test: Sequence[Verdict], *, seed: int, epochs: int, most: int, fresh: bool = False
) -> dict[str, Score]:
    """Name of model -> (accuracy, macro-F1) of telling whether a reviewer recommends, over the reviews of `test`.

    `fresh` leaves out the shipped model, which may have learned from some of `test`, and begins without it.
    """
    truth = np.array([int(one.recommended) for one in test])
    labels = np.array([int(one.recommended) for one in known])
    linear = _tfidf([one.text for one in known], labels, [one.text for one in test], seed)
    scores = {"TF-IDF linear": _scores(truth, linear)}
    if (MODEL_FOLDER / WEIGHTS_FILE).is_file() and not fresh:
        wholes = load(MODEL_FOLDER).judge([Marked(one.text) for one in test])
        scores["shipped"] = _scores(truth, np.array([int(one.whole > 0) for one in wholes]))
    if epochs:
        learned, aside = _learning_parts(known, seed, most)
        network, tokenizer = _started(fresh)
        review_training.train(network, tokenizer, [], learned, epochs=epochs, seed=seed, verdict_tokens=96)
        judge = review_training.as_judge(network, tokenizer, _threshold(network, tokenizer, aside))
        wholes = judge.judge([Marked(one.text) for one in test])
        scores["trained on these"] = _scores(truth, np.array([int(one.whole > 0) for one in wholes]))
    return scores


def detection(labelled: Sequence[tuple[str, frozenset[str]]]) -> Score:
    """Precision and recall of `mentions` over (sentence, aspects a reader finds in it); 0 where undefined."""
    found = [(frozenset(aspect for aspect, _ in mentions(text)), truth) for text, truth in labelled]
    hits = sum(len(told & truth) for told, truth in found)
    told, true = sum(len(one) for one, _ in found), sum(len(one) for _, one in found)
    return hits / told if told else 0.0, hits / true if true else 0.0


def macro_f1(truth: Labels, told: Labels) -> float:
    """The mean, over classes that occur in `truth`, of 2 * hits / (occurrences + tellings); in [0, 1]."""
    parts = []
    for label in np.unique(truth):
        hits = int(((truth == label) & (told == label)).sum())
        parts.append(2 * hits / int((truth == label).sum() + (told == label).sum()))
    return float(np.mean(parts))


def _scores(truth: Labels, told: Labels) -> tuple[float, float]:
    return float((truth == told).mean()), macro_f1(truth, told)


def _tfidf(texts: Sequence[str], labels: Labels, test: Sequence[str], seed: int) -> Labels:
    """Classes told by a linear SVM on words (1-2) and characters (2-5) by TF-IDF; C by 3-fold macro-F1."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, max_features=80_000),
    )
    known_NF = features.fit_transform(texts)
    search = GridSearchCV(
        LinearSVC(class_weight="balanced"),
        {"C": [0.01, 0.03, 0.1, 0.3, 1.0]},
        scoring="f1_macro",
        cv=StratifiedKFold(3, shuffle=True, random_state=seed),
    )
    search.fit(known_NF, labels)
    return np.asarray(search.predict(features.transform(test)), dtype=np.int64)


def _windows(judged: Sequence[Judged]) -> list[str]:
    """One text a span for the linear model: the sentence, the aspect, and the words about it once more."""
    found: list[str] = []
    for one in judged:
        text = one.marked.text
        for start, end in one.marked.spans:
            near = text[max(0, start - 40) : start] + " | " + text[end : end + 40]
            found.append(f"{text} | {text[start:end]} | {near}")
    return found


def _labels(judged: Sequence[Judged]) -> Labels:
    return np.array([label for one in judged for label in one.labels])


def _span_parts(given: Any) -> tuple[list[Judged], list[Judged]]:
    known = [one for path in given.train for one in review_data.read_seg(path)]
    if given.test:
        test = review_data.read_seg(given.test)
        seen = {one.marked.text for one in test}
    else:
        seen = review_data.split_by([one.marked.text for one in known], given.hold_out, given.seed)
        test = [one for one in known if one.marked.text in seen]
    return [one for one in known if one.marked.text not in seen], test


def _verdict_parts(given: Any) -> tuple[list[Verdict], list[Verdict]]:
    known = [one for path in given.train for one in review_data.read_verdicts(path)]
    if given.test:
        return known, review_data.read_verdicts(given.test)
    held = review_data.split_by([one.item for one in known], given.hold_out, given.split)  # 0 is what `train` left out
    return [one for one in known if one.item not in held], [one for one in known if one.item in held]


def _learning_parts(known: Sequence[Verdict], seed: int, most: int) -> tuple[list[Verdict], list[Verdict]]:
    """Up to `most` reviews to learn from, as balanced as they allow, and reviews of other items for the threshold."""
    held = review_data.split_by([one.item for one in known], 0.1, seed + 1)
    aside = [one for one in known if one.item in held]
    rng = random.Random(seed)
    rng.shuffle(aside)
    sides = [[one for one in known if one.item not in held and one.recommended is side] for side in (False, True)]
    for side in sides:
        rng.shuffle(side)
    few = sides[0][: int(most * 0.45)]
    return few + sides[1][: most - len(few)], aside[:250]


def _threshold(network: Any, tokenizer: Any, aside: Sequence[Verdict]) -> float:
    """The logit above which a review recommends, best by macro-F1 on `aside`."""
    judged = review_training.as_judge(network, tokenizer).judge([Marked(one.text) for one in aside])
    logits = np.array([2 * np.arctanh(np.clip(one.whole, -0.99999, 0.99999)) for one in judged])
    truth = np.array([int(one.recommended) for one in aside])
    steps = np.linspace(-3, 3, 61)
    return float(steps[np.argmax([macro_f1(truth, (logits > step).astype(np.int64)) for step in steps])])


def _started(fresh: bool) -> tuple[Any, Any]:
    """A network to train further: the shipped deltas where there are any and they are wanted."""
    network, tokenizer = review_training.make_network()
    if (MODEL_FOLDER / WEIGHTS_FILE).is_file() and not fresh:
        low_rank.restore(network, load_file(MODEL_FOLDER / WEIGHTS_FILE))
    return network, tokenizer


def _print(scores: dict[str, Score]) -> None:
    print(f"{'model':<18} accuracy  macro-F1")
    for name, (accuracy, f1) in scores.items():
        print(f"{name:<18} {accuracy:8.3f}  {f1:8.3f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
