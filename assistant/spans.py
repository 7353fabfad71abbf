"""Spans of texts, read by the encoder in their context: what two of the small trained models judge by.

Shapes: B texts, T tokens, S spans in all, D numbers of a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

Span = tuple[int, int]
"""Characters [start, end) of a text."""

WIDTH = 384
"""D of the embedded encoder."""
MAX_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans of it to be judged; none when only the whole is wanted."""

    text: str
    spans: tuple[Span, ...] = ()


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


def pooled(backbone: Any, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:  # Any: untyped library
    """spans_SD, the mean state of each span's tokens, and texts_BD, that of each text's."""
    states_BTD = backbone(input_ids=batch.ids_BT, attention_mask=batch.mask_BT).last_hidden_state
    inside_BT1 = batch.mask_BT.unsqueeze(-1).to(states_BTD.dtype)
    texts_BD = (states_BTD * inside_BT1).sum(1) / inside_BT1.sum(1).clamp(min=1)
    spans_ST1 = batch.spans_ST.unsqueeze(-1).to(states_BTD.dtype)
    spans_SD = (states_BTD[batch.owners_S] * spans_ST1).sum(1) / spans_ST1.sum(1).clamp(min=1)
    return spans_SD, texts_BD
