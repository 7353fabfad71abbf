"""Train and measure the review model: `python -m finetune.reviews train|evaluate|detect`.

    python -m finetune.reviews train --reviews reviews.parquet --out assistant/models/reviews
    python -m finetune.reviews evaluate --train laptops_train.seg restaurants_train.seg --test laptops_test.seg
    python -m finetune.reviews evaluate --train laptops_train.seg --elsewhere restaurants_train.seg --seeds 0 1 2
    python -m finetune.reviews evaluate --train reviews.parquet --test held_out.parquet
    python -m finetune.reviews evaluate --train reviews.parquet --seeds 0 1 2     # a fifth of its items left out

Each `evaluate` prints accuracy and macro-F1 of a TF-IDF linear model trained on the same files, of the model as
shipped, and of ours trained on those files, with 95 % intervals; each seed holds out another part where no test is
given, and the last table is over all seeds. `detect` measures which aspects are found.
"""

import argparse
import logging
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from assistant.reviews.aspects import mentions
from assistant.reviews.opinions import MODEL_FOLDER
from assistant.reviews.polarity import Blend, Polarity, WordPolarity
from assistant.reviews.tuned import WEIGHTS_FILE, load, probabilities
from assistant.spans import Marked
from finetune import review_data, review_scores, review_training
from finetune.review_data import Judged, Verdict
from finetune.review_scores import Answers, Labels
from finetune.review_words import Numbers, Stack, WordJudge, best_step, tfidf, truths

log = logging.getLogger(__name__)

