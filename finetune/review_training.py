"""A low-rank delta and two heads, trained on judged spans and whole reviews at once; saved with a manifest."""

import json
import logging
import math
import random
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from assistant.reviews.polarity import Marked
from assistant.reviews.tuned import MANIFEST_FILE, WEIGHTS_FILE, SpanNetwork, TunedPolarity, collate, open_parts
from finetune.review_data import Judged, Verdict
from index import weights

log = logging.getLogger(__name__)

RANK = 16
SCALE = 2.0
TARGETS = ("query", "key", "value", "dense")


class LowRank(nn.Module):
    """A frozen linear layer plus `SCALE * b @ a`; at first the sum is the layer itself, since b is zero."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.a = nn.Parameter(torch.randn(RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + SCALE * functional.linear(functional.linear(x, self.a), self.b)


def make_network() -> tuple[SpanNetwork, Any]:
    """A fresh network on the embedded encoder, frozen but for the deltas; and its tokenizer."""
    backbone, tokenizer = open_parts()
    network = SpanNetwork(backbone.requires_grad_(False))
    for parent in list(network.backbone.modules()):
        for name, child in list(parent.named_children()):
            if name in TARGETS and isinstance(child, nn.Linear):
                setattr(parent, name, LowRank(child))
    return network, tokenizer


def trained(network: SpanNetwork) -> dict[str, torch.Tensor]:
    """What training moved, by the names `tuned.merge` knows, in half precision."""
    moved = {name for name, value in network.named_parameters() if value.requires_grad}
    return {k: v.detach().half().contiguous() for k, v in network.state_dict().items() if k in moved}


def restore(network: SpanNetwork, tensors: dict[str, torch.Tensor]) -> None:
    """Put what `trained` gave into a network made alike."""
    network.load_state_dict({name: value.float() for name, value in tensors.items()}, strict=False)


def train(
    network: SpanNetwork,
    tokenizer: Any,
    spans: Sequence[Judged],
    verdicts: Sequence[Verdict],
    *,
    epochs: int,
    seed: int,
    rate: float = 6e-4,
    verdict_tokens: int = 72,
) -> float:
    """Minimise cross entropy over spans plus that over verdicts; `verdicts` may be empty. Returns the last loss."""
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
            if isinstance(batch[0], Judged):
                parts = collate(tokenizer, [one.marked for one in batch])
                labels = torch.tensor([label for one in batch for label in one.labels])
                loss = functional.cross_entropy(network(parts)[0], labels)
            else:
                parts = collate(tokenizer, [Marked(one.text) for one in batch], verdict_tokens)
                truth = torch.tensor([float(one.recommended) for one in batch])
                loss = functional.binary_cross_entropy_with_logits(network(parts)[1], truth)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(params, 1.0)
            optimiser.step()
            smooth, step = 0.98 * smooth + 0.02 * float(loss.detach()), step + 1
        log.info("epoch %d: loss %.3f after %.0f s", epoch + 1, smooth, time.monotonic() - began)
    network.eval()
    return smooth


def _batches(spans: Sequence[Judged], verdicts: Sequence[Verdict], rng: random.Random) -> list[Any]:
    """Both kinds, mixed; verdicts of like length lie together so that little is padding."""
    mixed = rng.sample(list(spans), len(spans))
    batches: list[Any] = [mixed[at : at + 24] for at in range(0, len(mixed), 24)]
    alike = sorted(verdicts, key=lambda one: min(len(one.text), 300) + rng.random() * 40)
    batches += [alike[at : at + 16] for at in range(0, len(alike), 16)]
    rng.shuffle(batches)
    return batches


def as_judge(network: SpanNetwork, tokenizer: Any, threshold: float = 0.0) -> TunedPolarity:
    """The network as the assistant would use it, without saving it first."""
    return TunedPolarity(network, tokenizer, "in-training", threshold=threshold)


def save(network: SpanNetwork, folder: Path, threshold: float, data: dict[str, str], command: str) -> None:
    """Write the weights, then the manifest that names them, their data and its licences, and how they were made."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(trained(network), folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its owner alone
    manifest = {
        "what": "low-rank delta and heads of the review polarity model",
        "encoder": weights.TEXT_MODEL,
        "encoder_sha256": weights.PINS[weights.TEXT_MODEL],
        "sha256": weights.file_sha256(folder / WEIGHTS_FILE),
        "rank": RANK,
        "scale": SCALE,
        "threshold": threshold,
        "trained_on": data,
        "command": command,
        "made": date.today().isoformat(),
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
