"""Small trained weights over the embedded text encoder: low-rank deltas and heads, kept in a folder with a manifest."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from index import weights
from index.errors import WeightsError

WEIGHTS_FILE = "delta.safetensors"
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Delta:
    """What a folder holds: the tensors, the encoder they belong to, the manifest, and a name that changes with them."""

    tensors: dict[str, torch.Tensor]
    encoder: str
    manifest: dict[str, Any]  # Any: JSON
    name: str


def open_encoder(model_name: str = weights.TEXT_MODEL) -> tuple[nn.Module, Any]:
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


def read(folder: Path) -> Delta:
    """The weights in `folder`, checked against their manifest.

    Raises:
        WeightsError: the manifest is missing or damaged, the weights are not those it names, or the encoder is another.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        encoder, digest, pinned = str(manifest["encoder"]), str(manifest["sha256"]), str(manifest["encoder_sha256"])
        float(manifest["scale"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder.name} has no readable {MANIFEST_FILE}", hint="train the model again") from error
    path = folder / WEIGHTS_FILE
    if not path.is_file() or weights.file_sha256(path) != digest:
        raise WeightsError(f"{WEIGHTS_FILE} of {folder.name} is not what its manifest names", hint="reinstall it")
    if weights.PINS.get(encoder) != pinned:
        raise WeightsError(f"{folder.name} was trained on another {encoder}", hint="train the model again")
    return Delta(load_file(path), encoder, manifest, f"{folder.name}@{digest[:12]}")


def merge(network: nn.Module, tensors: dict[str, torch.Tensor], scale: float) -> None:
    """Add each low-rank pair `<layer>.a`, `<layer>.b` to its layer's weights and set every other tensor.

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
