"""Low-rank deltas on a frozen encoder: put in, read out, and saved with a manifest."""

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from assistant.deltas import MANIFEST_FILE, WEIGHTS_FILE
from index import weights
from index.errors import WeightsError

SCALE = 2.0
TARGETS = ("query", "key", "value", "dense")


class LowRank(nn.Module):
    """A frozen linear layer plus `SCALE * b @ a`; at first the sum is the layer itself, since b is zero."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.a = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.b = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + SCALE * functional.linear(functional.linear(x, self.a), self.b)


def attach(backbone: nn.Module, rank: int, *, skipped_layers: int = 0) -> None:
    """Freeze `backbone` and put a delta of `rank` on the linear layers of every block but the first few."""
    backbone.requires_grad_(False)
    blocks = [block for name, block in backbone.named_modules() if name.rpartition(".")[2].isdigit()]
    for block in blocks[skipped_layers:]:
        for parent in list(block.modules()):
            for name, child in list(parent.named_children()):
                if name in TARGETS and isinstance(child, nn.Linear):
                    setattr(parent, name, LowRank(child, rank))


def trained(network: nn.Module) -> dict[str, torch.Tensor]:
    """What training moved, by the names `assistant.deltas.merge` knows, in half precision."""
    moved = {name for name, value in network.named_parameters() if value.requires_grad}
    return {k: v.detach().half().contiguous() for k, v in network.state_dict().items() if k in moved}


def resume(network: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Set what `trained` once gave of a network with deltas of the same rank.

    Raises:
        WeightsError: they are of another network or rank.
    """
    own = network.state_dict()
    for name, value in tensors.items():
        if name not in own or own[name].shape != value.shape:
            raise WeightsError(f"the weights to go on from name {name} otherwise", hint="train from the start")
        with torch.no_grad():
            own[name].copy_(value.float())


def blend(network: nn.Module, tensors: Mapping[str, torch.Tensor], share: float) -> None:
    """Draw the trained weights back towards those they began with: `share` of the way from those to their own.

    The average of a model and what it became reads both their materials better than either (docs/log.md).
    """
    own = network.state_dict()
    for name, value in tensors.items():
        with torch.no_grad():
            own[name].copy_(torch.lerp(value.float(), own[name], share))


def save(network: nn.Module, folder: Path, told: Mapping[str, Any]) -> None:  # Any: JSON
    """Write the weights, then the manifest: their hash and encoder, and what the caller tells of them."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(trained(network), folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its owner alone
    manifest = {
        "encoder": weights.TEXT_MODEL,
        "encoder_sha256": weights.PINS[weights.TEXT_MODEL],
        "sha256": weights.file_sha256(folder / WEIGHTS_FILE),
        "scale": SCALE,
        **told,
        "made": date.today().isoformat(),
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
