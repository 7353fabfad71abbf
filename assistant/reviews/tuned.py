"""The learned polarity model: MiniLM with a low-rank delta merged in, and two small heads.

One pass reads a sentence with all its aspects: the states of an aspect's own tokens in their context say how it fares.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from assistant import deltas
from assistant.deltas import MANIFEST_FILE, WEIGHTS_FILE
from assistant.reviews.polarity import Judgement, Marked
from index.errors import WeightsError

__all__ = ["MANIFEST_FILE", "WEIGHTS_FILE", "SpanNetwork", "TunedPolarity", "collate", "load", "probabilities"]

MAX_TOKENS = 128
WIDTH = 384
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

    def forward(self, batch: "Batch") -> tuple[torch.Tensor, torch.Tensor]:
        """span_logits_S3, in the order of the texts and of the spans in each; whole_logits_B, positive for praise."""
        states_BTD = self.backbone(input_ids=batch.ids_BT, attention_mask=batch.mask_BT).last_hidden_state
        inside_BT1 = batch.mask_BT.unsqueeze(-1).to(states_BTD.dtype)
        means_BD = (states_BTD * inside_BT1).sum(1) / inside_BT1.sum(1).clamp(min=1)
        spans_ST1 = batch.spans_ST.unsqueeze(-1).to(states_BTD.dtype)
        spans_SD = (states_BTD[batch.owners_S] * spans_ST1).sum(1) / spans_ST1.sum(1).clamp(min=1)
        return self.span(torch.cat([spans_SD, means_BD[batch.owners_S]], dim=1)), self.whole(means_BD).squeeze(-1)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as tensors: ids_BT, mask_BT; for each span the row of its text (owners_S) and its tokens (spans_ST)."""

    ids_BT: torch.Tensor
    mask_BT: torch.Tensor
    owners_S: torch.Tensor
    spans_ST: torch.Tensor


def collate(tokenizer: Any, texts: Sequence[Marked], max_tokens: int = MAX_TOKENS) -> Batch:  # Any: untyped library
    """The texts, cut to `max_tokens`, padded. A span beyond the cut or of no token is read as the whole text."""
    coded = tokenizer(
        [marked.text for marked in texts],
        padding=True,
        truncation=True,
        max_length=max_tokens,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets_BT2, mask_BT = coded["offset_mapping"], coded["attention_mask"]
    owners: list[int] = []
    rows: list[torch.Tensor] = [torch.zeros((0, mask_BT.shape[1]), dtype=torch.bool)]
    for row, marked in enumerate(texts):
        starts_T, ends_T = offsets_BT2[row, :, 0], offsets_BT2[row, :, 1]
        for start, end in marked.spans:
            hit_T = (starts_T < end) & (ends_T > start) & (ends_T > starts_T)
            rows.append((hit_T if bool(hit_T.any()) else mask_BT[row].bool()).unsqueeze(0))
            owners.append(row)
    return Batch(coded["input_ids"], mask_BT, torch.tensor(owners, dtype=torch.long), torch.cat(rows))


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
