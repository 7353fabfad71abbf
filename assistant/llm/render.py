"""Chat messages -> prompt text: the one renderer, shared by training and serving, so that the two cannot drift.

ChatML, which SmolLM2 and Qwen speak. The models' own templates are not used: SmolLM2's adds a system message of
its own when it finds none. Ours demands one.
"""

from collections.abc import Sequence
from typing import Protocol

from assistant.llm.chat_model import Message

START = "<|im_start|>"
END = "<|im_end|>"


class Tokenizer(Protocol):
    """The part of a transformers tokenizer that rendering needs."""

    def encode(self, text: str, *, add_special_tokens: bool, split_special_tokens: bool) -> list[int]: ...

    def convert_tokens_to_ids(self, tokens: str) -> int: ...


def neutral(text: str) -> str:
    """`text` with chat control tokens broken up and lone surrogates replaced, so that it can only be read as words.

    Never changes the number of words; idempotent.
    """
    return text.replace("<|", "< |").replace("|>", "| >").encode("utf-8", "replace").decode("utf-8")


def render(messages: Sequence[Message], *, reply: bool = True) -> str:
    """The prompt as text, contents made `neutral`.

    Args:
        reply: end with the opening of the assistant's next message.

    Raises:
        ValueError: the first message is not a system message.
    """
    pieces = (START + body + END + "\n" for body in _bodies(messages))
    return "".join(pieces) + (f"{START}assistant\n" if reply else "")


def encode(messages: Sequence[Message], tokenizer: Tokenizer, *, reply: bool = True) -> list[int]:
    """The prompt as token ids: those of `render`, with no control token anywhere but between messages.

    Tokens such as `<filename>`, which some vocabularies treat specially, stay plain text inside contents.

    Raises:
        ValueError: the first message is not a system message.
    """

    def plain(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))

    start, end = tokenizer.convert_tokens_to_ids(START), tokenizer.convert_tokens_to_ids(END)
    tokens: list[int] = []
    for body in _bodies(messages):
        tokens += [start, *plain(body), end, *plain("\n")]
    return [*tokens, start, *plain("assistant\n")] if reply else tokens


def _bodies(messages: Sequence[Message]) -> list[str]:
    if not messages or messages[0].role != "system":
        raise ValueError("a prompt begins with a system message of ours, or the model's own template would add one")
    return [f"{message.role}\n{neutral(message.content)}" for message in messages]
