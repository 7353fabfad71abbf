"""The learned polarity model: MiniLM with a low-rank delta merged in, and two small heads.

One pass reads a sentence with all its aspects: the states of an aspect's own tokens in their context say how it fares.
"""

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from assistant.reviews.polarity import Judgement, Marked
from index import weights
from index.errors import WeightsError

log = logging.getLogger(__name__)

WEIGHTS_FILE = "delta.safetensors"
MANIFEST_FILE = "manifest.json"
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


def open_parts(model_name: str = weights.TEXT_MODEL) -> tuple[nn.Module, Any]:
    """The encoder's backbone and its tokenizer, from safetensors on disk, nothing downloaded but for a hub id.

    Raises:
        WeightsError: as `index.weights.locate`.
    """
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    folder = str(weights.locate(model_name))
    backbone = AutoModel.from_pretrained(folder, use_safetensors=True, local_files_only=True, trust_remote_code=False)
    backbone.pooler = None  # we pool ourselves
    return backbone, AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


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
            spans_S3 = torch.softmax(span_logits_S3, dim=1).numpy()
            wholes = torch.tanh((whole_B - self._threshold) / 2).tolist()
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
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        encoder, digest = str(manifest["encoder"]), str(manifest["sha256"])
        scale, threshold = float(manifest["scale"]), float(manifest["threshold"])
        pinned = str(manifest["encoder_sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder.name} has no readable {MANIFEST_FILE}", hint="train the model again") from error
    path = folder / WEIGHTS_FILE
    if not path.is_file() or weights.file_sha256(path) != digest:
        raise WeightsError(f"{WEIGHTS_FILE} of {folder.name} is not what its manifest names", hint="reinstall it")
    if weights.PINS.get(encoder) != pinned:
        raise WeightsError(f"{folder.name} was trained on another {encoder}", hint="train the model again")
    backbone, tokenizer = open_parts(encoder)
    network = SpanNetwork(backbone)
    merge(network, load_file(path), scale)
    return TunedPolarity(network, tokenizer, f"{folder.name}@{digest[:12]}", threshold=threshold)


def merge(network: SpanNetwork, tensors: dict[str, torch.Tensor], scale: float) -> None:
    """Add each low-rank pair `<layer>.a`, `<layer>.b` to its layer's weights and set the heads.

    Raises:
        WeightsError: a tensor belongs nowhere, or is of another shape.
    """
    own = network.state_dict()
    for key in sorted(tensors):
        layer, _, part = key.rpartition(".")
        if part == "b":
            continue
        target = f"{layer}.weight" if part == "a" else key
        value = scale * tensors[f"{layer}.b"].float() @ tensors[key].float() if part == "a" else tensors[key].float()
        if target not in own or own[target].shape != value.shape:
            raise WeightsError(f"the weights name {key}, which the model lacks", hint="train the model again")
        with torch.no_grad():
            own[target].copy_(own[target] + value if part == "a" else value)


def probabilities(judged: Sequence[Judgement]) -> np.ndarray:
    """probabilities_S3 of all spans, texts in order: negative, neutral, positive."""
    return np.array([part for judgement in judged for part in judgement.spans], dtype=np.float64).reshape(-1, 3)
