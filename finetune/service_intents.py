"""Train and measure the service intents: `python -m finetune.service_intents train|evaluate --data utterances.csv`.

    python -m finetune.service_intents train --data utterances.csv --out assistant/models/service_intents
    python -m finetune.service_intents evaluate --data utterances.csv                    # our own test utterances
    python -m finetune.service_intents evaluate --data utterances.csv --test other.csv   # another release, any style
    python -m finetune.service_intents evaluate --data utterances.csv --families 5       # leave template families out

A csv has the columns `utterance` (or `instruction`, or `text`), `intent` and, if any, `category`. Intents of another
release are matched to ours by name, case, spelling and number aside; rows of intents we do not know are counted and
left out. Every table holds a TF-IDF linear model trained on `--data` alone.
"""

import argparse
import logging
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.dialogue.service_intents import MODEL_FOLDER, NONE, UNKNOWN, ServiceIntents, load
from finetune import low_rank, service_training
from finetune.service_baselines import Frozen, Told, families, tfidf
from finetune.service_material import (
    OWN_DEV,
    OWN_TEST,
    Utterance,
    by_intent,
    compose,
    intents,
    read_csv,
    read_own,
    roughen,
)

log = logging.getLogger(__name__)

Rows = Sequence[Utterance]
ALIASES: Mapping[str, str] = {
    "open_account": "create_account",
    "registration": "create_account",
    "close_account": "delete_account",
    "cancel_account": "delete_account",
    "update_account": "edit_account",
    "reset_password": "recover_password",
    "forgot_password": "recover_password",
    "sign_up_problem": "registration_problems",
    "cancellation_fee": "check_cancellation_fee",
    "customer_service": "contact_customer_service",
    "human_agent": "contact_human_agent",
    "speak_to_agent": "contact_human_agent",
    "delivery_time": "delivery_period",
    "shipping_option": "delivery_options",
    "payment_method": "check_payment_methods",
    "payment_problem": "payment_issue",
    "refund_policy": "check_refund_policy",
    "request_refund": "get_refund",
    "refund_status": "track_refund",
    "order_status": "track_order",
    "download_invoice": "get_invoice",
    "update_order": "change_order",
    "add_shipping_address": "set_up_shipping_address",
    "change_delivery_address": "change_shipping_address",
    "leave_review": "review",
    "subscribe_newsletter": "newsletter_subscription",
}
DATA = {
    "service_intents.toml": "our own",
    "Bitext sample customer support utterances, 21,534 rows": "CDLA-Sharing-1.0",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Train and measure the service intents.")
    commands = parser.add_subparsers(dest="command", required=True)
    trainer = commands.add_parser("train", help="train the delta and head that ship")
    trainer.add_argument("--out", type=Path, default=MODEL_FOLDER)
    judge = commands.add_parser("evaluate", help="compare with a TF-IDF linear model")
    judge.add_argument("--test", type=Path, nargs="*", default=[], help="csv files of other releases")
    judge.add_argument("--families", type=int, default=0, help="folds of template families to leave out in turn")
    judge.add_argument("--tuned", action="store_true", help="train ours anew for every fold, which takes minutes each")
    judge.add_argument("--wrong", action="store_true", help="print what the shipped model gets wrong")
    for command in (trainer, judge):
        command.add_argument("--data", type=Path, required=True, help="csv to learn from")
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--epochs", type=int, default=2, help="0 trains the head alone")
        command.add_argument("--own", type=int, default=150, help="utterances of our own material, an intent and epoch")
        command.add_argument("--taken", type=int, default=60, help="utterances of --data, an intent and epoch")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    known = distinct(read_csv(given.data))
    if given.command == "train":
        train(known, given)
    elif given.families:
        evaluate_families(known, given)
    else:
        evaluate(known, given)


def train(known: Rows, given: argparse.Namespace) -> None:
    """Train on our material and `known`, set the probabilities right on our dev utterances, save in `given.out`."""
    rows, _ = matched(known)
    mixture = service_training.mixture(rows, given.own, given.taken, given.seed)
    if given.epochs:
        network, tokenizer = service_training.train(mixture, epochs=given.epochs, seed=given.seed)
    else:
        network, tokenizer = service_training.train_head(mixture(0), seed=given.seed)
    temperature, threshold = service_training.calibrate(network, tokenizer, read_own(OWN_DEV))
    command = f"python -m finetune.service_intents train --data {given.data.name} --own {given.own}"
    low_rank.save(
        network,
        given.out,
        {
            "what": "low-rank delta and head of the service intents",
            "licence": "CDLA-Sharing-1.0",
            "rank": service_training.RANK,
            "intents": intents(),
            "temperature": temperature,
            "threshold": threshold,
            "trained_on": DATA,
            "command": f"{command} --taken {given.taken} --epochs {given.epochs} --seed {given.seed}",
        },
    )
    log.info("saved %s: temperature %.2f, threshold %.2f", given.out, temperature, threshold)


def evaluate(known: Rows, given: argparse.Namespace) -> None:
    """Print how TF-IDF linear models and the shipped one fare on our own test utterances and on `given.test`."""
    shipped = load(MODEL_FOLDER)
    rows, _ = matched(known)
    own = _own(given)
    for path in [OWN_TEST, *given.test]:
        test, foreign = (read_own(path), 0) if path == OWN_TEST else matched(read_csv(path))
        desk = [row for row in test if row.intent != NONE]
        texts = [row.text for row in desk]
        print(f"{path.name}: {len(desk)} utterances of {len(by_intent(desk))} intents", end="")
        print(f", {foreign} of intents we do not know" if foreign else "")
        if not desk:
            continue
        _line("TF-IDF linear on --data", tfidf(rows, texts), desk)
        _line("TF-IDF linear on --data and own material", tfidf([*rows, *own], texts), desk)
        chances_NC = shipped.probabilities(texts)
        _line("shipped, unknown counted wrong", [one.intent for one in shipped.decide(chances_NC)], desk)
        answers = [shipped.intents[at] for at in chances_NC[:, :-1].argmax(1)]
        _line("shipped, likeliest intent", answers, desk)
        _calibration(shipped, chances_NC, desk)
        _unknowns(shipped, chances_NC, [row.text for row in test if row.intent == NONE])
        if given.wrong:
            for row, answer in zip(desk, answers, strict=True):
                if row.intent != answer:
                    print(f"    {row.intent} told as {answer}: {row.text}")


def evaluate_families(known: Rows, given: argparse.Namespace) -> None:
    """Print accuracies on template families left out of training, a fold at a time and pooled."""
    rows, _ = matched(known)
    folds = families(rows, given.families, given.seed)
    own = _own(given)
    frozen = Frozen()
    told: dict[str, list[str]] = {}
    truth: list[Utterance] = []
    for fold in range(given.families):
        train_rows = [row for row, at in zip(rows, folds, strict=True) if at not in (fold, -1)]
        test = [row for row, at in zip(rows, folds, strict=True) if at == fold]
        test = [row for side in by_intent(test).values() for row in side[:40]]
        texts = [row.text for row in test]
        answers: dict[str, Told] = {
            "TF-IDF linear": tfidf(train_rows, texts),
            "TF-IDF linear, own material too": tfidf([*train_rows, *own], texts),
            "sentence vectors": frozen.tell(train_rows, texts),
            "sentence vectors, own material too": frozen.tell([*train_rows, *own], texts, most=160),
            "sentence vectors, own material alone": frozen.tell(own, texts),
        }
        if given.tuned:
            mixture = service_training.mixture(train_rows, given.own, given.taken, given.seed)
            teller = service_training.as_teller(*service_training.train(mixture, epochs=given.epochs, seed=given.seed))
            best = teller.probabilities(texts)[:, :-1].argmax(1)
            answers["ours, trained without the fold"] = [teller.intents[at] for at in best]
        truth += test
        for name, answer in answers.items():
            told.setdefault(name, []).extend(answer)
        print(f"fold {fold + 1}: " + ", ".join(f"{n} {scores(test, a)[0]:.3f}" for n, a in answers.items()), flush=True)
    print(f"{len(truth)} utterances of families left out, {given.families} folds")
    for name, answer in told.items():
        _line(name, answer, truth)


def matched(rows: Rows) -> tuple[list[Utterance], int]:
    """The rows whose intents we know, under our names; and how many others there were."""
    ours = {_plain(name): name for name in intents()} | {_plain(name): ours for name, ours in ALIASES.items()}
    categories = intents()
    names = [ours.get(_plain(row.intent)) for row in rows]
    found = [
        Utterance(row.text, name, categories[name]) for row, name in zip(rows, names, strict=True) if name is not None
    ]
    return found, len(rows) - len(found)


def distinct(rows: Rows) -> list[Utterance]:
    """The rows without those that differ from an earlier one in case alone."""
    return list({row.text.lower(): row for row in reversed(rows)}.values())[::-1]


def scores(truth: Rows, told: Sequence[str]) -> tuple[float, float, float]:
    """Accuracy of the intent, macro-F1 over intents that occur, and accuracy of the category."""
    categories = intents()
    right = [row.intent == one for row, one in zip(truth, told, strict=True)]
    same = [categories.get(row.intent) == categories.get(one) for row, one in zip(truth, told, strict=True)]
    parts: list[float] = []
    for intent in sorted({row.intent for row in truth}):
        occurs = sum(row.intent == intent for row in truth)
        hits = sum(row.intent == one == intent for row, one in zip(truth, told, strict=True))
        parts.append(2 * hits / (occurs + sum(one == intent for one in told)))
    return float(np.mean(right)), float(np.mean(parts)), float(np.mean(same))


def _own(given: argparse.Namespace) -> list[Utterance]:
    """Our material as training sees it, for the other models."""
    rng = random.Random(given.seed)
    return [Utterance(roughen(row.text, rng), row.intent, row.category) for row in compose(given.own, given.seed)]


def _plain(name: str) -> str:
    """An intent's name without case, separators and plurals: `Check Invoices` -> `check_invoice`."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return "_".join(word.removesuffix("s") if not word.endswith("ss") else word for word in words)


def _line(name: str, told: Sequence[str], truth: Rows) -> None:
    accuracy, f1, category = scores(truth, told)
    print(f"  {name:<42} accuracy {accuracy:.3f}  macro-F1 {f1:.3f}  category {category:.3f}")


def _calibration(shipped: ServiceIntents, chances_NC: NDArray[np.float64], desk: Rows, bins: int = 10) -> None:
    names = [*shipped.intents, NONE]
    pairs = zip(chances_NC.argmax(1), desk, strict=True)
    right_N = np.array([names[at] == row.intent for at, row in pairs], dtype=float)
    chance_N = chances_NC.max(1)
    at_N = np.minimum((chance_N * bins).astype(int), bins - 1)
    gaps = [abs(right_N[at_N == at].mean() - chance_N[at_N == at].mean()) * (at_N == at).mean() for at in set(at_N)]
    print(f"  mean probability {chance_N.mean():.3f}, expected calibration error {sum(gaps):.3f}")


def _unknowns(shipped: ServiceIntents, chances_NC: NDArray[np.float64], others: Sequence[str]) -> None:
    refused = sum(one.intent == UNKNOWN for one in shipped.decide(chances_NC))
    print(f"  called unknown: {refused} of {len(chances_NC)} asked of the desk", end="")
    seen = sum(one.intent == UNKNOWN for one in shipped.tell(others))
    print(f", {seen} of {len(others)} that are none of its business" if others else "")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
