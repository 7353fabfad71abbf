# pyright: basic
# torch and transformers leave most of their types open.
"""The same model with its outliers spread, so that rounding it to 8 bits loses less.

Two changes that leave what a model computes as it is: its residual stream is rotated, as QuaRot does (Ashkboos et al.,
2024), and the inner channels of its feed-forward layers are scaled alike on both sides, as in cross-layer equalisation
(Nagel et al., 2019). Neither needs text to measure by. What it is worth is in docs/log.md.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

_KNOWN = frozenset({"LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "Qwen3ForCausalLM"})
"""Decoders whose layers are norms with a gain, attention, and a gated feed-forward layer; others stay as they are."""


@torch.no_grad()
def spread(model: PreTrainedModel, seed: int = 0) -> PreTrainedModel:
    """The model, changed in place: float32 in and out, the same function to rounding; embeddings are no longer tied.

    Args:
        seed: of the rotation.
    """
    if type(model).__name__ not in _KNOWN:
        return model
    decoder: Any = model.model  # Any: what a decoder holds, transformers does not type
    turn_DD = _rotation(model.config.hidden_size, seed)
    _untie(model)
    _read(model.lm_head, decoder.norm, turn_DD)
    decoder.norm.weight.fill_(1)
    decoder.embed_tokens.weight.copy_(decoder.embed_tokens.weight.double() @ turn_DD)
    for layer in decoder.layers:
        attention, gated = layer.self_attn, layer.mlp
        for reader in (attention.q_proj, attention.k_proj, attention.v_proj):
            _read(reader, layer.input_layernorm, turn_DD)
        for reader in (gated.gate_proj, gated.up_proj):
            _read(reader, layer.post_attention_layernorm, turn_DD)
        for writer in (attention.o_proj, gated.down_proj):
            _write(writer, turn_DD)
        layer.input_layernorm.weight.fill_(1)
        layer.post_attention_layernorm.weight.fill_(1)
        _equalise(gated.up_proj, gated.down_proj)
    return model


def _rotation(width: int, seed: int) -> Tensor:
    """A random orthogonal matrix [width, width] in float64."""
    drawn = torch.randn(width, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return torch.linalg.qr(drawn)[0]


def _untie(model: Any) -> None:
    head = torch.nn.Linear(model.config.hidden_size, model.config.vocab_size, bias=False)
    head.weight.copy_(model.lm_head.weight)
    model.lm_head = head
    model.config.tie_word_embeddings = False


def _read(linear: Any, norm: Any, turn_DD: Tensor) -> None:
    """Have a layer read the rotated stream: the gain of the norm before it goes into its weights."""
    linear.weight.copy_((linear.weight.double() * norm.weight.double()) @ turn_DD)


def _write(linear: Any, turn_DD: Tensor) -> None:
    linear.weight.copy_(turn_DD.T @ linear.weight.double())
    if linear.bias is not None:
        linear.bias.copy_(turn_DD.T @ linear.bias.double())


def _equalise(up: Any, down: Any) -> None:
    """Scale each inner channel so that its rows and columns weigh alike."""
    ratio_H = up.weight.norm(dim=1).clamp_min(1e-12) / down.weight.norm(dim=0).clamp_min(1e-12)
    scale_H = ratio_H.sqrt()
    up.weight.div_(scale_H[:, None])
    if up.bias is not None:
        up.bias.div_(scale_H)
    down.weight.mul_(scale_H)
