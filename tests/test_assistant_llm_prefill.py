"""Prompts read in bfloat16 leave the state that transformers leave, to rounding."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import DynamicCache, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from assistant.llm.adapters import read_adapter
from assistant.llm.prefill import Prefill, prefill_of
from index.weights import fingerprint
from tests.tiny_models import tiny_adapter, tiny_chat_model

if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
    pytest.skip("this processor does not multiply bfloat16", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")

TOKENS = [int(token) for token in np.random.default_rng(0).integers(2, 200, 300)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    tiny_chat_model(path, heads=2)
    return path


def reference(model: torch.nn.Module, tokens: list[int]) -> NDArray[np.float32]:
    """Keys and values of each layer in turn, float32."""
    cache = DynamicCache()
    with torch.inference_mode():
        model.eval()(input_ids=torch.tensor([tokens]), past_key_values=cache, use_cache=True)
    return np.stack([side[0].numpy() for layer in cache.layers for side in (layer.keys, layer.values)])  # pyright: ignore


def read(prefill: Prefill, like: NDArray[np.float32], *sizes: int) -> NDArray[np.float32]:
    state = np.zeros((*like.shape[:2], 512, like.shape[3]), dtype=np.float32)
    length = 0
    for size in sizes:
        prefill.read(TOKENS[length : length + size], state, length)
        length += size
    assert not state[:, :, length:].any()
    return state[:, :, :length]


def off(found: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """The mean difference in standard deviations."""
    return float(np.abs(found - expected).mean() / expected.std())


@pytest.mark.parametrize("sizes", [(300,), (128, 128, 44), (1, 299)])
def test_keys_and_values_are_those_of_transformers(folder: Path, sizes: tuple[int, ...]) -> None:
    expected = reference(LlamaForCausalLM.from_pretrained(folder), TOKENS)
    found = read(Prefill(folder), expected, *sizes)
    assert off(found, expected) < 0.02
    assert off(found[:, :, 1:], expected[:, :, :-1]) > 0.5  # it tells neighbours apart


def test_an_adapter_is_part_of_what_is_read(folder: Path, tmp_path: Path) -> None:
    adapted = tiny_adapter(folder, tmp_path, seed=1)
    expected = reference(adapted, TOKENS)
    adapter = read_adapter(tmp_path, fingerprint(folder))
    assert off(read(Prefill(folder, adapter), expected, 128, 172), expected) < 0.02
    assert off(read(Prefill(folder), expected, 300), expected) > 0.1


def test_layers_with_biases_are_read(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=300, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, initializer_range=0.4,
    )  # fmt: skip
    model = Qwen2ForCausalLM(config)
    for name, weights in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(weights)
    model.save_pretrained(tmp_path)
    expected = reference(model, TOKENS)
    assert off(read(Prefill(tmp_path), expected, 300), expected) < 0.02


def test_a_model_that_looks_back_only_so_far_is_left_to_its_graph(folder: Path, tmp_path: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, "sliding_window": 64}), encoding="utf-8")
    assert prefill_of(tmp_path) is None