DATA = {
    "aspect_sentences.txt and phrases of review_data.py": "our own",
    "Women's E-Commerce Clothing Reviews, training part": "CC0",
}
ASIDE = 1200
"""Reviews left aside, at least, if they are no more than a fifth: to set a threshold, and to stack judges."""
OURS = "ours, trained on these"
LEFT_OUT = (0.2, 0)
"""Share of the items that `train` leaves out, and the seed they are drawn with: what ships has not seen these."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Train and measure the review model.")
    commands = parser.add_subparsers(dest="command", required=True)
    trainer = commands.add_parser("train", help="train the delta and heads that ship")
    trainer.add_argument("--reviews", type=Path, required=True, help="parquet; a fifth of its items is left out")
    trainer.add_argument("--out", type=Path, default=MODEL_FOLDER)
    trainer.add_argument("--own", type=int, default=4, help="how often our own sentences are shown")
    trainer.add_argument("--made", type=int, default=3600, help="sentences composed of our own phrases")
    trainer.add_argument("--seed", type=int, default=0)
    commands.add_parser("detect", help="precision and recall of aspects in the labelled sentences")
    judge = commands.add_parser("evaluate", help="compare with a TF-IDF linear model on held-out data")
    judge.add_argument("--train", type=Path, nargs="+", required=True)
    judge.add_argument("--test", type=Path, default=None)
    judge.add_argument("--elsewhere", type=Path, nargs="*", default=[], help="files of spans of other kinds to test on")
    judge.add_argument("--hold-out", type=float, default=0.2, help="share of --train to test on when --test is absent")
    judge.add_argument("--seeds", type=int, nargs="+", default=[0], help="of training, and of what is held out")
    judge.add_argument("--fresh", action="store_true", help="spans: train from the bare encoder, not what is shipped")
    judge.add_argument("--untrained", action="store_true", help="leave out the model trained on these: minutes")
    for command in (trainer, judge):
        command.add_argument("--epochs", type=int, default=None)
        most = 6000 if command is trainer else 3000
        command.add_argument("--most", type=int, default=most, help="reviews the network learns from, at most")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if given.command == "detect":
        print("precision {:.3f}, recall {:.3f}".format(*detection(review_data.read_aspect_labels())))
    elif given.command == "train":
        train(given)
    else:
        evaluate(given)


def train(given: argparse.Namespace) -> None:
    """Train what ships on our own sentences and on reviews of four fifths of the items, and save it in `given.out`."""
    verdicts, seed = review_data.read_verdicts(given.reviews), int(given.seed)
    held = review_data.split_by([one.item for one in verdicts], *LEFT_OUT)
    known = [one for one in verdicts if one.item not in held]
    learned, aside = learning_parts(known, seed, given.most)
    spans = review_data.read_own() * given.own + review_data.compose(given.made, seed)
    network, tokenizer = review_training.make_network()
    review_training.train(network, tokenizer, spans, learned, epochs=given.epochs or 1, seed=seed)
    threshold = best_step(_logits(review_training.as_judge(network, tokenizer), aside), truths(aside))
    command = f"python -m finetune.reviews train --reviews {given.reviews.name} --own {given.own} --made {given.made}"
    command += f" --seed {seed} --epochs {given.epochs or 1} --most {given.most}"
    review_training.save(network, given.out, threshold, DATA, command)
    log.info("saved %s, threshold %.2f", given.out / WEIGHTS_FILE, threshold)


def evaluate(given: argparse.Namespace) -> None:
    """Print a table for every seed and test, and one over all seeds."""
    parts: dict[str, list[Answers]] = {}
    for seed in given.seeds:
        if given.train[0].suffix == ".seg":
            known, tests = _span_parts(given, seed)
            epochs = 0 if given.untrained else given.epochs or 2
            found = evaluate_spans(known, tests, seed=seed, epochs=epochs, fresh=given.fresh)
        else:
            reviews, test = _verdict_parts(given, seed)
            epochs, unseen = 0 if given.untrained else given.epochs or 1, bool(given.test) or _is_left_out(given, seed)
            told = evaluate_verdicts(reviews, test, seed=seed, epochs=epochs, most=given.most, shipped=unseen)
            found = {"held-out items": told}
        for name, answers in found.items():
            parts.setdefault(name, []).append(answers)
            print(f"\n{name}, seed {seed}\n{review_scores.table(answers)}", flush=True)
    if len(given.seeds) > 1:
        for name, many in parts.items():
            print(f"\n{name}, all {len(many)} seeds\n{review_scores.table(review_scores.joined(many))}")


def evaluate_spans(
    known: Sequence[Judged], tests: Mapping[str, Sequence[Judged]], *, seed: int, epochs: int, fresh: bool = False
) -> dict[str, Answers]:
    """What every judge tells of the spans of each test; `epochs` 0 leaves out further training."""
    asked = [one for test in tests.values() for one in test]
    marked = [one.marked for one in asked]

    def classes(judge: Polarity) -> Labels:
        with review_training.narrowly():
            return probabilities(judge.judge(marked)).argmax(1)

    told = {"TF-IDF linear": tfidf(_windows(known), _labels(known), _windows(asked), seed)}
    told["words alone"] = classes(WordPolarity())
    if (MODEL_FOLDER / WEIGHTS_FILE).is_file():
        told["shipped"] = classes(Blend(load(MODEL_FOLDER)))
    if epochs:
        begun = (MODEL_FOLDER / WEIGHTS_FILE).is_file() and not fresh
        network, tokenizer = review_training.make_network(MODEL_FOLDER if begun else None)
        review_training.train(network, tokenizer, known, [], epochs=epochs, seed=seed)
        told[OURS] = classes(Blend(review_training.as_judge(network, tokenizer)))
    found: dict[str, Answers] = {}
    start = 0
    for name, test in tests.items():
        truth_S = _labels(test)
        part = slice(start, start + len(truth_S))
        keys = tuple(one.marked.text for one in test for _ in one.labels)
        found[name] = Answers(truth_S, {judge: classes_S[part] for judge, classes_S in told.items()}, keys)
        start += len(truth_S)
    return found


def evaluate_verdicts(
    known: Sequence[Verdict], test: Sequence[Verdict], *, seed: int, epochs: int, most: int, shipped: bool
) -> Answers:
    """Whether each reviewer of `test` recommends, as every judge tells it.

    Ours begins at the bare encoder, for what ships may have learned from some of these; its reading is stacked with
    n-grams (`WordJudge`) on reviews left aside, of other items than those the network learned from.

    Args:
        epochs: 0 leaves the network out of ours. shipped: whether what ships has seen nothing of `test`.
    """
    truth_V = truths(known)
    told = {"TF-IDF linear": tfidf([one.text for one in known], truth_V, [one.text for one in test], seed)}
    if shipped and (MODEL_FOLDER / WEIGHTS_FILE).is_file():
        told["shipped"] = (_logits(load(MODEL_FOLDER), test) > 0).astype(np.int64)
    learned, aside = learning_parts(known, seed, most)
    words = WordJudge(known)
    place = {id(one): number for number, one in enumerate(known)}
    aside_VN = words.out_of_fold()[[place[id(one)] for one in aside]]
    test_VN = words.scores(test)
    told["our n-grams alone"] = Stack.fit(aside_VN, truths(aside)).told(test_VN)
    if epochs:
        network, tokenizer = review_training.make_network()
        review_training.train(network, tokenizer, [], learned, epochs=epochs, seed=seed)
        judge = review_training.as_judge(network, tokenizer)
        aside_VN = np.column_stack([aside_VN, _logits(judge, aside)])
        test_VN = np.column_stack([test_VN, _logits(judge, test)])
        told["our network alone"] = Stack.fit(aside_VN[:, -1:], truths(aside)).told(test_VN[:, -1:])
        told[OURS] = Stack.fit(aside_VN, truths(aside)).told(test_VN)
    return Answers(truths(test), told, tuple(one.text for one in test))


def detection(labelled: Sequence[tuple[str, frozenset[str]]]) -> tuple[float, float]:
    """Precision and recall of `mentions` over (sentence, aspects a reader finds in it); 0 where undefined."""
    found = [(frozenset(aspect for aspect, _ in mentions(text)), truth) for text, truth in labelled]
    hits = sum(len(told & truth) for told, truth in found)
    told, true = sum(len(one) for one, _ in found), sum(len(one) for _, one in found)
    return hits / told if told else 0.0, hits / true if true else 0.0


def learning_parts(known: Sequence[Verdict], seed: int, most: int) -> tuple[list[Verdict], list[Verdict]]:
    """Up to `most` reviews to learn from, as balanced as they allow, and `ASIDE` or more reviews of other items."""
    rng = random.Random(seed)
    items = sorted({one.item for one in known})
    rng.shuffle(items)
    counts = dict.fromkeys(items, 0)
    for one in known:
        counts[one.item] += 1
    held, taken, wanted = set[str](), 0, min(ASIDE, len(known) // 5)
    for item in items:
        if taken < wanted and counts[item] <= wanted // 2:  # not one of the few that have a tenth of all reviews
            held.add(item)
            taken += counts[item]
    aside = [one for one in known if one.item in held]
    sides = [[one for one in known if one.item not in held and one.recommended is side] for side in (False, True)]
    for side in sides:
        rng.shuffle(side)
    few = sides[0][: int(most * 0.45)]
    return few + sides[1][: most - len(few)], aside


def _logits(judge: Polarity, reviews: Sequence[Verdict]) -> Numbers:
    """Above 0 for praise, of whole reviews, without bounds. Computed in bfloat16 where that is fast."""
    with review_training.narrowly():
        wholes_V = np.array([one.whole for one in judge.judge([Marked(one.text) for one in reviews])])
    return 2 * np.arctanh(np.clip(wholes_V, -0.999999, 0.999999))


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


def _span_parts(given: argparse.Namespace, seed: int) -> tuple[list[Judged], dict[str, list[Judged]]]:
    known = [one for path in given.train for one in review_data.read_seg(path)]
    if given.test:
        name, test = given.test.stem, review_data.read_seg(given.test)
        seen = {one.marked.text for one in test}
    else:
        name = "held-out sentences"
        seen = review_data.split_by([one.marked.text for one in known], given.hold_out, seed)
        test = [one for one in known if one.marked.text in seen]
    tests = {name: test} | {f"elsewhere: {path.stem}": review_data.read_seg(path) for path in given.elsewhere}
    return [one for one in known if one.marked.text not in seen], tests


def _is_left_out(given: argparse.Namespace, seed: int) -> bool:
    """Whether `train` left out all that is held out here: of a smaller share the same items come first."""
    share, drawn = LEFT_OUT
    return seed == drawn and given.hold_out <= share


def _verdict_parts(given: argparse.Namespace, seed: int) -> tuple[list[Verdict], list[Verdict]]:
    known = [one for path in given.train for one in review_data.read_verdicts(path)]
    if given.test:
        return known, review_data.read_verdicts(given.test)
    held = review_data.split_by([one.item for one in known], given.hold_out, seed)
    return [one for one in known if one.item not in held], [one for one in known if one.item in held]


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
