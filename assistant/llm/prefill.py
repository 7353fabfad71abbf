# pyright: basic
# torch and transformers leave most of their types open.
"""The tokens of a prompt, read many at once: a model's matrices in bfloat16, where the processor has tiles for it.

Reading a prompt is bound by multiplying, writing an answer by fetching weights: 8-bit weights serve the second, and
AMX the first, several times as fast as float32. What is left after a prompt, its keys and values, is the same to
rounding whichever of the two read it, so one reads and the other goes on.
"""

from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache, PreTrainedModel
from transformers.cache_utils import DynamicLayer

from assistant.llm.adapters import Adapter, merged
from assistant.llm.gguf import quiet_progress

BLOCK = 128
"""Tokens read at once; fewer are read about as quickly by the graph that writes."""


def is_quick() -> bool:
    """Whether this processor multiplies bfloat16 in tiles (AMX), and this torch knows how to pack weights for it."""
    known = all(hasattr(torch.ops.mkldnn, name) for name in ("_reorder_linear_weight", "_linear_pointwise"))
    return known and bool(torch.cpu.get_capabilities().get("amx_tile"))


class Prefill:
    """Reads prompts of one model. Not safe to call from two threads at once.

    Args:
        folder: safetensors, as `safetensors_folder` gives it.
        adapter: added to the weights.

    Raises:
        OSError, ValueError, WeightsError: they cannot be read, or the adapter does not fit.

    Cost: for the embedded model a second and 0.33 GB.
    """

    def __init__(self, folder: Path, adapter: Adapter | None = None) -> None:
        with quiet_progress():
            found = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, use_safetensors=True)
        whole = cast(PreTrainedModel, found)
        if adapter is not None:
            whole = merged(whole, adapter)
        self._model = cast(Any, whole.base_model).eval()  # Any: what a model is called with is its own
        _pack(self._model)
        self._model.float()  # what is left: embeddings and norms

    @torch.inference_mode()
    def read(self, tokens: list[int], state_LHTW: NDArray[np.float32], length: int) -> None:
        """Put keys and values of `tokens` into the state, behind the `length` tokens that are there.

        Args:
            state_LHTW: keys and values of each layer in turn, so 2 L of them; H heads, T places, W numbers.
        """
        cache = DynamicCache()
        if length:
            known = torch.from_numpy(state_LHTW[:, :, :length])[:, None]
            for layer in range(len(known) // 2):
                cache.update(known[2 * layer], known[2 * layer + 1], layer)
        self._model(input_ids=torch.tensor([tokens]), past_key_values=cache, use_cache=True)
        end = length + len(tokens)
        for number, layer in enumerate(cast(list[DynamicLayer], cache.layers)):
            for side, found in enumerate((layer.keys, layer.values)):
                state_LHTW[2 * number + side, :, length:end] = cast(Tensor, found)[0, :, length:].numpy()


class _Packed(nn.Module):
    """A linear layer without what training needs; numbers in and out are float32."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().to(torch.bfloat16)
        # Neither parameter nor buffer: packed numbers cannot be moved or cast.
        self.weights = [torch.ops.mkldnn._reorder_linear_weight(weight, BLOCK)]
        self.bias = None if linear.bias is None else linear.bias.detach().to(torch.bfloat16)

    def forward(self, x: Tensor) -> Tensor:
        narrow = x.to(torch.bfloat16)
        return torch.ops.mkldnn._linear_pointwise(narrow, self.weights[0], self.bias, "none", [], "").float()


def _pack(model: nn.Module) -> None:
    linear = [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    for name, module in linear:
        above, _, own = name.rpartition(".")
        setattr(model.get_submodule(above), own, _Packed(module))


def prefill_of(folder: Path, adapter: Adapter | None = None) -> Prefill | None:
    """A reader of prompts, where the processor is quick at it and all layers keep what they read as they read it.

    Raises:
        OSError, ValueError, WeightsError: as `Prefill`.
    """
    if not is_quick() or not _looks_all_the_way_back(folder):
        return None
    return Prefill(folder, adapter)


def _looks_all_the_way_back(folder: Path) -> bool:
    config = AutoConfig.from_pretrained(folder)
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    return kinds == {"full_attention"} and not (
        getattr(config, "sliding_window", None) and getattr(config, "use_sliding_window", True)
    )
