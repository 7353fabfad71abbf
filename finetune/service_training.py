"""A low-rank delta and a linear head for service intents: trained on utterances, then its probabilities set right."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from assistant import deltas
from assistant.dialogue.service_intents import NONE, WIDTH, IntentNetwork, ServiceIntents, tokens
from finetune import low_rank
from finetune.service_material import Utterance, by_intent, compose, compose_none, intents, roughen

log = logging.getLogger(__name__)

RANK = 8
SKIPPED_LAYERS = 2
"""The first blocks are left as they are: a third of the work of training saved, little lost."""
BATCH = 48
UNSEEN = 5.0
"""How far below the others the head begins for intents that no row has."""

Rows = Sequence[Utterance]


def train(epochs_of: Callable[[int], Rows], *, epochs: int, seed: int, rate: float = 5e-4) -> tuple[IntentNetwork, Any]:
    """A network trained on the rows that `epochs_of(epoch)` gives, fresh ones each epoch; and its tokenizer.

    The head begins where logistic regression on the bare encoder ends, so that few steps are lost on finding it.
    """
    network, tokenizer = train_head(epochs_of(0), seed=seed)
    low_rank.attach(network.backbone, RANK, skipped_layers=SKIPPED_LAYERS)
    classes = [*intents(), NONE]
    params = [value for value in network.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(params, lr=rate, weight_decay=0.01)
    rng, step, smooth, began = random.Random(seed), 0, 3.0, time.monotonic()
    network.train()
    for epoch in range(epochs):
        batches = _batches(epochs_of(epoch), rng)
        for batch in batches:
            progress = (epoch + (step % len(batches)) / len(batches)) / epochs
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, progress / 0.06 + 0.02) * max(0.02, 1.0 - progress)
            truth = torch.tensor([classes.index(row.intent) for row in batch])
            logits = network(*tokens(tokenizer, [roughen(row.text, rng) for row in batch]))
            loss = functional.cross_entropy(logits, truth, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(params, 1.0)
            optimiser.step()
            smooth, step = 0.98 * smooth + 0.02 * float(loss.detach()), step + 1
            if step % 40 == 0:
                log.info("epoch %d, step %d: loss %.3f after %.0f s", epoch + 1, step, smooth, time.monotonic() - began)
    return network.eval(), tokenizer


def train_head(rows: Rows, *, seed: int) -> tuple[IntentNetwork, Any]:
    """A network whose head alone is trained, by logistic regression on the encoder as it is; and its tokenizer.

    Raises:
        ValueError: the rows have fewer than three intents.
    """
    from sklearn.linear_model import LogisticRegression

    if len({row.intent for row in rows}) < 3:
        raise ValueError("rows of at least three intents are needed to train")
    torch.manual_seed(seed)
    backbone, tokenizer = deltas.open_encoder()
    classes = [*intents(), NONE]
    network = IntentNetwork(backbone.requires_grad_(False), len(classes)).eval()
    rng = random.Random(seed)
    texts = sorted(((roughen(row.text, rng), classes.index(row.intent)) for row in rows), key=lambda one: len(one[0]))
    vectors_ND = np.zeros((len(texts), WIDTH), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(texts), BATCH):
            batch = [text for text, _ in texts[start : start + BATCH]]
            vectors_ND[start : start + BATCH] = network.vectors(*tokens(tokenizer, batch)).numpy()
    middle_D = vectors_ND.mean(0)
    model = LogisticRegression(C=0.5, class_weight="balanced", max_iter=300)
    model.fit(vectors_ND - middle_D, [label for _, label in texts])
    offsets_C = model.intercept_ - model.coef_ @ middle_D
    with torch.no_grad():
        network.head.weight.zero_()
        network.head.bias.fill_(float(offsets_C.min()) - UNSEEN)
        network.head.weight[model.classes_] = torch.from_numpy(model.coef_).float()
        network.head.bias[model.classes_] = torch.from_numpy(offsets_C).float()
    return network, tokenizer


def mixture(given: Rows, own: int, taken: int, seed: int) -> Callable[[int], Rows]:
    """Epoch -> its rows: of each intent `own` made of our material and up to `taken` of the given; and some of none.

    Every epoch makes and takes others, and every intent has the same weight whatever its share in the file.
    """
    sides = by_intent(given)

    def rows(epoch: int) -> Rows:
        rng = random.Random(f"{seed}/{epoch}")
        found = compose(own, seed * 1000 + epoch) if own else []
        for side in sides.values():
            found += [rng.choice(side) for _ in range(taken)]
        return found + compose_none(own, seed * 1000 + epoch)

    return rows


def as_teller(
    network: IntentNetwork, tokenizer: Any, temperature: float = 1.0, threshold: float = 0.0
) -> ServiceIntents:
    """The network as the assistant would use it, without saving it first."""
    told = intents()
    return ServiceIntents(
        network, tokenizer, list(told), list(told.values()), temperature=temperature, threshold=threshold
    )


def calibrate(network: IntentNetwork, tokenizer: Any, aside: Rows) -> tuple[float, float]:
    """Temperature of least log loss and threshold of most right, both by rows that were not trained on."""
    classes = [*intents(), NONE]
    truth_N = np.array([classes.index(row.intent) for row in aside])
    plain_NC = as_teller(network, tokenizer).probabilities([row.text for row in aside])
    steps = np.round(np.linspace(0.3, 3.0, 28), 2)
    temperature = float(steps[int(np.argmin([_log_loss(tempered(plain_NC, float(t)), truth_N) for t in steps]))])
    return temperature, best_threshold(tempered(plain_NC, temperature), truth_N)


def best_threshold(chances_NC: NDArray[np.float64], truth_N: NDArray[np.int64]) -> float:
    """The probability below which to say unknown: the highest that gets the most rows right, the last class unknown.

    The highest of equals, because what none of these rows asks, and others will, is told with little probability.
    """
    none = chances_NC.shape[1] - 1
    best_N = chances_NC[:, :none].argmax(1)
    chance_N = chances_NC[np.arange(len(best_N)), best_N]

    def right(threshold: float) -> int:
        unknown_N = (chance_N < threshold) | (chances_NC[:, none] > chance_N)
        return int((np.where(unknown_N, none, best_N) == truth_N).sum())

    steps = np.round(np.arange(0.0, 0.6, 0.01), 2)
    return float(max(steps, key=lambda step: (right(float(step)), step)))


def tempered(chances_NC: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """What the probabilities would be, had their logits been divided by `temperature`."""
    powers_NC = np.clip(chances_NC, 1e-12, 1.0) ** (1.0 / temperature)
    return powers_NC / powers_NC.sum(1, keepdims=True)


def _log_loss(chances_NC: NDArray[np.float64], truth_N: NDArray[np.int64]) -> float:
    return float(-np.log(np.clip(chances_NC[np.arange(len(truth_N)), truth_N], 1e-9, 1.0)).mean())


def _batches(rows: Rows, rng: random.Random) -> list[list[Utterance]]:
    """Mixed batches, within each rows of like length, so that little is padding."""
    mixed = rng.sample(list(rows), len(rows))
    batches: list[list[Utterance]] = []
    for start in range(0, len(mixed), BATCH * 8):
        alike = sorted(mixed[start : start + BATCH * 8], key=lambda row: len(row.text))
        batches += [alike[at : at + BATCH] for at in range(0, len(alike), BATCH)]
    rng.shuffle(batches)
    return batches
