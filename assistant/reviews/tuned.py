"""The learned polarity model: MiniLM with a low-rank delta merged in, and two small heads.

One pass reads a sentence with all its aspects: the states of an aspect's own tokens in their context say how it fares.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from assistant import deltas
from assistant.deltas import MANIFEST_FILE, WEIGHTS_FILE
from assistant.reviews.polarity import Judgement
from assistant.spans import WIDTH, Batch, Marked, collate, pooled
from index.errors import WeightsError

__all__ = ["MANIFEST_FILE", "WEIGHTS_FILE", "SpanNetwork", "TunedPolarity", "load", "probabilities"]

HIDDEN = 128


class SpanNetwork(nn.Module):
    """Token states -> logits. `span` judges a span within its text (negative, neutral, positive), `whole` a text.

    Shapes: B texts, T tokens, S spans in all.
    """

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self.span = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, 3))
        self.whole = nn.Linear(WIDTH, 1)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """span_logits_S3, in the order of the texts and of the spans in each; whole_logits_B, positive for praise."""
        spans_SD, means_BD = pooled(self.backbone, batch)
        return self.span(torch.cat([spans_SD, means_BD[batch.owners_S]], dim=1)), self.whole(means_BD).squeeze(-1)


class TunedPolarity:
    """Keeps the `Polarity` protocol with the trained network. Safe to call from several threads."""

    def __init__(self, network: SpanNetwork, tokenizer: Any, name: str, *, threshold: float = 0.0) -> None:
        self.name = name
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._threshold = threshold
        self._lock = threading.Lock()  # fast tokenizers may not be borrowed by two threads at once

    def judge(self, texts: Sequence[Marked], batch_size: int = 32) -> list[Judgement]:
        """One judgement a text, in order. Batches hold texts of like length, so that little is padding."""
        found: dict[int, Judgement] = {}
        order = sorted(range(len(texts)), key=lambda at: len(texts[at].text))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            with self._lock, torch.inference_mode():
                batch = collate(self._tokenizer, [texts[at] for at in rows])
                span_logits_S3, whole_B = self._network(batch)
            spans_S3 = torch.softmax(span_logits_S3.float(), dim=1).numpy()
            wholes = torch.tanh((whole_B.float() - self._threshold) / 2).tolist()
            owners = batch.owners_S.numpy()
            for row, at in enumerate(rows):
                of_S3 = spans_S3[owners == row]
                parts = tuple((float(n), float(u), float(p)) for n, u, p in of_S3)
                found[at] = Judgement(whole=float(wholes[row]), spans=parts)
        return [found[at] for at in range(len(texts))]


def load(folder: Path) -> TunedPolarity:
    """The model in `folder`, its delta merged into the encoder it was trained on.

    Raises:
        WeightsError: the manifest is missing or damaged, the weights are not those it names, or the encoder is another.
    """
    delta = deltas.read(folder)
    try:
        scale, threshold = float(delta.manifest["scale"]), float(delta.manifest["threshold"])
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{MANIFEST_FILE} of {folder.name} lacks {error}", hint="train the model again") from error
    backbone, tokenizer = deltas.open_encoder(delta.encoder)
    network = SpanNetwork(backbone)
    deltas.merge(network, delta.tensors, scale)
    return TunedPolarity(network, tokenizer, delta.name, threshold=threshold)


def probabilities(judged: Sequence[Judgement]) -> np.ndarray:
    """probabilities_S3 of all spans, texts in order: negative, neutral, positive."""
    return np.array([part for judgement in judged for part in judgement.spans], dtype=np.float64).reshape(-1, 3)
