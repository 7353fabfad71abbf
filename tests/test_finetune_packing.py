"""Packing: what is computed for many examples at once is what each alone would give."""

import random

import pytest
import torch
from transformers import LlamaConfig, LlamaModel

from finetune.packing import Pack, Tokens, loss_of, pack, packed

SHARED = (1, 5, 9)


def tiny() -> tuple[LlamaModel, torch.nn.Linear]:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=40,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
    )
    return LlamaModel(config).eval(), torch.nn.Linear(16, 40, bias=False)


def some(count: int) -> list[Tokens]:
    dice = random.Random(2)
    return [
        Tokens(SHARED, tuple(dice.choices(range(40), k=4 + n)), tuple(dice.choices(range(40), k=1 + n % 3)))
        for n in range(count)
    ]


def alone(model: LlamaModel, head: torch.nn.Linear, example: Tokens) -> torch.Tensor:
    """The slow, obvious way: one plain causal sequence."""
    ids = torch.tensor([[*example.shared, *example.prompt, *example.reply]])
    logits = head(model(input_ids=ids).last_hidden_state[0])
    start = len(example.shared) + len(example.prompt)
    return torch.nn.functional.cross_entropy(logits[start - 1 : -1], ids[0, start:], reduction="sum")


def test_a_pack_has_the_losses_and_gradients_of_its_examples_one_by_one() -> None:
    model, head = tiny()
    examples = some(5)
    together = loss_of(model, head, pack(examples))
    together.backward()  # pyright: ignore[reportUnknownMemberType]
    first = next(model.parameters())
    assert first.grad is not None
    packed_gradient = first.grad.clone()
    model.zero_grad()
    separate = torch.stack([alone(model, head, example) for example in examples]).sum()
    separate.backward()  # pyright: ignore[reportUnknownMemberType]
    assert first.grad is not None
    torch.testing.assert_close(together, separate)
    torch.testing.assert_close(packed_gradient, first.grad, rtol=1e-4, atol=1e-6)


def test_examples_of_a_pack_do_not_see_each_other() -> None:
    model, head = tiny()
    a, b, c = some(3)
    other = Tokens(SHARED, tuple(39 - token for token in b.prompt), b.reply)
    difference = loss_of(model, head, pack([a, b, c])) - loss_of(model, head, pack([a, other, c]))
    torch.testing.assert_close(difference, alone(model, head, b) - alone(model, head, other), rtol=1e-4, atol=1e-5)


def test_packs_hold_every_example_once_and_keep_to_their_size() -> None:
    examples = [*some(20), Tokens((2,), (3, 4), (5,))]
    packs = packed(examples, 40, random.Random(1))
    assert sum(one.examples for one in packs) == 21
    assert all(one.ids_1T.shape[1] <= 40 for one in packs)
    assert sum(len(one.labels_P) for one in packs) == sum(len(example.reply) for example in examples)


def test_examples_that_begin_differently_make_no_pack() -> None:
    with pytest.raises(ValueError, match="begin alike"):
        pack([some(1)[0], Tokens((2,), (3,), (4,))])


def test_a_pack_moves_to_a_device_whole() -> None:
    one = pack(some(2)).to(torch.device("cpu"))
    assert isinstance(one, Pack)
    assert one.examples == 2
