"""A low-rank delta and two heads, trained on judged spans and whole reviews at once; saved with a manifest."""

import logging
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from assistant import deltas
from assistant.reviews.tuned import SpanNetwork, TunedPolarity
from assistant.spans import MAX_TOKENS, Marked, collate
from finetune import low_rank
from finetune.review_data import Judged, Verdict
from finetune.softmax import narrow_type

log = logging.getLogger(__name__)

RANK = 16
SKIPPED_LAYERS = 2
"""The first blocks are left as they are: a third of the work of training saved."""


def make_network(start: Path | None = None) -> tuple[SpanNetwork, Any]:
    """A network on the embedded encoder, frozen but for its heads and for deltas on its later blocks; its tokenizer.

    Args:
        start: folder of a trained model to begin from. Its deltas become part of what is frozen, so that a network
            begun so is to be judged by, not to be saved.

    Raises:
        WeightsError: as `assistant.deltas.read`.
    """
    backbone, tokenizer = deltas.open_encoder()
    set_attention: Any = backbone.set_attn_implementation  # Any: untyped library
    set_attention("eager")  # the fused one is as quick forwards, but its gradient took 40 % of a step on a processor
    network = SpanNetwork(backbone)
    if start is not None:
        delta = deltas.read(start)
        deltas.merge(network, delta.tensors, float(delta.manifest["scale"]))
    low_rank.attach(backbone, RANK, skipped_layers=SKIPPED_LAYERS)
    return network, tokenizer


def train(
    network: SpanNetwork,
    tokenizer: Any,
    spans: Sequence[Judged],
    verdicts: Sequence[Verdict],
    *,
    epochs: int,
    seed: int,
    rate: float = 6e-4,
    verdict_tokens: int = MAX_TOKENS,
) -> float:
    """Minimise cross entropy over spans plus that over verdicts; either may be empty. Returns the last loss.

    Args:
        verdict_tokens: how much of a review is read.

    Cost: some 2,500 tokens a second of one core where it multiplies bfloat16 fast, 1,500 elsewhere.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    params = [value for value in network.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(params, lr=rate, weight_decay=0.01)
    total, step, smooth, began = epochs * (len(spans) // 24 + len(verdicts) // 16), 0, 0.0, time.monotonic()
    network.train()
    for epoch in range(epochs):
        for batch in _batches(spans, verdicts, rng):
            progress = step / max(total, 1)
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, progress / 0.06 + 0.02) * max(0.02, 1.0 - progress)
            with narrowly():
                loss = _loss(network, tokenizer, batch, verdict_tokens)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(params, 1.0)
            optimiser.step()
            smooth, step = 0.98 * smooth + 0.02 * float(loss.detach()), step + 1
        log.info("epoch %d: loss %.3f after %.0f s", epoch + 1, smooth, time.monotonic() - began)
    network.eval()
    return smooth


def narrowly() -> torch.autocast:
    """A context in which networks compute in bfloat16, where this processor does so fast."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=narrow_type() == torch.bfloat16)


def _loss(network: SpanNetwork, tokenizer: Any, batch: list[Any], verdict_tokens: int) -> torch.Tensor:
    """Of a batch of `Judged`, over their spans; or of `Verdict`s, over the whole texts."""
    if isinstance(batch[0], Judged):
        parts = collate(tokenizer, [one.marked for one in batch])
        labels = torch.tensor([label for one in batch for label in one.labels])
        return functional.cross_entropy(network(parts)[0].float(), labels)
    parts = collate(tokenizer, [Marked(one.text) for one in batch], verdict_tokens)
    truth = torch.tensor([float(one.recommended) for one in batch])
    return functional.binary_cross_entropy_with_logits(network(parts)[1].float(), truth)


def _batches(spans: Sequence[Judged], verdicts: Sequence[Verdict], rng: random.Random) -> list[Any]:
    """Both kinds, mixed; verdicts of like length lie together so that little is padding."""
    mixed = rng.sample(list(spans), len(spans))
    batches: list[Any] = [mixed[at : at + 24] for at in range(0, len(mixed), 24)]
    alike = sorted(verdicts, key=lambda one: min(len(one.text), 600) + rng.random() * 40)
    batches += [alike[at : at + 16] for at in range(0, len(alike), 16)]
    rng.shuffle(batches)
    return batches


def as_judge(network: SpanNetwork, tokenizer: Any, threshold: float = 0.0) -> TunedPolarity:
    """The network as the assistant would use it, without saving it first."""
    return TunedPolarity(network, tokenizer, "in-training", threshold=threshold)


def save(network: SpanNetwork, folder: Path, threshold: float, data: dict[str, str], command: str) -> None:
    """Write the weights, then the manifest that names them, their data and its licences, and how they were made."""
    what = "low-rank delta and heads of the review polarity model"
    told = {"what": what, "rank": RANK, "threshold": threshold, "trained_on": data, "command": command}
    low_rank.save(network, folder, told)
