"""Models and tokenizers so small that tests make them on the spot."""

import json
from pathlib import Path

import llguidance
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from index.weights import file_sha256, fingerprint


def byte_tokenizer() -> llguidance.LLTokenizer:
    """A tokenizer whose tokens are single bytes, so that a random walk reaches every text of a grammar."""
    vocabulary = {token: place for place, token in enumerate(["<|end|>", *sorted(pre_tokenizers.ByteLevel.alphabet())])}
    raw = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    raw.add_special_tokens(["<|end|>"])
    return llguidance.LLTokenizer(raw.to_str(), eos_token=0)


def tiny_chat_model(path: Path, *, heads: int = 4) -> None:
    """Write a ChatML model with random weights into a folder: bytes as tokens, three layers, two rows per key head."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pairs = [("h", "e"), ("t", "h"), ('"', ":"), ("a", "n")]
    vocabulary = {"<|im_start|>": 0, "<|im_end|>": 1}
    for token in [*alphabet, *("".join(pair) for pair in pairs)]:
        vocabulary[token] = len(vocabulary)
    raw = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="<|im_end|>", additional_special_tokens=["<|im_start|>"]
    )
    tokenizer.save_pretrained(path)
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=32, intermediate_size=48, num_hidden_layers=3,
        num_attention_heads=heads, num_key_value_heads=heads // 2, max_position_embeddings=2048, eos_token_id=1,
        bos_token_id=None, pad_token_id=1, initializer_range=0.4, tie_word_embeddings=True,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(path)


def tiny_adapter(base: Path, path: Path, *, seed: int) -> PeftModel:
    """Write a LoRA adapter with random weights for the model in `base`, with a manifest; the adapted model."""
    torch.manual_seed(seed)
    wanted = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj", "down_proj"], init_lora_weights=False)
    model = get_peft_model(LlamaForCausalLM.from_pretrained(base), wanted)
    model.save_pretrained(str(path))
    weights = path / "adapter_model.safetensors"
    manifest = {"base": f"{base.name}@{fingerprint(base)}", "sha256": file_sha256(weights)}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return model.eval()
