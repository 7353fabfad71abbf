"""Many short examples in one sequence, each seeing the prompt they share and itself only.

Examples of one shop begin with the same system message. It is fed once, and every example's own tokens stand behind it
with the positions they would have alone; a mask keeps them from seeing each other. Loss and gradients are those of the
examples one by one (a test holds this), at about half the tokens.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from assistant.llm.chat_model import Message
from assistant.llm.render import END, Tokenizer, encode


@dataclass(frozen=True, slots=True)
class Tokens:
    """One example as token ids: what it shares with others, the rest of its prompt, and the reply with its end."""

    shared: tuple[int, ...]
    prompt: tuple[int, ...]
    reply: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.reply)


@dataclass(frozen=True, slots=True)
class Pack:
    """One sequence of T tokens.

    Attributes:
        ids_1T, positions_1T: what to feed.
        sees_11TT: 0 where a token (third axis) may look at another (fourth), minus infinity elsewhere.
        from_P, labels_P: positions whose output is scored, and the tokens that should come there.
        examples: how many there are in it.
    """

    ids_1T: torch.Tensor
    positions_1T: torch.Tensor
    sees_11TT: torch.Tensor
    from_P: torch.Tensor
    labels_P: torch.Tensor
    examples: int

    def to(self, device: torch.device) -> "Pack":
        """The pack on another device."""
        return Pack(
            self.ids_1T.to(device),
            self.positions_1T.to(device),
            self.sees_11TT.to(device),
            self.from_P.to(device),
            self.labels_P.to(device),
            self.examples,
        )


def tokenised(messages: Sequence[Message], reply: str, tokenizer: Tokenizer) -> Tokens:
    """An example as tokens, by the renderer that serving uses; the first message is the shared part.

    Raises:
        ValueError: the first message is not a system message.
    """
    shared = tuple(encode(messages[:1], tokenizer, reply=False))
    prompt = tuple(encode(messages, tokenizer))
    said = tokenizer.encode(reply, add_special_tokens=False, split_special_tokens=True)
    return Tokens(shared, prompt[len(shared) :], (*said, tokenizer.convert_tokens_to_ids(END)))


def read_examples(path: Path, tokenizer: Tokenizer, *, longest: int = 512) -> list[Tokens]:
    """The examples of a JSONL file of `{"messages": [...], "reply": ...}`, but those of more than `longest` tokens.

    Raises:
        ValueError: nothing is left.
    """
    found: list[Tokens] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            record: dict[str, Any] = json.loads(line)  # Any: JSON
            messages = [Message(each["role"], each["content"]) for each in record["messages"]]
            found.append(tokenised(messages, record["reply"], tokenizer))
    kept = [example for example in found if len(example.shared) + len(example) <= longest]
    if not kept:
        raise ValueError(f"{path.name} holds no example of at most {longest} tokens")
    return kept


def packed(examples: Iterable[Tokens], most_tokens: int, rng: random.Random) -> list[Pack]:
    """All examples in packs of at most `most_tokens` tokens (one longer example makes a pack of its own), shuffled."""
    return [pack(group) for group in grouped(examples, most_tokens, rng)]


def grouped(examples: Iterable[Tokens], most_tokens: int, rng: random.Random) -> list[list[Tokens]]:
    """The examples that come into one pack each."""
    by_shared: dict[tuple[int, ...], list[Tokens]] = {}
    for example in examples:
        by_shared.setdefault(example.shared, []).append(example)
    groups: list[list[Tokens]] = []
    for shared, group in by_shared.items():
        rng.shuffle(group)
        chosen: list[Tokens] = []
        for example in group:
            if chosen and len(shared) + sum(map(len, chosen)) + len(example) > most_tokens:
                groups.append(chosen)
                chosen = []
            chosen.append(example)
        groups.append(chosen)
    rng.shuffle(groups)
    return groups


def pack(examples: Sequence[Tokens]) -> Pack:
    """One sequence of examples that share their beginning.

    Raises:
        ValueError: they do not.
    """
    shared = examples[0].shared
    if any(example.shared != shared for example in examples):
        raise ValueError("examples of one pack begin alike")
    total = len(shared) + sum(map(len, examples))
    ids, positions = list(shared), list(range(len(shared)))
    allowed = torch.ones(total, total).tril().bool()
    scored: list[int] = []
    labels: list[int] = []
    for example in examples:
        start = len(ids)
        allowed[start : start + len(example), len(shared) : start] = False
        ids += [*example.prompt, *example.reply]
        positions += range(len(shared), len(shared) + len(example))
        first = start + len(example.prompt) - 1  # the last token of the prompt foretells the first of the reply
        scored += range(first, first + len(example.reply))
        labels += example.reply
    sees = torch.zeros(total, total).masked_fill(~allowed, torch.finfo(torch.float32).min)
    return Pack(
        torch.tensor([ids]),
        torch.tensor([positions]),
        sees[None, None],
        torch.tensor(scored),
        torch.tensor(labels),
        len(examples),
    )


def loss_of(model: Any, head: Callable[[torch.Tensor], torch.Tensor], one: Pack) -> torch.Tensor:  # Any: torch module
    """The summed cross-entropy of a pack's replies; logits are computed only where there is a label."""
    hidden = model(
        input_ids=one.ids_1T, position_ids=one.positions_1T, attention_mask=one.sees_11TT, use_cache=False
    ).last_hidden_state[0]
    return torch.nn.functional.cross_entropy(head(hidden[one.from_P]).float(), one.labels_P, reduction="sum")
