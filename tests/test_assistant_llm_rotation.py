"""A model with its outliers spread computes what it did."""

from typing import Any, cast

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from assistant.llm.rotation import spread

TOKENS = torch.tensor([[5, 9, 2, 7, 7, 1, 30]])


def model_of(kind: str, **more: object) -> PreTrainedModel:
    torch.manual_seed(3)
    config = AutoConfig.for_model(
        kind,
        vocab_size=40,
        hidden_size=24,
        intermediate_size=36,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        **more,
    )
    model = cast(PreTrainedModel, AutoModelForCausalLM.from_config(config).eval())
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name or "bias" in name:
                parameter.uniform_(0.2, 3.0)
    return model


@torch.no_grad()
def scores(model: PreTrainedModel) -> torch.Tensor:
    return cast(torch.Tensor, cast(Any, model)(TOKENS).logits)


def test_what_a_model_says_stays_and_its_gains_go_into_its_weights() -> None:
    for kind, more in (("llama", {"tie_word_embeddings": True}), ("qwen2", {}), ("qwen3", {"head_dim": 6})):
        model = model_of(kind, **more)
        before = scores(model)
        changed = spread(model)
        torch.testing.assert_close(scores(changed), before, atol=2e-4, rtol=1e-4)
        gains = [value for name, value in changed.named_parameters() if name.endswith("layernorm.weight")]
        assert len(gains) == 4
        assert all(bool((gain == 1).all()) for gain in gains)
        assert not changed.config.tie_word_embeddings


def test_an_outlying_channel_is_spread_over_all() -> None:
    model = model_of("llama")
    with torch.no_grad():
        cast(Any, model).model.embed_tokens.weight[:, 3] *= 100
    before = cast(Any, model).model.embed_tokens.weight.abs().amax(0)
    after = cast(Any, spread(model)).model.embed_tokens.weight.abs().amax(0)
    assert before.max() / before.median() > 30
    assert after.max() / after.median() < 10


def test_inner_channels_weigh_alike_on_both_sides() -> None:
    layer = cast(Any, spread(model_of("llama"))).model.layers[0].mlp
    torch.testing.assert_close(layer.up_proj.weight.norm(dim=1), layer.down_proj.weight.norm(dim=0))


def test_a_decoder_of_another_shape_is_left_alone() -> None:
    model = model_of("gemma", head_dim=6)
    before = {name: value.clone() for name, value in model.named_parameters()}
    changed = dict(spread(model).named_parameters())
    assert changed.keys() == before.keys()
    assert all(bool((changed[name] == value).all()) for name, value in before.items())
