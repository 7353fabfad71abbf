"""Prompt files -> chat messages. The files hold words, this fills in values, and values never become instructions."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import Literal, cast

from assistant.llm.chat_model import Message
from assistant.llm.render import neutral

_SECTION = re.compile(r"^\[(system|user|assistant)\]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: a system message, examples as user and assistant messages in turn, and a last user message.

    `$name` marks a value; a literal dollar is written `$$`.
    """

    sections: tuple[tuple[Literal["system", "user", "assistant"], str], ...]

    @classmethod
    def parse(cls, text: str) -> "Prompt":
        """Read sections that begin with a line `[system]`, `[user]` or `[assistant]`.

        Raises:
            ValueError: it does not begin with `[system]`, or does not end with `[user]`.
        """
        before, *parts = _SECTION.split(text)
        roles, bodies = parts[0::2], [body.strip("\n") for body in parts[1::2]]
        if before.strip() or not roles or roles[0] != "system" or roles[-1] != "user":
            raise ValueError("a prompt file begins with [system] and ends with [user]")
        return cls(
            tuple(
                cast(
                    "list[tuple[Literal['system', 'user', 'assistant'], str]]",  # the pattern allows no other
                    list(zip(roles, bodies, strict=True)),
                )
            )
        )

    def fill(self, **values: str) -> tuple[Message, ...]:
        """The messages, with every `$name` replaced by the value of that name, made `neutral`.

        Raises:
            KeyError: the prompt names a value that is not given.
        """
        safe = {name: neutral(value) for name, value in values.items()}
        return tuple(Message(role, Template(body).substitute(safe)) for role, body in self.sections)


@cache
def load(name: str) -> Prompt:
    """The prompt in `prompts/<name>.txt`, read once.

    Raises:
        FileNotFoundError: there is none with that name.
        ValueError: the file is not a prompt.
    """
    return Prompt.parse((resources.files("prompts") / f"{name}.txt").read_text(encoding="utf-8"))
